"""What a message is before anything looks at it: cleaned, defused and, for storage, masked.

>>> clean("  /restart ")
'restart'
>>> clean("／restart")
'restart'
>>> mask("call me on 07700 900123")
'call me on [phone]'
"""

from __future__ import annotations

import re
import unicodedata

KEPT_CONTROLS = {
    "\n",
    "\t",
    "\u200c",
    "\u200d",
}  # ZWNJ and ZWJ are spelling in Persian, Urdu and Indic scripts
EDGE = " \n\u200c\u200d"  # what may stand at neither end of a text
LINE_ENDS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"))
MAX_MARKS = 8  # combining marks in a row; no spelling needs so many: it is noise that breaks layout

_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINES = re.compile(r"\s*\n\s*")


def clean(text: str) -> str:
    """Return the text that Rasa may see: NFKC, no control, bidi-override or tag characters, no leading slash.

    The result never starts with `/`, so it is never read as a command or a forged intent; empty means
    there was nothing to answer. Joiners that are spelling (ZWNJ, ZWJ) stay inside words.
    """
    text = unicodedata.normalize("NFKC", text.translate(LINE_ENDS))
    text = "".join(char for char in text if _is_kept(char))
    text = unicodedata.normalize("NFKC", text)  # what was removed may have stood between a letter and its mark
    text = _limit_marks(text)
    text = _LINES.sub("\n", _SPACES.sub(" ", text))
    return text.strip(EDGE).lstrip(EDGE + "/\\")


def _is_kept(char: str) -> bool:
    if char in KEPT_CONTROLS:
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _limit_marks(text: str) -> str:
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.category(char).startswith("M") else 0
        if run <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def ascii_digits(text: str) -> str:
    """Return the text with the digits of every script as 0-9.

    >>> ascii_digits("٠٧٧ ۱۲ ০৯")
    '077 12 09'
    """
    return "".join(
        str(unicodedata.decimal(char)) if ord(char) > 127 and unicodedata.category(char) == "Nd" else char
        for char in text
    )


MASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")),
    ("card", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,}")),  # cards, IBANs, two numbers in a row
    ("ni_number", re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?(?:\d{2} ?){3}[A-D]\b", re.I)),
    (
        "home_office_reference",
        re.compile(r"\b(?:GWF\d{9}|[A-Z]\d{7}|(?:UAN )?\d{4}-\d{4}-\d{4}-\d{4})\b", re.I),
    ),
    # Residence permits too: ZU1234567.
    ("passport", re.compile(r"\b(?:[A-Z]{2,3}\d{6,7}|[A-Z]\d{8}|(?<!\d[ -])\d{9}(?![ -]\d))\b", re.I)),
    ("phone", re.compile(r"(?<!\d)(?:\+|00)?\d(?:[ ().\u2010-\u2015-]{0,2}\d){8,13}(?!\d)")),
    (
        "address",
        re.compile(
            r"\b(?:(?:flat|apartment|room|unit) ?)?\d{1,4}[a-z]?,? [A-Z][\w']+(?: [A-Z][\w']+){0,2} "
            r"(?:street|road|avenue|lane|close|drive|court|gardens|terrace|way|place|square|crescent|grove|st|rd|ave)\b",
            re.I,
        ),
    ),
)


def mask(text: str) -> str:
    """Return the text with personal data replaced by its kind in square brackets, for storage.

    Masks e-mail, card, National Insurance, Home Office and passport numbers, phone numbers and street addresses.
    Short public numbers (999, 101, 111) stay.
    """
    text = ascii_digits(text)
    for kind, pattern in MASKS:
        text = pattern.sub(f"[{kind}]", text)
    return text
