"""Fields of a schedule as feeds write them → numbers, days and times.

Every function takes what a feed may hold, and raises ValueError where that cannot be read for certain. A day before
month or after it ("05/01/2026") is not certain; nor is a bare hour ("9").

>>> minutes_of("09:00Z"), minutes_of("9.30 pm"), weekdays_of("MO, -1FR"), date_of("2026-11-25T00:00:00Z")
(540, 1290, [(0, 0), (-1, 4)], datetime.date(2026, 11, 25))
"""

from __future__ import annotations

import datetime as dt
import re

DAY_MINUTES = 24 * 60
FIRST_YEAR = 1900  # earlier dates are how some software writes "none" (0001-01-01)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TIME_WORDS = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\dT)?(\d{1,2})(?:[:.](\d\d)(?:[:.]\d\d(?:\.\d+)?)?)?\s*(?:([ap])\.?m\.?|Z|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)
DATE = re.compile(r"(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ].*)?", re.ASCII | re.DOTALL)
DAY = re.compile(r"([+-]?\d{1,2})?([a-z]{2,})\.?", re.ASCII)
NUMBER = re.compile(r"[+-]?\d{1,3}", re.ASCII)
COUNT = re.compile(r"\d{1,6}", re.ASCII)
SEPARATORS = re.compile(r"[\s,;/&\[\]'\"]+")


def text_of(value: object) -> str:
    """Return the text of a field, without space around it; empty for None."""
    return "" if value is None else str(value).strip()


def minutes_of(value: object) -> int:
    """Return minutes after midnight, 0 to 1440. "Z" is no zone here: feeds write it after local times all year."""
    text = text_of(value)
    if text.casefold() in TIME_WORDS:
        return TIME_WORDS[text.casefold()]
    match = TIME.fullmatch(text)
    if not match or not (match[2] or match[3]):
        raise ValueError("no time of day")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of twelve")
        hour = hour % 12 + (12 if match[3] in "pP" else 0)
    if minute > 59 or hour * 60 + minute > DAY_MINUTES:
        raise ValueError("no time of day")
    return hour * 60 + minute


def date_of(value: object) -> dt.date | None:
    """Return a date in ISO form, with or without a time; None where there is none, or one that stands for none."""
    text = text_of(value)
    if not text:
        return None
    match = DATE.fullmatch(text)
    if not match:
        raise ValueError("no date")
    if int(match[1]) < FIRST_YEAR:
        return None
    return dt.date(int(match[1]), int(match[3]), int(match[4]))


def weekdays_of(value: object) -> list[tuple[int, int]]:
    """Return (number or 0, weekday from Monday 0) of each of "MO, 1TU", "monday" or "Weds"."""
    found = []
    for word in filter(None, SEPARATORS.split(text_of(value).casefold())):
        match = DAY.fullmatch(word)
        days = _days_named(match[2]) if match else []
        if not match or len(days) != 1 or (match[1] and int(match[1]) == 0):
            raise ValueError("no day of the week")
        found.append((int(match[1] or 0), days[0]))
    return found


def numbers_of(value: object, most: int) -> list[int]:
    """Return the numbers of a list, each 1 to `most`, or as much below zero."""
    words = list(filter(None, SEPARATORS.split(text_of(value))))
    numbers = [int(word) for word in words if NUMBER.fullmatch(word)]
    if len(numbers) < len(words) or not all(1 <= abs(number) <= most for number in numbers):
        raise ValueError("no such day or week")
    return numbers


def positive_of(value: object) -> int | None:
    """Return a number above zero; None where there is none."""
    text = text_of(value)
    if not text:
        return None
    if not COUNT.fullmatch(text) or not int(text):
        raise ValueError("no number above zero")
    return int(text)


def _days_named(word: str) -> list[int]:
    return [
        day for day, name in enumerate(WEEKDAYS) if f"{name}s".startswith(word) or word == f"{name[:3]}s"
    ]  # two letters, a short or full name, or its plural
