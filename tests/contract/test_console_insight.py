"""Figures of what people asked: on the page, as files, and what neither of them may tell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from sqlalchemy import insert, select

from bot.answers.load import get_answer
from bot.console.audit import audit
from bot.insight.counts import counts
from tests.contract.console import Bench
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

MONDAY = dt.date(2026, 11, 9)
LEEDS, LUTON = "E08000035", "E06000032"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", "2026-11-25")


def counted(bench: Bench, number: int, *, day: dt.date = MONDAY, kind: str = "asked", **changed: str) -> None:
    """Write a count as the channels do."""
    row = {"topic": "repairs", "language": "pl", "area_code": LEEDS, "channel": "web", **changed}
    bench.database.run_now(
        lambda connection: connection.execute(
            insert(counts).values(day=day.isoformat(), kind=kind, number=number, **row)
        )
    )


def some_weeks(bench: Bench) -> None:
    """Two topics in three languages, one pair of them seldom."""
    for number, topic, language in (
        (120, "repairs", "pl"), (64, "repairs", "ar"), (31, "repairs", "so"),
        (90, "register_join", "pl"), (4, "register_join", "ar"), (57, "register_join", "so"),
    ):  # fmt: skip
        counted(bench, number, topic=topic, language=language)


def rows_of(body: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.lstrip("\ufeff"))))


def numbers_in(page: str) -> set[int]:
    """Return the numbers in the cells of a page's tables."""
    return {int(number) for number in re.findall(r'<td class="number[^"]*">(\d+)', page)}


async def test_small_numbers_are_hidden_on_the_page_and_in_the_file_alike(bench: Bench) -> None:
    some_weeks(bench)
    viewer = bench.signed_in("viewer")
    page = await viewer.text("/console/insight?rows=topic&columns=language")
    assert "fewer than 10" in page
    assert "hidden" in page
    assert all(number >= 10 for number in numbers_in(page))
    rows = rows_of(await viewer.text("/console/insight.csv?rows=topic&columns=language"))
    assert rows[0] == ["Topic", "Polish", "Somali", "Arabic", "Total"]
    joined = next(row for row in rows if row[0] == get_answer("register_join").title)
    assert joined[1:] == ["90", "hidden", "fewer than 10", "151"]


async def test_a_topic_that_is_seldom_asked_is_not_named(bench: Bench) -> None:
    some_weeks(bench)
    counted(bench, 3, topic="noise")
    rows = rows_of(await bench.signed_in("viewer").text("/console/insight.csv?rows=topic&columns=outcome"))
    assert [row[0] for row in rows][-2:] == ["All others", "Total"]
    assert set(rows[-2][1:-1]) == {"fewer than 10"}
    assert get_answer("noise").title not in str(rows)
    assert [row[-1] for row in rows[1:-2]] == ["215", "hidden"]


async def test_the_running_week_and_other_quarters_do_not_count(bench: Bench) -> None:
    some_weeks(bench)
    counted(bench, 500, day=dt.date(2026, 11, 23), topic="council_tax")
    counted(bench, 500, day=dt.date(2026, 9, 27), topic="council_tax")
    viewer = bench.signed_in("viewer")
    assert 500 not in numbers_in(await viewer.text("/console/insight"))
    assert 500 in numbers_in(await viewer.text("/console/insight?period=2026-3"))


async def test_greetings_are_no_questions(bench: Bench) -> None:
    counted(bench, 70, topic="greet")
    assert "Nothing to show yet" in await bench.signed_in("viewer").text("/console/insight")


async def test_whether_answers_helped_has_its_own_table(bench: Bench) -> None:
    counted(bench, 33, kind="helpful")
    counted(bench, 21, kind="unhelpful")
    page = await bench.signed_in("viewer").text("/console/insight?measure=helpful&rows=topic&columns=outcome")
    assert numbers_in(page) >= {54, 33, 21}
    assert "Not helpful" in page


@pytest.mark.parametrize("query", ["rows=x&columns=y", "rows=topic&columns=topic", "period=1999-9", "measure='\"><b>"])
async def test_an_address_that_makes_no_sense_shows_the_usual(bench: Bench, query: str) -> None:
    page = await bench.signed_in("viewer").text(f"/console/insight?{query}")
    assert "<h1>Insight</h1>" in page
    assert "<b>" not in page


async def test_the_need_map_names_councils_and_what_is_asked_most(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", "2027-01-05")
    counted(bench, 150, topic="repairs", area_code=LEEDS)
    counted(bench, 80, topic="noise", area_code=LEEDS)
    counted(bench, 60, topic="repairs", area_code=LUTON)
    counted(bench, 45, topic="noise", area_code=LUTON)
    counted(bench, 700, topic="repairs", area_code="")
    counted(bench, 600, topic="noise", area_code="X99999999")
    viewer = bench.signed_in("viewer")
    page = await viewer.text("/console/needs")
    assert "Leeds" in page
    assert "X99999999" not in page
    rows = rows_of(await viewer.text("/console/needs.csv"))
    assert [LEEDS, "Leeds", "", "Total", "230"] in rows
    assert {row[0] for row in rows[1:]} == {LEEDS, LUTON}


async def test_the_need_map_is_of_quarters_that_have_ended(bench: Bench) -> None:
    for day, number in ((MONDAY, 150), (dt.date(2026, 9, 14), 130)):
        counted(bench, number, day=day)
    viewer = bench.signed_in("viewer")
    for query in ("", "?period=2026-4"):
        rows = rows_of(await viewer.text(f"/console/needs.csv{query}"))
        assert [LEEDS, "Leeds", "", "Total", "130"] in rows
    assert 'value="2026-4"' not in await viewer.text("/console/needs")
    assert 150 in numbers_in(await viewer.text("/console/insight?rows=area&columns=topic"))


async def test_taking_a_file_is_written_down(bench: Bench) -> None:
    some_weeks(bench)
    await bench.signed_in("viewer").text("/console/insight.csv?rows=topic&columns=language")
    done = bench.database.run_now(
        lambda connection: connection.execute(select(audit.c.action, audit.c.object)).all()[-1]
    )
    assert tuple(done) == ("figures_taken", "figures:questions-topic-language-2026-4")
