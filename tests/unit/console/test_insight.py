"""Tables of any two sides: their totals are told alike everywhere, and neither names nor order tell what is hidden."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console.figures_file import write_crossing
from bot.console.insight import SIDES, Crossing, counted, cross
from bot.insight.periods import find_period
from bot.insight.tally import Tally

TOPICS, LANGUAGES, AREAS = ("repairs", "noise", "rent_arrears"), ("en", "pl", "so"), ("E08000035", "E06000032", "")


def tally(number: int, topic: str = "repairs", language: str = "pl", area: str = "", **changed: str) -> Tally:
    told = {"day": "2026-11-09", "kind": "asked", "channel": "web", **changed}
    return Tally(topic=topic, language=language, area=area, number=number, **told)


some_tallies = st.lists(
    st.builds(
        tally,
        st.one_of(st.integers(1, 8), st.integers(5, 80)),
        st.sampled_from(TOPICS),
        st.sampled_from(LANGUAGES),
        st.sampled_from(AREAS),
        day=st.sampled_from(["2026-11-02", "2026-11-09", "2026-11-16"]),
        kind=st.sampled_from(["asked", "not_understood"]),
    ),
    max_size=25,
)


def totals(crossing: Crossing) -> dict[str, dict[str, int | None]]:
    return {
        "rows": {line.id: line.total.value for line in crossing.rows},
        "columns": {line.id: line.total.value for line in crossing.columns},
    }


@given(some_tallies)
@settings(max_examples=40)
def test_every_table_tells_the_same_totals(tallies: list[Tally]) -> None:
    told: dict[str, dict[str, int | None]] = {}
    whole = set()
    for rows, columns in itertools.permutations(SIDES, 2):
        crossing = cross(tallies, rows, columns)
        whole.add(crossing.total)
        for side, here in ((rows, totals(crossing)["rows"]), (columns, totals(crossing)["columns"])):
            assert told.setdefault(side, here) == here
    assert len(whole) == 1


@given(some_tallies)
@settings(max_examples=40)
def test_nothing_under_the_limit_reaches_page_or_file(tallies: list[Tally]) -> None:
    crossing = cross(tallies, "topic", "language")
    numbers = [cell.value for cell in itertools.chain(*crossing.cells)]
    numbers += [line.total.value for line in (*crossing.rows, *crossing.columns)] + [crossing.total.value]
    assert all(number is None or number >= 10 for number in numbers)
    for line in write_crossing(crossing, "Topic").decode("utf-8-sig").splitlines()[1:]:
        assert all(int(cell) >= 10 for cell in line.split(",") if cell.isdigit())


def test_hidden_totals_stand_by_name_after_the_others() -> None:
    tallies = [tally(40, "noise"), tally(90, "repairs"), tally(30, "rent_arrears"), tally(2, "council_tax")]
    crossing = cross(tallies, "topic", "language")
    assert [line.id for line in crossing.rows] == ["repairs", "noise", "rent_arrears"]
    assert [line.total.state for line in crossing.rows] == ["shown", "shown", "covered"]


def test_what_is_no_topic_no_council_and_no_channel_of_ours_is_one_each() -> None:
    odd = [tally(20, "greet", kind="not_understood"), tally(30, area="X12345678"), tally(40, channel="fax")]
    assert {line.id for line in cross(odd, "topic", "area").rows} == {"", "repairs"}
    assert {line.id for line in cross(odd, "area", "channel").rows} == {""}
    assert {line.name for line in cross(odd, "channel", "area").rows} == {"Web", "Other channel"}


def test_weeks_stand_in_their_order() -> None:
    tallies = [tally(20, day="2026-11-16"), tally(90, day="2026-11-02"), tally(50, day="2026-11-09")]
    assert [line.id for line in cross(tallies, "week", "topic").rows] == ["2026-W45", "2026-W46", "2026-W47"]


def test_understood_greetings_and_the_running_week_are_left_out() -> None:
    period = find_period("2026-4")
    assert period
    weeks = period.weeks(dt.date(2026, 11, 18))
    kept = tally(1), tally(1, "greet", kind="not_understood")
    left_out = tally(1, "greet"), tally(1, day="2026-11-16")
    assert counted([*kept, *left_out], weeks) == list(kept)
