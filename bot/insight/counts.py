"""Counting: how many messages by day, topic, language, area and channel. No text, no conversation."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table
from sqlalchemy.engine import Connection

from bot.core.clock import today
from bot.core.database import metadata, upsert

counts = Table(
    "counts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("kind", String(16), primary_key=True),  # asked | not_understood | helpful | unhelpful
    Column("topic", String(64), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("area_code", String(16), primary_key=True),
    Column("channel", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)


def count(
    connection: Connection,
    kind: str,
    *,
    topic: str,
    language: str,
    area_code: str | None,
    channel: str,
) -> None:
    """Add one."""
    key = {
        "day": today().isoformat(),
        "kind": kind,
        "topic": topic,
        "language": language,
        "area_code": area_code or "",
        "channel": channel,
    }
    connection.execute(upsert(counts, tuple(key), (("number", "counts.number + 1"),)), {**key, "number": 1})
