"""Did an answer help? One row per answer and conversation, without words."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, String, Table, delete
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.database import Database, metadata

feedback = Table(
    "feedback",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("topic", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("created_at", Float, nullable=False, index=True),
)


def record_feedback(
    database: Database,
    connection: Connection,
    conversation: str,
    number: int,
    *,
    topic: str,
    language: str,
    helpful: bool,
) -> None:
    """Remember whether answer `number` helped; a second vote replaces the first."""
    row = {
        "conversation_id": conversation,
        "number": number,
        "topic": topic,
        "language": language,
        "helpful": helpful,
        "created_at": timestamp(),
    }
    statement = database.insert(feedback).values(**row)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["conversation_id", "number"], set_={"helpful": helpful})
    )


def erase_feedback(connection: Connection, conversation: str) -> int:
    """Delete the votes of a conversation; return how many."""
    return int(connection.execute(delete(feedback).where(feedback.c.conversation_id == conversation)).rowcount)
