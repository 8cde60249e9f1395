"""The inbox: each message once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.channels.inbox import accept, erase_inbox, has_message, inbox
from bot.core.database import Database


def test_a_message_is_accepted_once(database: Database, connection: Connection) -> None:
    assert accept(connection, "c1", "message1", "first") is True
    assert accept(connection, "c1", "message1", "second") is False
    assert connection.execute(select(inbox.c.text)).scalars().all() == ["first"]


def test_the_same_id_in_another_conversation_is_another_message(database: Database, connection: Connection) -> None:
    assert accept(connection, "c1", "message1", "a")
    assert accept(connection, "c2", "message1", "b")


def test_a_recorded_message_is_known_in_its_conversation_only(database: Database, connection: Connection) -> None:
    accept(connection, "c1", "message1", "a")
    assert has_message(connection, "c1", "message1")
    assert not has_message(connection, "c2", "message1")
    assert not has_message(connection, "c1", "message2")


def test_erasing_says_how_many_and_leaves_other_conversations(database: Database, connection: Connection) -> None:
    for conversation, message in (("c1", "m1"), ("c1", "m2"), ("c2", "m1")):
        accept(connection, conversation, message, "x")
    assert erase_inbox(connection, "c1") == 2
    assert erase_inbox(connection, "c1") == 0
    assert has_message(connection, "c2", "m1")


def test_text_of_any_script_comes_back_as_it_went_in(database: Database, connection: Connection) -> None:
    text = "مرحبا 😀 Łódź '; DROP TABLE inbox; --\nдва"
    accept(connection, "c1", "message1", text)
    assert connection.execute(select(inbox.c.text)).scalar() == text
