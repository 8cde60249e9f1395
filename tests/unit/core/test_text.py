"""Cleaning and masking: whatever is sent, nothing of it is a command, a trap or a person's number in the store."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.text import MAX_MARKS, ascii_digits, clean, mask

ANY_TEXT = st.text(max_size=200)
# Letters, marks, joiners, slashes and controls in every order: what cleaning is about.
HOSTILE = st.text(
    alphabet="aełش/\\／⁄﹨ \t\n\r\x00\u0301\u0308\u034f\u200b\u200c\u200d\u202e\u2066\ufeff\u2028\U000e0041",
    max_size=60,
)
COMMANDS = [
    "/restart",
    "／restart",
    "\\/restart",
    "﹨／restart",
    "/ / /restart",
    "\u200b/restart",
    "\u200d/\u200c/restart",
    "\ufeff/restart",
    "\u202e/restart",
    "\U000e0041/restart",
    "\u00a0/restart",
    "\u3000／\u2066/restart",
    "\x00/restart",
    "\n/\n/restart",
]
DIGITS = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.category(chr(code)) == "Nd" and unicodedata.decimal(chr(code)) == 0
]


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_becomes_plain_words(text: str) -> None:
    assert clean(text) == "restart"


@given(ANY_TEXT | HOSTILE)
@example("/\u200c/")
@example("e\u200b\u0301")
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT | HOSTILE)
def test_no_clean_text_starts_with_a_slash_or_has_loose_ends(text: str) -> None:
    cleaned = clean(text)
    assert not cleaned.startswith(("/", "\\", "／"))
    assert cleaned == cleaned.strip().strip("\u200c\u200d")


@given(ANY_TEXT | HOSTILE)
def test_a_clean_text_has_no_hidden_characters_but_joiners_and_line_ends(text: str) -> None:
    hidden = {char for char in clean(text) if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
    assert hidden <= set("\n\u200c\u200d")


@given(ANY_TEXT | HOSTILE)
def test_a_clean_text_is_in_one_normal_form(text: str) -> None:
    assert unicodedata.is_normalized("NFKC", clean(text))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("help\u202eem\u202c", "helpem"),  # right-to-left override
        ("a\u2066b\u2069c", "abc"),  # isolates
        ("no\U000e0068\U000e0069 heating", "no heating"),  # tag characters: a hidden sentence
        ("zero\u200bwidth\u2060 \ufeffjoin", "zerowidth join"),
        ("half \ud800 pair", "half pair"),
        ("one\r\ntwo\u2028three\x85four", "one\ntwo\nthree\nfour"),  # line ends of other systems keep words apart
        ("a \u00a0\u3000\t b", "a b"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # ZWNJ is Persian spelling
        ("ﷺ", "صلى الله عليه وسلم"),
        ("Ｈｅｌｐ ①", "Help 1"),
        ("½ price", "1⁄2 price"),
        ("\u200c\u200d", ""),
        (" \n\t ", ""),
        ("///", ""),
        ("and/or", "and/or"),
    ],
)
def test_hidden_characters_go_and_spelling_stays(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("flood", ["\u0301", "\u20dd", "\u0e31", "\u0301\u0302\u034f"])
def test_a_flood_of_combining_marks_is_cut_short(flood: str) -> None:
    cleaned = clean("h" + flood * 500 + "elp")
    assert cleaned.startswith(unicodedata.normalize("NFKC", "h" + flood[0])[0])
    assert cleaned.endswith("elp")
    assert len(cleaned) <= len("help") + MAX_MARKS


@pytest.mark.parametrize("word", ["ကျွန်ုပ်တို့", "ক্ষ্ম্য", "مُحَمَّدٌ", "nguyễn"])
def test_a_real_word_with_many_marks_keeps_them(word: str) -> None:
    assert clean(word) == unicodedata.normalize("NFKC", word)


@pytest.mark.parametrize("piece", ["a", "/ ", "\u200c", "a\u0301\u0301", " \n", "١", "1 ", "a@", "Flat 1 a "])
def test_a_hundred_kilobytes_are_cleaned_and_masked_in_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    masked = mask(clean(text))
    assert time.process_time() - started < 2.0
    assert len(masked) <= len(text)


@pytest.mark.parametrize("zero", DIGITS)
def test_digits_of_every_script_are_read(zero: str) -> None:
    number = "".join(chr(ord(zero) + digit) for digit in (0, 7, 9))
    assert ascii_digits(f"{number} x") == "079 x"


@given(ANY_TEXT)
def test_reading_digits_changes_nothing_else(text: str) -> None:
    read = ascii_digits(text)
    assert len(read) == len(text)
    assert all(new == old or unicodedata.category(old) == "Nd" for new, old in zip(read, text, strict=True))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        # phone numbers as people type them
        ("07700 900123", "[phone]"),
        ("+44 (0)7700 900123", "[phone]"),
        ("+48 601-234-567 dzwoń", "[phone] dzwoń"),
        ("0044 7700.900.123", "[phone]"),
        ("07700–900–123", "[phone]"),
        ("07700900123/07700900456", "[phone]/[phone]"),
        ("٠٧٧٠٠٩٠٠١٢٣ رقمي", "[phone] رقمي"),
        ("رقمي٠٧٧٠٠٩٠٠١٢٣", "رقمي[phone]"),
        ("tel07700900123, please", "tel[phone], please"),
        ("০৭৭০০ ৯০০১২৩", "[phone]"),
        # other numbers
        ("4111 1111 1111 1111 is my card", "[card] is my card"),
        ("07700 900123 07700 900456", "[card]"),
        ("QQ123456C", "QQ123456C"),  # not a possible prefix
        ("AB 12 34 56 C", "[ni_number]"),
        ("ab123456c", "[ni_number]"),
        ("GWF012345678", "[home_office_reference]"),
        ("my ref M1234567", "my ref [home_office_reference]"),
        ("BRP ZU1234567", "BRP [passport]"),
        ("ZUX123456", "[passport]"),
        ("passport 123456789", "passport [passport]"),
        # e-mail and address
        ("write to amina.x+home@mail.example.org now", "write to [email] now"),
        ("I live at 12 Green Street", "I live at [address]"),
        ("Flat 3, 7b Old Mill Lane", "Flat 3, [address]"),
        # what must stay
        ("call 999, 101, 111 or 116 123", "call 999, 101, 111 or 116 123"),
        ("rent is £1,250 for 2 rooms", "rent is £1,250 for 2 rooms"),
        ("since 22/11/2026", "since 22/11/2026"),
        ("SW9 8JH", "SW9 8JH"),
        ("", ""),
    ],
)
def test_personal_data_is_masked_by_kind(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.from_regex(r"0[1-9](?:[ -]?[0-9]){9}", fullmatch=True), st.sampled_from(["", " ", "x", "ب", ":", "/"]))
def test_no_phone_number_is_left_in_a_masked_text(number: str, before: str) -> None:
    masked = mask(f"{before}{number}{before}")
    assert sum(char.isdigit() for char in masked) == 0


@given(ANY_TEXT)
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)
