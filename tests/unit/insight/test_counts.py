"""Counting by day and topic, without words or conversations."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.core.database import Database
from bot.insight.counts import count, counts


def _count(connection: Connection, kind: str = "asked", **changed: str | None) -> None:
    key = {"topic": "repairs", "language": "pl", "area_code": "E09000012", "channel": "web", **changed}
    count(connection, kind, **key)


def test_the_same_event_counts_up_in_one_row(database: Database, connection: Connection, today: dt.date) -> None:
    for _ in range(3):
        _count(connection)
    rows = connection.execute(select(counts)).all()
    assert [tuple(row) for row in rows] == [("2027-01-15", "asked", "repairs", "pl", "E09000012", "web", 3)]


def test_every_other_day_kind_topic_language_area_and_channel_has_its_own_row(
    database: Database, connection: Connection
) -> None:
    _count(connection)
    _count(connection, "helpful")
    for changed in ({"topic": "noise"}, {"language": "so"}, {"area_code": None}, {"channel": "sms"}):
        _count(connection, **changed)
    assert connection.execute(select(counts.c.number)).scalars().all() == [1] * 6


def test_an_unknown_area_is_an_empty_text(database: Database, connection: Connection) -> None:
    _count(connection, area_code=None)
    assert connection.execute(select(counts.c.area_code)).scalar() == ""


def test_no_column_could_hold_words_or_a_conversation() -> None:
    assert set(counts.c.keys()) == {"day", "kind", "topic", "language", "area_code", "channel", "number"}
