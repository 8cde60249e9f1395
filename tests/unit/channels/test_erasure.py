"""Erasing: all of one conversation, or all of an age, with a true receipt."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from bot.channels.erasure import Receipt, erase_conversation, erase_older_than
from bot.channels.feedback import feedback, record_feedback
from bot.channels.inbox import accept, inbox
from bot.channels.outbox import Button, choices, outbox, put, put_choices
from bot.channels.sessions import get_session, open_session, sessions
from bot.core.clock import timestamp
from bot.core.database import Database, metadata
from bot.insight.counts import count, counts
from bot.trackers import conversations, read_state, write_state

HOUR = 3600.0
AGES = (
    (inbox, "received_at"), (outbox, "created_at"), (choices, "created_at"), (feedback, "created_at"),
    (sessions, "seen_at"), (conversations, "updated_at"),
)  # fmt: skip
ELSEWHERE = ("deliveries_in", "deliveries_out", "optouts")  # test_delivery.py
FULL = Receipt(conversations=1, messages=2, answers=3, votes=1, sessions=1)


def _talk(database: Database, connection: Connection) -> str:
    """Fill every table with one conversation and return its id."""
    token = open_session(connection, "s" * 32, language="pl", language_hint=None)
    conversation = get_session(connection, token).conversation_id
    for message in ("m1", "m2"):
        accept(connection, conversation, message, "words")
    put(connection, conversation, "m1", [{}, {}, {}], last=0)
    put_choices(connection, conversation, {f"id-{conversation[:8]}": Button("topic:repairs", "Title")})
    record_feedback(database, connection, conversation, 1, topic="repairs", language="pl", helpful=True)
    write_state(connection, conversation, '{"slots":{}}')
    return conversation


def _make_old(connection: Connection, conversation: str, hours: float) -> None:
    for table, column in AGES:
        connection.execute(
            update(table)
            .where(
                table.c.conversation_id == conversation if "conversation_id" in table.c else table.c.id == conversation
            )
            .values({column: timestamp() - hours * HOUR})
        )


def _left(connection: Connection) -> dict[str, int]:
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar() for table, _ in AGES}


def test_one_conversation_goes_as_a_whole_and_another_stays(database: Database, connection: Connection) -> None:
    gone, kept = _talk(database, connection), _talk(database, connection)
    before = _left(connection)
    assert erase_conversation(connection, gone) == FULL
    assert _left(connection) == {name: number // 2 for name, number in before.items()}
    assert read_state(connection, gone) is None
    assert read_state(connection, kept) is not None


def test_erasing_again_finds_nothing(database: Database, connection: Connection) -> None:
    conversation = _talk(database, connection)
    erase_conversation(connection, conversation)
    assert erase_conversation(connection, conversation) == Receipt()


def test_a_person_who_goes_on_writing_keeps_the_session(database: Database, connection: Connection) -> None:
    conversation = _talk(database, connection)
    assert erase_conversation(connection, conversation, keep_session=True).sessions == 0
    assert _left(connection) == {name: int(name == "sessions") for name in _left(connection)}


def test_what_is_older_goes_and_what_is_younger_stays(database: Database, connection: Connection) -> None:
    _make_old(connection, _talk(database, connection), hours=25)
    _make_old(connection, _talk(database, connection), hours=23)
    before = _left(connection)
    assert erase_older_than(connection, 24) == FULL
    assert _left(connection) == {name: number // 2 for name, number in before.items()}


def test_a_vote_without_a_conversation_goes_too(database: Database, connection: Connection) -> None:
    conversation = _talk(database, connection)
    erase_conversation(connection, conversation, keep_session=True)
    record_feedback(database, connection, conversation, 1, topic="repairs", language="pl", helpful=True)
    _make_old(connection, conversation, hours=25)
    assert erase_older_than(connection, 24).votes == 1


def test_nothing_old_gives_an_empty_receipt(database: Database, connection: Connection) -> None:
    _talk(database, connection)
    assert erase_older_than(connection, 24) == Receipt()


def test_the_counts_outlive_the_words(database: Database, connection: Connection) -> None:
    conversation = _talk(database, connection)
    count(connection, "asked", topic="repairs", language="pl", area_code=None, channel="web")
    erase_conversation(connection, conversation)
    assert connection.execute(select(counts.c.number)).scalar() == 1


# Tables without anything of a conversation: what was imported, and the bench of the advisers with its own times.
OF_NOBODY = ("postcodes", "service", "console_", "alembic_version")


@pytest.mark.parametrize("name", [name for name in sorted(metadata.tables) if not name.startswith(OF_NOBODY)])
def test_every_table_but_the_counts_is_erased(name: str) -> None:
    assert name in {"counts", *ELSEWHERE} or name in {table.name for table, _ in AGES}


def test_a_receipt_names_its_numbers() -> None:
    assert FULL.as_dict() == {"conversations": 1, "messages": 2, "answers": 3, "votes": 1, "sessions": 1}
