"""Schedule rows as feeds write them → days and wall-clock times.

A row is a recurrence rule of RFC 5545 in the hands of people. What cannot be read for certain is None, never "no days":
nobody is to be told that a place is closed because a row was odd. `bot.directory.hours` makes states of it.

>>> row = Schedule("1", freq="weekly", byday="Monday, we", opens_at="9am", closes_at="12:30:00Z")
>>> opening = read_opening(row, dt.date(2026, 11, 22), dt.date(2026, 11, 28))
>>> [day.isoformat() for day in opening.days], opening.opens, opening.closes
(['2026-11-23', '2026-11-25'], 540, 750)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from bot.directory.calendar_fields import (
    DAY_MINUTES,
    date_of,
    minutes_of,
    numbers_of,
    positive_of,
    text_of,
    weekdays_of,
)
from bot.directory.models import Schedule

EXCEPTION_DAYS = 7  # a row valid no longer than this is an exception to the others;
UNRULED_EXCEPTION_DAYS = 31  # … without a rule of its own, no longer than this
MOST_OCCURRENCES = 1_000  # looked at for one row
FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
MOST_NUMBER = {MONTHLY: 5, YEARLY: 53}  # of a weekday in that period


@dataclass(frozen=True)
class Opening:
    """One row between two days.

    `opens` and `closes` are minutes after the midnight that begins each of `days`; `closes` is above 1440 past
    midnight. An exception holds instead of other rows from `valid_from` to `valid_to`; on days when one says "closed",
    both are 0.
    """

    days: tuple[dt.date, ...] = ()
    opens: int = 0
    closes: int = 0
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    is_exception: bool = False

    def covers(self, day: dt.date) -> bool:
        """Whether the row claims to be right on that day."""
        return not ((self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to))


def read_opening(row: Schedule, start: dt.date, end: dt.date) -> Opening | None:
    """Return when a row opens from `start` to `end` inclusive; None when that cannot be told.

    A row that no longer or not yet holds, or whose series is over, has no days. Nor has an exception that does not say
    when: its days are special, no more is known.
    """
    is_exception = False
    try:
        valid_from, valid_to, until = date_of(row.valid_from), date_of(row.valid_to), date_of(row.until)
        if valid_from and valid_to:
            if valid_to < valid_from:
                return None
            most = EXCEPTION_DAYS if _has_rule(row) else UNRULED_EXCEPTION_DAYS
            is_exception = _is_closed(row) or (valid_to - valid_from).days < most
        silent = Opening(valid_from=valid_from, valid_to=valid_to, is_exception=is_exception)
        if (valid_to and valid_to < start) or (valid_from and valid_from > end):
            return silent
    except ValueError:
        return None
    try:
        low, high = max(start, valid_from or start), min(end, valid_to or end, until or end)
        if is_exception and not _has_rule(row):
            days = tuple(low + dt.timedelta(number) for number in range((high - low).days + 1))
        else:
            dtstart = date_of(row.dtstart)
            if dtstart and until and until < dtstart:
                return None
            if until and until < start:
                return silent
            days = _days(row, low, high, dtstart, valid_from)
        opens, closes = (0, 0) if is_exception and _is_closed(row) else _times(row)
    except ValueError:
        return silent if is_exception else None
    return Opening(days, opens, closes, valid_from, valid_to, is_exception)


def _days(
    row: Schedule, low: dt.date, high: dt.date, dtstart: dt.date | None, valid_from: dt.date | None
) -> tuple[dt.date, ...]:
    """Return the days of a rule. dateutil lists an unbroken series near `low`; interval and count are applied to it.

    So a series that began long ago costs no more than a new one, and none is searched until the year 9999.

    Raises:
        ValueError: the rule is contradictory, or where it begins matters and is not said.
    """
    freq = FREQUENCIES.get(text_of(row.freq).upper())
    if freq is None:
        raise ValueError("no frequency")
    interval = positive_of(row.interval) or 1
    count = positive_of(row.count)
    anchor = dtstart or valid_from
    if (interval > 1 and dtstart is None) or (count and anchor is None):
        raise ValueError("where the series begins is not said")
    parts = _parts(row, freq, dtstart)
    week_start = weekdays_of(row.wkst)[0][1] if text_of(row.wkst) else 0
    low = max(low, dtstart or low)
    if low > high:
        return ()
    begin = anchor if count and anchor else low
    phase = _period(freq, anchor, week_start) if anchor else 0
    series = rrule(freq, dtstart=_midnight(begin), until=_midnight(high), wkst=week_start, **parts)
    listed = [moment.date() for moment in islice(series, MOST_OCCURRENCES + 1)]
    chosen = [day for day in listed if (_period(freq, day, week_start) - phase) % interval == 0][:count]
    if len(listed) > MOST_OCCURRENCES and not (count and len(chosen) == count):
        raise ValueError("more occurrences than can be looked at")
    return tuple(day for day in chosen if low <= day <= high)


def _parts(row: Schedule, freq: int, dtstart: dt.date | None) -> dict[str, Any]:
    """Return what picks days within a period, as arguments of dateutil; never a choice that no day can meet.

    Raises:
        ValueError: parts that RFC 5545 forbids together (dateutil ignores some, others never match), or none at all.
    """
    days = weekdays_of(row.byday)
    numbered = [number for number, _ in days if number]
    month_days, weeks, year_days = (
        numbers_of(row.bymonthday, 31),
        numbers_of(row.byweekno, 53),
        numbers_of(row.byyearday, 366),
    )
    if (
        (numbered and (len(numbered) < len(days) or max(map(abs, numbered)) > MOST_NUMBER.get(freq, 0)))
        or (month_days and freq == WEEKLY)
        or ((weeks or year_days) and freq != YEARLY)
        or sum(map(bool, (numbered, month_days, weeks, year_days))) > 1
    ):
        raise ValueError("parts that contradict each other")
    parts: dict[str, Any] = {
        "byweekday": [weekday(day, number or None) for number, day in days],
        "bymonthday": month_days,
        "byweekno": weeks,
        "byyearday": year_days,
    }
    parts = {name: value for name, value in parts.items() if value}
    if parts or freq == DAILY:
        return parts
    if dtstart is None:
        raise ValueError("no day said")
    if freq == WEEKLY:
        return {"byweekday": dtstart.weekday()}
    return {"bymonthday": dtstart.day} | ({"bymonth": dtstart.month} if freq == YEARLY else {})


def _period(freq: int, day: dt.date, week_start: int) -> int:
    """Return the number of the day, week, month or year that a day is in."""
    if freq == WEEKLY:
        return (day.toordinal() - 1 - week_start) // 7
    return {DAILY: day.toordinal(), MONTHLY: day.year * 12 + day.month, YEARLY: day.year}[freq]


def _has_rule(row: Schedule) -> bool:
    return any(map(text_of, (row.freq, row.byday, row.bymonthday, row.byweekno, row.byyearday)))


def _is_closed(row: Schedule) -> bool:
    """Whether a row says nothing but "closed", as holidays of older feeds do."""
    said = {text_of(text).casefold().strip(".! ") for text in (row.notes, row.description)}
    return "closed" in said and not (_has_rule(row) or text_of(row.opens_at) or text_of(row.closes_at))


def _times(row: Schedule) -> tuple[int, int]:
    opens, closes = minutes_of(row.opens_at) % DAY_MINUTES, minutes_of(row.closes_at)
    if closes == DAY_MINUTES - 1:  # 23:59 is how feeds write the end of the day
        closes = DAY_MINUTES
    return opens, closes if closes > opens else closes + DAY_MINUTES


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
