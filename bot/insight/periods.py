"""The stretches of time that figures are published for: quarters of thirteen whole weeks (ISO), never overlapping.

Only weeks that have ended count: what is published of a week does not change, so two looks at the figures cannot be
subtracted to see one day.

>>> period = find_period("2026-4")
>>> period.first.isoformat(), period.last.isoformat()
('2026-09-28', '2027-01-03')
>>> [week.label for week in period.weeks(dt.date(2026, 10, 14))]
['2026-W40', '2026-W41']
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

QUARTERS, WEEKS = 4, 13
ID = re.compile(r"(20\d\d)-([1-4])")


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday. `label` as in ISO 8601."""

    label: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Period:
    """A quarter; the last of a year has the 53rd week where there is one."""

    year: int
    quarter: int

    @property
    def id(self) -> str:
        """Year and quarter, `2026-4`."""
        return f"{self.year}-{self.quarter}"

    @property
    def first(self) -> dt.date:
        """The Monday it begins on."""
        return dt.date.fromisocalendar(self.year, (self.quarter - 1) * WEEKS + 1, 1)

    @property
    def last(self) -> dt.date:
        """The Sunday it ends on."""
        following = Period(self.year + self.quarter // QUARTERS, self.quarter % QUARTERS + 1)
        return following.first - dt.timedelta(days=1)

    def weeks(self, today: dt.date) -> list[Week]:
        """Return its weeks that have ended before a day, the earliest first."""
        found, monday = [], self.first
        while monday <= self.last and monday + dt.timedelta(days=7) <= today:
            found.append(Week(week_label(monday), monday, monday + dt.timedelta(days=6)))
            monday += dt.timedelta(days=7)
        return found


def week_label(day: dt.date) -> str:
    """Return the ISO week of a day, `2026-W48`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def period_of(day: dt.date) -> Period:
    """Return the quarter a day lies in."""
    year, week, _ = day.isocalendar()
    return Period(year, min(QUARTERS, (week - 1) // WEEKS + 1))


def find_period(text: str) -> Period | None:
    """Return the quarter of an id, or None when it is none."""
    found = ID.fullmatch(text)
    return Period(int(found[1]), int(found[2])) if found else None


def recent_periods(today: dt.date, number: int) -> list[Period]:
    """Return the last quarters of which a week has ended, the latest first."""
    found: list[Period] = []
    day = today
    while len(found) < number:
        period = period_of(day)
        if period.weeks(today):
            found.append(period)
        day = period.first - dt.timedelta(days=1)
    return found
