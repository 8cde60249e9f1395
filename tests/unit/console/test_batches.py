"""Batch tests in the table, and the runner that works them off."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import repeat

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.console.batch_changes import changes_between
from bot.console.batch_file import Asked
from bot.console.batch_runner import STEP, BatchRunner
from bot.console.batches import (
    CANCELLED,
    CLAIM_SECONDS,
    DONE,
    KEPT_SECONDS,
    MOST_BATCHES,
    RUNNING,
    Batch,
    BatchRow,
    Result,
    batch_rows,
    cancel_batch,
    claim_batch,
    delete_batch,
    delete_old_batches,
    get_batch,
    keep_results,
    list_batches,
    make_batch,
    next_rows,
    previous_batch,
    rows_of,
)
from bot.core.database import Database
from bot.core.errors import NotFound, UserInputError
from bot.understanding import Understanding
from tests.unit.console.conftest import NOW

ASKED = [Asked(str(number), "en", "x" * (30 - number), "repairs") for number in range(10)]


class Parrot:
    """Understands every text as the topic it says; `bad` breaks it."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def understand_many(self, items: list[tuple[str, str | None]]) -> list[Understanding]:
        self.sizes.append(len(items))
        if any(text == "bad" for text, _ in items):
            raise ValueError("no")
        return [
            Understanding(text, 0.75, hint or "en", 1.0, ((text, 0.75), ("pests", 0.2), ("noise", 0.05)))
            for text, hint in items
        ]


def batch(connection: Connection, asked: list[Asked] = ASKED, *, by: str = "amina", now: float = NOW) -> Batch:
    return make_batch(connection, asked, file_name="C:\\tests\\round 1.csv", by=by, now=now)


def result(topic: str) -> Result:
    return Result(topic, 0.9, (topic, "pests", "noise"), "en", "no")


def test_a_batch_belongs_to_one_person(connection: Connection) -> None:
    made = batch(connection)
    assert (made.file_name, made.rows, made.done, made.state) == ("round 1.csv", 10, 0, RUNNING)
    assert get_batch(connection, made.id, by="amina") == made
    assert list_batches(connection, by="bob") == []
    for attempt in (get_batch, delete_batch):
        with pytest.raises(NotFound):
            attempt(connection, made.id, by="bob")
    with pytest.raises(NotFound):
        cancel_batch(connection, made.id, by="bob", now=NOW)


def test_one_person_has_not_too_many(connection: Connection) -> None:
    for _ in repeat(None, MOST_BATCHES):
        batch(connection)
    with pytest.raises(UserInputError, match="batches_many"):
        batch(connection)
    assert batch(connection, by="bob").made_by == "bob"


def test_one_worker_has_a_batch_until_its_claim_ends(connection: Connection) -> None:
    made = batch(connection)
    assert claim_batch(connection, "one", NOW) == made.id
    assert claim_batch(connection, "two", NOW + 1) is None
    assert claim_batch(connection, "one", NOW + 1) == made.id
    assert claim_batch(connection, "two", NOW + 1 + CLAIM_SECONDS) == made.id
    assert next_rows(connection, made.id, "one", NOW + 70, 5) == []
    assert get_batch(connection, made.id, by="amina").state == RUNNING


def test_a_step_prolongs_the_claim(connection: Connection) -> None:
    made = batch(connection)
    claim_batch(connection, "one", NOW)
    assert next_rows(connection, made.id, "one", NOW + 50, 5)
    assert claim_batch(connection, "two", NOW + 50 + CLAIM_SECONDS - 1) is None


def test_texts_of_like_length_are_worked_on_together(connection: Connection) -> None:
    made = batch(connection)
    claim_batch(connection, "one", NOW)
    rows = next_rows(connection, made.id, "one", NOW, 4)
    assert [len(row.asked.text) for row in rows] == [21, 22, 23, 24]


def test_results_are_kept_by_row_and_the_last_ends_it(connection: Connection) -> None:
    made = batch(connection, ASKED[:2])
    claim_batch(connection, "one", NOW)
    rows = next_rows(connection, made.id, "one", NOW, 5)
    keep_results(connection, made.id, [(row.number, result(f"topic{row.asked.id}")) for row in rows])
    assert get_batch(connection, made.id, by="amina").done == 2
    assert next_rows(connection, made.id, "one", NOW + 1, 5) == []
    ended = get_batch(connection, made.id, by="amina")
    assert (ended.state, ended.ended_at) == (DONE, NOW + 1)
    assert [row.result for row in rows_of(connection, made.id)] == [result("topic0"), result("topic1")]


def test_a_stopped_batch_is_not_worked_on_and_keeps_what_it_has(connection: Connection) -> None:
    made = batch(connection)
    claim_batch(connection, "one", NOW)
    rows = next_rows(connection, made.id, "one", NOW, 3)
    cancel_batch(connection, made.id, by="amina", now=NOW + 1)
    keep_results(connection, made.id, [(row.number, result("repairs")) for row in rows])
    assert next_rows(connection, made.id, "one", NOW + 1, 3) == []
    assert claim_batch(connection, "one", NOW + 999) is None
    stopped = get_batch(connection, made.id, by="amina")
    assert (stopped.state, stopped.done) == (CANCELLED, 3)


def test_after_a_day_nothing_is_left(connection: Connection) -> None:
    old, new = batch(connection), batch(connection, now=NOW + 10)
    assert delete_old_batches(connection, NOW + KEPT_SECONDS) == 1
    assert [one.id for one in list_batches(connection, by="amina")] == [new.id]
    assert rows_of(connection, old.id) == []
    delete_batch(connection, new.id, by="amina")
    assert connection.execute(select(func.count()).select_from(batch_rows)).scalar_one() == 0


def test_results_of_a_deleted_batch_go_nowhere(connection: Connection) -> None:
    made = batch(connection)
    delete_batch(connection, made.id, by="amina")
    keep_results(connection, made.id, [(1, result("repairs"))])
    assert rows_of(connection, made.id) == []


def test_the_run_before_is_the_last_finished_one_of_the_same_file(connection: Connection, database: Database) -> None:
    first, second = batch(connection), batch(connection, now=NOW + 1)
    now = batch(connection, now=NOW + 2)
    assert previous_batch(connection, now) is None
    for one in (first, second):
        claim_batch(connection, "one", NOW)
        for row in next_rows(connection, one.id, "one", NOW, 99):
            keep_results(connection, one.id, [(row.number, result("repairs"))])
        next_rows(connection, one.id, "one", NOW, 99)
    found = previous_batch(connection, now)
    assert found
    assert found.id == second.id
    assert previous_batch(connection, replace(now, file_name="other.csv")) is None
    assert previous_batch(connection, replace(now, made_by="bob")) is None


def row(row_id: str, topic: str | None, *, text: str = "a", expected: str = "repairs") -> BatchRow:
    return BatchRow(int(row_id), Asked(row_id, "en", text, expected), result(topic) if topic else None)


def test_changes_say_what_became_better_and_worse() -> None:
    before = [row("1", "repairs"), row("2", "pests"), row("3", "pests"), row("4", "noise"), row("5", "pests"),
              row("6", None), row("7", "pests"), row("8", "noise", expected="")]  # fmt: skip
    now = [row("1", "pests"), row("2", "repairs"), row("3", "noise"), row("4", "noise"), row("5", "repairs", text="b"),
           row("6", "repairs"), row("7", None), row("8", "pests", expected=""), row("9", "repairs")]  # fmt: skip
    changes = changes_between(before, now)
    assert [(change.row.asked.id, change.before.topic, change.kind) for change in changes] == [
        ("1", "repairs", "worse"),
        ("2", "pests", "better"),
        ("3", "pests", "other"),
        ("8", "noise", "other"),
    ]


# The runner


async def test_all_batches_are_worked_off_in_small_steps(database: Database) -> None:
    parrot = Parrot()
    asked = [Asked(str(number), "pl", "repairs", "repairs") for number in range(STEP * 2 + 1)]
    made = [database.run_now(lambda connection: batch(connection, asked)) for _ in range(2)]
    await BatchRunner(database, parrot, now=lambda: NOW).work_off()
    for one in made:
        ended = database.run_now(lambda connection, one=one: get_batch(connection, one.id, by="amina"))
        rows = database.run_now(lambda connection, one=one: rows_of(connection, one.id))
        assert (ended.state, ended.done) == (DONE, len(asked))
        assert all(row.is_right for row in rows)
        assert rows[0].result == Result("repairs", 0.75, ("repairs", "pests", "noise"), "pl", "no")
    assert parrot.sizes == [STEP, STEP, 1] * 2


async def test_a_row_that_breaks_the_model_does_not_stop_the_others(database: Database) -> None:
    asked = [Asked("1", "", "repairs", "repairs"), Asked("2", "", "bad", "repairs"), Asked("3", "", "pests", "pests")]
    made = database.run_now(lambda connection: batch(connection, asked))
    await BatchRunner(database, Parrot(), now=lambda: NOW).work_off()
    rows = database.run_now(lambda connection: rows_of(connection, made.id))
    assert [row.is_right for row in rows] == [True, False, True]
    assert rows[1].result == Result("", 0.0, (), "", "no")


async def test_it_is_woken_and_deletes_what_is_old(database: Database) -> None:
    runner = BatchRunner(database, Parrot(), now=lambda: NOW + KEPT_SECONDS)
    job = asyncio.create_task(runner.run())
    old = await database.run(lambda connection: batch(connection))
    new = await database.run(lambda connection: batch(connection, now=NOW + 10))
    runner.wake()
    for _ in range(500):
        left = await database.run(lambda connection: list_batches(connection, by="amina"))
        if [(one.id, one.state) for one in left] == [(new.id, DONE)]:
            break
        await asyncio.sleep(0.01)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    assert [(one.id, one.state) for one in left] == [(new.id, DONE)]
    assert old.id != new.id
