"""One spelling for many ways to write. Not for what is shown or stored: that text stays as typed.

>>> normalise("ﾌﾙ Łódź ٣٢")
'フル łódź 32'
>>> fold("łódź straße ısı")
'lodz strasse isi'
>>> normalise("عَلَيْكُمُ الســلام")
'عليكم السلام'
"""

from __future__ import annotations

import unicodedata

from bot.core.text import ascii_digits

TATWEEL = "\u0640"
# Letters that writers of Arabic script mix freely, to the one kept here.
ARABIC_VARIANTS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
        "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي",
        "ؤ": "و", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
        "ک": "ك", "ڪ": "ك",
        TATWEEL: None, "\u0621": None,
    }
)  # fmt: skip
# Apostrophes and dashes of all kinds.
PUNCTUATION_VARIANTS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-"}
)
# Letters with no decomposition that people type without their stroke or dot.
STROKED = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "ı": "i",
        "ß": "ss",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ё": "е",
        "ґ": "г",
    }
)
FOLDED_SCRIPTS = ("LATIN", "GREEK")


def normalise(text: str) -> str:
    """Return the text in NFKC, casefolded, with ASCII digits and unified Arabic-script letters, without harakat."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    text = unicodedata.normalize("NFKC", text)
    text = ascii_digits(text).casefold().translate(PUNCTUATION_VARIANTS).translate(ARABIC_VARIANTS)
    text = "".join(char for char in text if not _is_harakah(char))
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(normalised: str) -> str:
    """Return the normalised text with Latin and Greek diacritics removed. Marks of other scripts stay."""
    if normalised.isascii():
        return normalised
    decomposed = unicodedata.normalize("NFD", normalised)
    kept: list[str] = []
    foldable = False
    for char in decomposed:
        if unicodedata.combining(char):
            if foldable:
                continue
        else:
            foldable = unicodedata.name(char, "").startswith(FOLDED_SCRIPTS)
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(STROKED)


def is_of_word(char: str) -> bool:
    """Whether a character stands inside a word: a letter, digit or combining mark of any script."""
    return char.isdigit() or is_letter(char)


def is_letter(char: str) -> bool:
    """Whether a character is a letter or a mark on one: the vowel signs of Bengali are no letters to Python."""
    return char.isalpha() or unicodedata.category(char).startswith("M")


def _is_harakah(char: str) -> bool:
    return "\u064b" <= char <= "\u065f" or char == "\u0670" or "\u06d6" <= char <= "\u06ed"
