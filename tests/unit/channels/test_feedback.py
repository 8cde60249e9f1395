"""Votes: one for each answer, the last one counts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.channels.feedback import erase_feedback, feedback, record_feedback
from bot.core.database import Database


def _vote(database: Database, connection: Connection, conversation: str, number: int, helpful: bool) -> None:
    record_feedback(database, connection, conversation, number, topic="repairs", language="pl", helpful=helpful)


def test_a_second_vote_replaces_the_first(database: Database, connection: Connection) -> None:
    _vote(database, connection, "c1", 1, True)
    _vote(database, connection, "c1", 1, False)
    assert connection.execute(select(feedback.c.number, feedback.c.helpful)).all() == [(1, False)]


def test_every_answer_has_its_own_vote(database: Database, connection: Connection) -> None:
    for conversation, number in (("c1", 1), ("c1", 2), ("c2", 1)):
        _vote(database, connection, conversation, number, True)
    assert len(connection.execute(select(feedback)).all()) == 3


def test_erasing_says_how_many_and_leaves_other_conversations(database: Database, connection: Connection) -> None:
    for conversation, number in (("c1", 1), ("c1", 2), ("c2", 1)):
        _vote(database, connection, conversation, number, True)
    assert erase_feedback(connection, "c1") == 2
    assert connection.execute(select(feedback.c.conversation_id)).scalars().all() == ["c2"]


def test_no_column_could_hold_words() -> None:
    assert set(feedback.c.keys()) == {"conversation_id", "number", "topic", "language", "helpful", "created_at"}
