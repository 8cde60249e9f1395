"""UK postcodes: their grammar, and finding them in what people type.

The strict pattern was checked against every live postcode (see data/reference/places/README.md). In running text only
full postcodes are found: a bare outward code collides with English levels and roads ("B1", "A1", "M25"), so it counts
only where a place was asked for or a word beside it says so.

>>> [value for value, _, _ in find_postcodes("I live at sw98jh, London")]
['SW9 8JH']
>>> find_postcodes("I need a B1 class")
[]
>>> parse_postcode("ｓｗ９-8ＪＨ"), parse_postcode("Е8 1ЕА"), parse_outward(" sw9 "), parse_outward("level B1")
('SW9 8JH', 'E8 1EA', 'SW9', None)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.core.text import ascii_digits

OUTWARD = (
    r"(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])"
)
INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
POSTCODE = re.compile(rf"(?<![A-Za-z0-9])({OUTWARD})(?:[\s\u00a0]{{0,3}}|[-.])({INWARD})(?![A-Za-z0-9])", re.I)
WHOLE = re.compile(rf"({OUTWARD})({INWARD})")
WHOLE_OUTWARD = re.compile(OUTWARD)
TEXT_OUTWARD = re.compile(rf"(?<![A-Za-z0-9])({OUTWARD})(?![A-Za-z0-9])", re.I)
LIKE_OTHER_CODES = re.compile(r"[A-Z][0-9]{1,2}")  # levels, roads, forms: "B1", "M25", "N11"
SAYS_SO = re.compile(
    r"(?:\b(?:postcode|post code|postal code|live in|living in|staying in)(?: is| starts with|:)?|^)\s*$", re.I
)
# Letters of other scripts that look like Latin ones: a postcode typed on a Russian or Greek keyboard.
LOOK_ALIKES = str.maketrans("АВЕЁКМНОРСТУХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEEKMHOPCTYXISJABEZHIKMNOPTYX")
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
CROWN_DEPENDENCIES = {"JE": "Jersey", "GY": "Guernsey", "IM": "Isle of Man"}  # not in the UK: no council of ours
MIXED_UP = {"O": "O0", "0": "0O", "I": "I1", "1": "1I", "S": "S5", "5": "5S"}
LONGEST = 24  # characters of a text that may be a postcode as a whole


def find_postcodes(text: str) -> list[tuple[str, int, int]]:
    """Return (postcode with its space, start, end) of every full postcode; digits must be ASCII."""
    return [(f"{match[1]} {match[2]}".upper(), match.start(), match.end()) for match in POSTCODE.finditer(text)]


def parse_postcode(text: str) -> str | None:
    """Return the postcode that a text as a whole is, however it was typed; None when it is none."""
    match = WHOLE.fullmatch(_compact(text))
    return f"{match[1]} {match[2]}" if match else None


def parse_outward(text: str) -> str | None:
    """Return the outward code that a text as a whole is; None when it is none."""
    compact = _compact(text)
    return compact if WHOLE_OUTWARD.fullmatch(compact) else None


def find_outwards(text: str) -> list[str]:
    """Return the outward codes in a text with which somebody says where they are.

    Those that may be a level of English, a road or a form count only after "postcode" or "live in", or first of two.

    >>> find_outwards("Brixton SW9"), find_outwards("I live in B1"), find_outwards("I need a B1 class")
    (['SW9'], ['B1'], [])
    """
    found = []
    for match in TEXT_OUTWARD.finditer(text):
        code, before = match[1].upper(), text[: match.start()]
        if not LIKE_OTHER_CODES.fullmatch(code) or (
            SAYS_SO.search(before) and (before.strip() or len(text.split()) < 3)
        ):
            found.append(code)
    return found


def guess_postcodes(text: str) -> list[str]:
    """Return postcodes that a text would be, were O and 0, I and 1, S and 5 not mixed up.

    >>> guess_postcodes("SE1O OAA"), guess_postcodes("SE1 0AA")
    (['SE10 0AA'], [])
    """
    compact = _compact(text)
    if WHOLE.fullmatch(compact) or not 5 <= len(compact) <= 7:
        return []
    spellings = {""}
    for char in compact:
        spellings = {known + other for known in spellings for other in MIXED_UP.get(char, char)}
    guesses = (parse_postcode(spelling) for spelling in sorted(spellings))
    return [guess for guess in guesses if guess]


def outward_of(postcode: str) -> str:
    """Return the first half of a postcode."""
    return postcode.partition(" ")[0]


def plain_letters(text: str) -> str:
    """Return a text with full-width signs, digits of other scripts and dashes as ASCII, without invisible marks.

    >>> plain_letters("ＳＷ９ ٨JH")
    'SW9 8JH'
    """
    return "".join(plain for plain, _ in _plain(text))


def plain_offsets(text: str) -> list[int]:
    """Return for each character of `plain_letters` which character of the text it comes from, and last the length."""
    return [*(offset for _, offset in _plain(text)), len(text)]


def latin_letters(plain: str) -> str:
    """Return a plain text in capitals, look-alike letters of other scripts as Latin ones; of the same length.

    >>> latin_letters("Е8 1ЕА").isascii()
    True
    """
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in plain).translate(LOOK_ALIKES)


def _plain(text: str) -> Iterator[tuple[str, int]]:
    for offset, char in enumerate(text):
        for plain in ascii_digits(unicodedata.normalize("NFKC", char)).translate(DASHES):
            if unicodedata.category(plain) != "Cf":
                yield plain, offset


def _compact(text: str) -> str:
    if len(text) > LONGEST:
        return ""
    upper = latin_letters(plain_letters(text))
    return "".join(char for char in upper if char.isalnum())
