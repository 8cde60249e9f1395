"""Batch tests: many messages understood in the background, in small steps, kept for a day with everything in them.

A step claims the batch for a while, so that one process works on it and another goes on when that one has died.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Float, Integer, String, Table, Text, bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.console.batch_file import Asked
from bot.core.database import metadata
from bot.core.errors import NotFound, UserInputError
from bot.core.text import clean

KEPT_SECONDS = 24 * 3600.0
CLAIM_SECONDS = 60.0  # a step takes a second or two
MOST_BATCHES = 20  # of one person at a time
LONGEST_NAME = 120
RUNNING, DONE, CANCELLED = "running", "done", "cancelled"

batches = Table(
    "console_batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("file_name", String(LONGEST_NAME), nullable=False),
    Column("made_by", String(32), nullable=False, index=True),
    Column("made_at", Float, nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("rows", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("claimed_by", String(32), nullable=False),
    Column("claimed_until", Float, nullable=False),
    Column("ended_at", Float),
)
batch_rows = Table(
    "console_batch_rows",
    metadata,
    Column("batch", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("row_id", String(80), nullable=False),
    Column("language", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("expected", String(64), nullable=False),
    Column("length", Integer, nullable=False),
    Column("topic", String(64)),  # None until it was understood
    Column("confidence", Float),
    Column("ranking", Text),  # JSON: three topics
    Column("found_language", String(16)),
    Column("crisis", String(8)),
)


@dataclass(frozen=True)
class Batch:
    """One file that was sent. Times in seconds since 1970."""

    id: str
    file_name: str
    made_by: str
    made_at: float
    state: str
    rows: int
    done: int
    ended_at: float | None

    @property
    def gone_at(self) -> float:
        """When it is deleted."""
        return self.made_at + KEPT_SECONDS


@dataclass(frozen=True)
class Result:
    """What was understood of one row."""

    topic: str
    confidence: float
    ranking: tuple[str, ...]
    language: str
    crisis: str


@dataclass(frozen=True)
class BatchRow:
    """One message; `result` is None until it was understood."""

    number: int
    asked: Asked
    result: Result | None

    @property
    def is_judged(self) -> bool:
        """Whether there is something to compare: a result and an expected topic."""
        return self.result is not None and bool(self.asked.expected)

    @property
    def is_right(self) -> bool:
        """Whether the expected topic was understood."""
        return self.result is not None and self.result.topic == self.asked.expected


def make_batch(connection: Connection, asked: Sequence[Asked], *, file_name: str, by: str, now: float) -> Batch:
    """Keep a batch that is to be run.

    Raises:
        UserInputError: `batches_many`: the person has too many already.
    """
    mine = select(func.count()).select_from(batches).where(batches.c.made_by == by)
    if connection.execute(mine).scalar_one() >= MOST_BATCHES:
        raise UserInputError("batches_many", status=409)
    batch = Batch(secrets.token_hex(16), _name(file_name), by, now, RUNNING, len(asked), 0, None)
    connection.execute(insert(batches).values(**vars(batch), claimed_by="", claimed_until=0.0))
    connection.execute(
        insert(batch_rows),
        [
            {"batch": batch.id, "number": number, "row_id": row.id, "language": row.language, "text": row.text,
             "expected": row.expected, "length": len(row.text)}
            for number, row in enumerate(asked, start=1)
        ],
    )  # fmt: skip
    return batch


def get_batch(connection: Connection, batch_id: str, *, by: str) -> Batch:
    """Return a batch of one's own.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    row = connection.execute(select(batches).where(batches.c.id == batch_id, batches.c.made_by == by)).first()
    if row is None:
        raise NotFound("no such batch")
    return _batch(row)


def list_batches(connection: Connection, *, by: str) -> list[Batch]:
    """Return the batches of a person, newest first."""
    mine = select(batches).where(batches.c.made_by == by).order_by(batches.c.made_at.desc(), batches.c.id)
    return [_batch(row) for row in connection.execute(mine)]


def previous_batch(connection: Connection, batch: Batch) -> Batch | None:
    """Return the finished batch of the same person and file name before this one, or None."""
    earlier = (
        select(batches)
        .where(batches.c.made_by == batch.made_by, batches.c.file_name == batch.file_name)
        .where(batches.c.state == DONE, batches.c.made_at < batch.made_at)
        .order_by(batches.c.made_at.desc())
        .limit(1)
    )
    row = connection.execute(earlier).first()
    return _batch(row) if row else None


def rows_of(connection: Connection, batch_id: str) -> list[BatchRow]:
    """Return all rows of a batch, in the order of the file."""
    rows = select(batch_rows).where(batch_rows.c.batch == batch_id).order_by(batch_rows.c.number)
    return [_row(row) for row in connection.execute(rows)]


def claim_batch(connection: Connection, worker: str, now: float) -> str | None:
    """Take the oldest batch that nobody else works on; return its id, None where there is none."""
    free = (batches.c.state == RUNNING) & ((batches.c.claimed_until <= now) | (batches.c.claimed_by == worker))
    for batch_id in connection.execute(select(batches.c.id).where(free).order_by(batches.c.made_at)).scalars().all():
        taken = update(batches).where(batches.c.id == batch_id, free)
        if connection.execute(taken.values(claimed_by=worker, claimed_until=now + CLAIM_SECONDS)).rowcount:
            return str(batch_id)
    return None


def next_rows(connection: Connection, batch_id: str, worker: str, now: float, limit: int) -> list[BatchRow]:
    """Return rows that are still to be understood, of like length; none when the batch is ended or not ours.

    A batch without such rows is done by this.
    """
    mine = (batches.c.id == batch_id) & (batches.c.claimed_by == worker) & (batches.c.state == RUNNING)
    if not connection.execute(update(batches).where(mine).values(claimed_until=now + CLAIM_SECONDS)).rowcount:
        return []
    waiting = (
        select(batch_rows)
        .where(batch_rows.c.batch == batch_id, batch_rows.c.topic.is_(None))
        .order_by(batch_rows.c.length, batch_rows.c.number)
        .limit(limit)
    )
    rows = [_row(row) for row in connection.execute(waiting)]
    if not rows:
        connection.execute(update(batches).where(mine).values(state=DONE, ended_at=now))
    return rows


def keep_results(connection: Connection, batch_id: str, results: Iterable[tuple[int, Result]]) -> None:
    """Keep what was understood, by row number. Of a batch that was deleted meanwhile nothing is kept."""
    values = [
        {"row": number, "was_topic": result.topic, "was_confidence": result.confidence,
         "was_ranking": json.dumps(result.ranking), "was_language": result.language, "was_crisis": result.crisis}
        for number, result in results
    ]  # fmt: skip
    one = update(batch_rows).where(batch_rows.c.batch == batch_id, batch_rows.c.number == bindparam("row"))
    connection.execute(
        one.values(topic=bindparam("was_topic"), confidence=bindparam("was_confidence"),
                   ranking=bindparam("was_ranking"), found_language=bindparam("was_language"),
                   crisis=bindparam("was_crisis")),
        values,
    )  # fmt: skip
    connection.execute(update(batches).where(batches.c.id == batch_id).values(done=batches.c.done + len(values)))


def cancel_batch(connection: Connection, batch_id: str, *, by: str, now: float) -> None:
    """Stop a batch of one's own; what was understood stays.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    get_batch(connection, batch_id, by=by)
    running = (batches.c.id == batch_id) & (batches.c.state == RUNNING)
    connection.execute(update(batches).where(running).values(state=CANCELLED, ended_at=now))


def delete_batch(connection: Connection, batch_id: str, *, by: str) -> None:
    """Delete a batch of one's own with all its texts.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    get_batch(connection, batch_id, by=by)
    _delete(connection, [batch_id])


def delete_old_batches(connection: Connection, now: float) -> int:
    """Delete what is older than a day; return how many batches went."""
    old = connection.execute(select(batches.c.id).where(batches.c.made_at <= now - KEPT_SECONDS)).scalars().all()
    _delete(connection, old)
    return len(old)


def _delete(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(batch_rows).where(batch_rows.c.batch.in_(ids)))
    connection.execute(delete(batches).where(batches.c.id.in_(ids)))


def _name(file_name: str) -> str:
    """Return the last part of a file's name, as it is shown."""
    return (clean(file_name.replace("\\", "/").rpartition("/")[2]).replace("\n", " ") or "batch.csv")[:LONGEST_NAME]


def _batch(row: Row) -> Batch:
    return Batch(**{name: getattr(row, name) for name in Batch.__dataclass_fields__})


def _row(row: Row) -> BatchRow:
    result = None
    if row.topic is not None:
        ranking = tuple(json.loads(row.ranking))
        result = Result(row.topic, row.confidence, ranking, row.found_language, row.crisis)
    return BatchRow(row.number, Asked(row.row_id, row.language, row.text, row.expected), result)
