"""Reading the counts of a stretch of days, added up by whatever is asked for. True numbers: for use inside only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.insight.counts import counts

QUESTIONS = ("asked", "not_understood")
VOTES = ("helpful", "unhelpful")


@dataclass(frozen=True)
class Tally:
    """So many events of one kind on one day."""

    day: str
    kind: str
    topic: str
    language: str
    area: str
    channel: str
    number: int


def read_tallies(connection: Connection, kinds: Collection[str], first: dt.date, last: dt.date) -> list[Tally]:
    """Return what was counted from the first to the last day, both included."""
    statement = select(counts).where(
        counts.c.kind.in_(list(kinds)), counts.c.day >= first.isoformat(), counts.c.day <= last.isoformat()
    )
    return [
        Tally(row.day, row.kind, row.topic, row.language, row.area_code, row.channel, int(row.number))
        for row in connection.execute(statement)
    ]


def read_use(connection: Connection, by: str, first: dt.date, last: dt.date) -> dict[str, int]:
    """Return how many questions came in a stretch of days, `by` topic, language or area_code."""
    column = counts.c[by]
    statement = (
        select(column, func.sum(counts.c.number))
        .where(counts.c.kind.in_(QUESTIONS), counts.c.day >= first.isoformat(), counts.c.day <= last.isoformat())
        .group_by(column)
    )
    return {name: int(number) for name, number in connection.execute(statement)}
