"""Quarters of whole weeks: none overlaps, none is missing, the running week does not count."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.insight.periods import Period, find_period, period_of, recent_periods, week_label

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("year", range(2024, 2034))
@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_the_next_quarter_begins_the_day_after(year: int, quarter: int) -> None:
    period = Period(year, quarter)
    assert period_of(period.last + DAY).first == period.last + DAY
    assert period_of(period.first) == period_of(period.last) == period
    assert (period.first.isoweekday(), period.last.isoweekday()) == (1, 7)


def test_a_long_year_has_its_last_week_in_the_last_quarter() -> None:
    assert Period(2026, 4).weeks(dt.date(2027, 6, 1))[-1].label == "2026-W53"
    assert len(Period(2026, 4).weeks(dt.date(2027, 6, 1))) == 14


@pytest.mark.parametrize(
    ("today", "weeks"), [("2026-10-04", 0), ("2026-10-05", 1), ("2026-10-11", 1), ("2026-10-12", 2)]
)
def test_a_week_counts_from_the_monday_after_it(today: str, weeks: int) -> None:
    assert len(Period(2026, 4).weeks(dt.date.fromisoformat(today))) == weeks


def test_a_quarter_without_an_ended_week_is_not_offered() -> None:
    assert [period.id for period in recent_periods(dt.date(2026, 9, 30), 2)] == ["2026-3", "2026-2"]
    assert [period.id for period in recent_periods(dt.date(2026, 10, 5), 3)] == ["2026-4", "2026-3", "2026-2"]


@pytest.mark.parametrize("text", ["", "2026", "2026-5", "2026-0", "1999-1", "2026-1 ", "x2026-1", "２０２６-1"])
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert find_period(text) is None


def test_a_week_is_named_by_its_thursday() -> None:
    assert week_label(dt.date(2027, 1, 3)) == "2026-W53"
