"""What people write in the tests and pictures of the browser: the same matter in five languages."""

QUESTIONS = {
    "en": "I have nowhere to sleep tonight",
    "ar": "ما عندي مكان أنام فيه الليلة",
    "ur": "میرے پاس آج رات سونے کی جگہ نہیں ہے",
    "bn": "আজ রাতে আমার ঘুমানোর জায়গা নেই",
    "pl": "nie mam gdzie spać dziś w nocy",
}
MORE = {
    "en": "how do I register with a doctor",
    "ar": "كيف أسجل عند طبيب",
    "ur": "میں ڈاکٹر کے پاس رجسٹر کیسے کروں",
    "bn": "ডাক্তারের কাছে কীভাবে নিবন্ধন করব",
    "pl": "jak zapisać się do lekarza",
}
EVICTION = {
    "en": "my landlord gave me a letter, I must leave in two months",
    "ar": "صاحب البيت أعطاني ورقة لازم أطلع خلال شهرين",
    "bn": "বাড়িওয়ালা চিঠি দিয়েছে, দুই মাসের মধ্যে ঘর ছাড়তে হবে",
    "pl": "właściciel dał mi pismo, mam się wyprowadzić w dwa miesiące",
}
CHECK = {
    "en": "can I get a council flat with a spouse visa?",
    "ar": "هل يحق لي الحصول على سكن اجتماعي بإقامتي؟ عندي فيزا زوجة",
    "bn": "আমার স্পাউস ভিসা আছে, আমি কি কাউন্সিলের ঘর পেতে পারি?",
    "ur": "میرے پاس اسپاؤس ویزا ہے، کیا مجھے کونسل کا گھر مل سکتا ہے؟",
    "pl": "czy z wizą małżeńską mam prawo do mieszkania z councilu?",
}
