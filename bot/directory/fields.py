"""Single values of feeds, mended where that is safe: text without markup, times, dates, numbers, links, rules.

>>> to_text('<p>Come in.</p><a href="javascript:x()">Book</a> &amp; <a href="https://example.org/a">call</a>')
'Come in.\\nBook & call (https://example.org/a)'
>>> [to_time(text) for text in ("9am", "10:00:00", "09:00Z", "5.30 pm", "noon", "24:00", "soon")]
['09:00', '10:00', '09:00', '17:30', '12:00', '00:00', '']
>>> to_date("25/11/2026"), to_date("2026-11-25T10:00:00Z"), to_date("31 Feb 2026")
('2026-11-25', '2026-11-25', '')
>>> to_days("Mon-Wed, friday"), to_days("1MO")
('MO,TU,WE,FR', '1MO')
"""

from __future__ import annotations

import datetime as dt
import html
import math
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from bot.places.postcode import find_postcodes

MOST_CHARACTERS = 20_000
BLOCKS = re.compile(r"p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|header|footer|hr|blockquote")
HIDDEN = re.compile(r"script|style|template|iframe|object|svg|math|noscript|textarea|title|head")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SCRIPT = re.compile(r"(?:java|vb|live)\s*script\s*:\s*", re.I)
TAG = re.compile(r"<+(?=[A-Za-z/!?])")
KEPT = "\n\t\u200c\u200d"
TIME = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)?\s*([ap])?\.?\s*m?\.?(?:\s*(?:z|[+-]\d{2}:?\d{2}))?", re.I
)
DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
WRITTEN_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
EMAIL = re.compile(r"[^@\s<>\"';,]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
DAY_WORD = re.compile(r"([+-]?\d)?\s*(mo|tu|we|th|fr|sa|su)[a-z]*", re.I)
UK = (49.0, 61.5, -9.5, 2.5)  # south, north, west, east


class _Text(HTMLParser):
    """Collects text; keeps the address of a link behind its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0
        self._link = ""
        self._link_at = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if HIDDEN.fullmatch(tag):
            self._hidden += 1
        elif BLOCKS.fullmatch(tag):
            self.parts.append("\n")
        elif tag == "a":
            self._link, self._link_at = to_link(dict(attrs).get("href") or ""), len(self.parts)

    def handle_endtag(self, tag: str) -> None:
        if HIDDEN.fullmatch(tag):
            self._hidden = max(0, self._hidden - 1)
        elif BLOCKS.fullmatch(tag):
            self.parts.append("\n")
        elif tag == "a" and self._link:
            words = "".join(self.parts[self._link_at :])
            if self._link not in words:
                self.parts.append(f" ({self._link})" if words.strip() else self._link)
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def to_text(value: Any) -> str:
    """Return plain text: no tags, no scripts, no control or direction signs; web links stay behind their words."""
    if value is None or isinstance(value, bool | dict):
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (to_text(item) for item in value)))
    text = str(value)[: MOST_CHARACTERS * 2]
    for _ in range(3):  # markup inside escaped markup
        if not (TAG.search(text) or "&" in text):
            break
        before, text = text, _without_tags(text)
        if text == before:
            break
    text = "".join(char for char in text if char in KEPT or unicodedata.category(char)[0] != "C")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _defused("\n".join(line for line in lines if line))[:MOST_CHARACTERS].strip()


def to_link(value: Any) -> str:
    """Return a web address with its scheme, or an empty string for everything else."""
    text = "".join(char for char in html.unescape(str(value or "")) if char.isprintable()).strip().strip("\"'")
    if not text or any(char in text for char in ' <>"\\`{}|^'):
        return ""
    if re.match(r"(?:www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:uk|org|com|net|info)(?:/|$))", text, re.I):
        text = "https://" + text
    try:
        parts = urlsplit(text)
        valid = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return text if valid else ""


def to_email(value: Any) -> str:
    """Return an e-mail address, taken out of `mailto:` or a longer text."""
    found = EMAIL.search(str(value or "").removeprefix("mailto:"))
    return found[0] if found else ""


def to_time(value: Any) -> str:
    """Return a wall-clock time as HH:MM; a zone at its end is ignored."""
    text = str(value if value is not None else "").strip().lower()
    named = {
        "noon": "12:00",
        "12 noon": "12:00",
        "midday": "12:00",
        "midnight": "00:00",
        "24:00": "00:00",
        "24:00:00": "00:00",
    }
    if text in named:
        return named[text]
    if re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}:{text[2:]}"
    match = TIME.fullmatch(text.split("t")[-1] if re.match(r"\d{4}-\d\d-\d\dt", text) else text)
    if not match or not (match[2] or match[3]):
        return ""
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def to_date(value: Any) -> str:
    """Return a day in ISO form."""
    text = str(value if value is not None else "").strip()
    match, written = DATE.fullmatch(text), WRITTEN_DATE.search(text.lower())
    try:
        if match:
            year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
            return dt.date(int(year), int(month), int(day)).isoformat()
        if written and written[2] in MONTHS:
            return dt.date(int(written[3]), MONTHS.index(written[2]) + 1, int(written[1])).isoformat()
    except ValueError:
        pass
    return ""


def to_moment(value: Any) -> str:
    """Return a moment in UTC with milliseconds and Z; a bare day is its first moment."""
    text = str(value if value is not None else "").strip().replace("Z", "+00:00").replace("z", "+00:00")
    text = re.sub(r"(\.\d{1,6})\d*", lambda found: found[1].ljust(7, "0"), text)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        day = to_date(value)
        if not day:
            return ""
        moment = dt.datetime.fromisoformat(day)
    moment = moment.astimezone(dt.timezone.utc) if moment.tzinfo else moment
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def to_number(value: Any) -> float | None:
    """Return the first number in a value; whole ones as int."""
    if value is None or isinstance(value, bool):
        return None
    match = NUMBER.search(str(value).strip())
    number = float(match[0].replace(",", "")) if match and "e" not in str(value).lower()[:1] else math.nan
    if isinstance(value, int | float):
        number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number == int(number) else number


def to_point(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    """Return coordinates; turned round where they are the wrong way, None for 0,0 and what is not on the globe."""
    one, other = to_number(latitude), to_number(longitude)
    if one is None or other is None or (abs(one) < 1e-6 and abs(other) < 1e-6):
        return None
    south, north, west, east = UK
    if west <= one <= east and south <= other <= north:
        one, other = other, one
    return (float(one), float(other)) if abs(one) <= 90 and abs(other) <= 180 else None


def to_phone(value: Any) -> str:
    """Return a phone number as written, without quotation marks; empty when it has under three digits."""
    text = to_text(value).replace('"', "").replace("'", "").removeprefix("tel:").strip()
    return text if sum(char.isdigit() for char in text) >= 3 else ""


def to_postcode(value: Any) -> str:
    """Return the first full UK postcode in a text."""
    found = find_postcodes(to_text(value))
    return found[0][0] if found else ""


def to_days(value: Any) -> str:
    """Return days of the week as `MO,TU`; ranges and names are understood; a leading number stays."""
    text = to_text(value)
    days: dict[str, None] = {}
    for part in re.split(r"[,;/&]|\band\b", text):
        match = list(DAY_WORD.finditer(part))
        names = [f"{found[1] or ''}{found[2].upper()}" for found in match]
        if (
            len(names) == 2
            and re.search(r"-|–|\bto\b", part[match[0].end() : match[1].start()])
            and set(names) <= set(DAYS)
        ):
            first, last = DAYS.index(names[0]), DAYS.index(names[1])
            names = [DAYS[at % 7] for at in range(first, last + 1 if last >= first else last + 8)]
        days.update(dict.fromkeys(names))
    return ",".join(days)


def _defused(text: str) -> str:
    """Return the text without what still looks like a tag or a script; taking one out may have made another."""
    before = ""
    while text != before:
        before, text = text, TAG.sub("", SCRIPT.sub("", text))
    return text


def _without_tags(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)
