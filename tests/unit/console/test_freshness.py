"""What is due for a check: the days on both sides of the edge, and what is used most first."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bot.answers.load import load_answers
from bot.console.freshness import NEAR_DAYS, SHELF_DAYS, Stale, Use, find_imported, find_stale, sort_stale, use_band
from bot.directory.seed import load_services
from bot.directory.tables import services
from bot.eligibility.load import load_rules
from bot.places.facts import load_council_facts

NO_USE = Use({}, {})
DAY = dt.timedelta(days=1)


def ids(items: list[Stale], kind: str, reason: str = "review") -> set[str]:
    return {item.id for item in items if (item.kind, item.reason) == (kind, reason)}


def test_an_answer_is_due_a_month_before_its_review() -> None:
    answer = load_answers()["repairs"]
    first = answer.review_by - NEAR_DAYS * DAY
    assert "repairs" in ids(find_stale(first, NO_USE), "answer")
    assert "repairs" not in ids(find_stale(first - DAY, NO_USE), "answer")


def test_an_answer_is_past_the_day_after_its_review() -> None:
    due = load_answers()["repairs"].review_by
    for day, is_past in ((due, False), (due + DAY, True)):
        found = next(item for item in find_stale(day, NO_USE) if (item.kind, item.id) == ("answer", "repairs"))
        assert found.is_past(day) is is_past


def test_services_and_council_facts_are_due_half_a_year_after_their_check() -> None:
    checked = dt.date.fromisoformat(next(iter(load_services().values())).checked)
    first = checked + (SHELF_DAYS - NEAR_DAYS) * DAY
    assert ids(find_stale(first, NO_USE), "service") == set(load_services())
    assert ids(find_stale(first - DAY, NO_USE), "service") == set()
    late = find_stale(dt.date(2028, 1, 1), NO_USE)
    assert ids(late, "council") == set(load_council_facts())
    assert "England" not in ids(late, "rule")


def test_the_rules_are_due_by_their_own_day() -> None:
    due = load_rules().review_by
    assert "england" in ids(find_stale(due - NEAR_DAYS * DAY, NO_USE), "rule")
    assert "england" not in ids(find_stale(due - (NEAR_DAYS + 1) * DAY, NO_USE), "rule")


@pytest.mark.parametrize(("days", "is_there"), [(31, False), (30, True), (0, True), (-1, False)])
def test_what_begins_to_apply_soon_is_named_until_that_day(days: int, is_there: bool) -> None:
    begins = dt.date(2027, 3, 31)  # plastic film is collected from every home
    assert ("plastic_film" in ids(find_stale(begins - days * DAY, NO_USE), "waste", "begins")) is is_there


def test_what_is_used_most_comes_first() -> None:
    use = Use({"repairs": 700, "noise": 60}, {})
    answers = [item for item in find_stale(dt.date(2028, 1, 1), use) if item.kind == "answer"]
    assert [item.id for item in answers[:2]] == ["repairs", "noise"]
    assert [item.use for item in answers[:3]] == [500, 50, 0]


def test_of_the_same_use_the_oldest_comes_first() -> None:
    old, new = (Stale("answer", name, name, None, day, 0) for name, day in (("b", dt.date.min), ("a", dt.date.max)))
    assert sort_stale([new, old]) == [old, new]


def test_no_small_or_exact_number_is_told() -> None:
    assert {use_band(number) for number in range(10)} == {0}
    assert use_band(123_456) == 10_000


def test_imported_services_count_from_the_day_somebody_vouched_for_them(connection: Connection) -> None:
    day = dt.date(2027, 1, 15)
    blank = {"feed": "leeds", "organization_id": "o", "organization": "", "status": "active", "last_modified": ""}
    blank |= dict.fromkeys(("digest", "twin", "topics", "statutory", "languages", "areas", "places"), "")
    flags = dict.fromkeys(("has_place", "national", "remote", "interpreter", "alert", "timed"), False)
    for name, assured in (("old", "2026-01-01"), ("new", "2027-01-01"), ("never", "")):
        row = {**blank, **flags, "id": name, "feed_id": name, "name": name, "assured_date": assured}
        connection.execute(insert(services).values(**row))
    found = find_imported(connection, day, NO_USE)
    assert {item.id for item in found} == {"old", "never"}
    assert [item.due for item in found if item.id == "never"] == [None]
