"""What goes out: numbered messages per conversation, and the payloads behind their buttons.

A client asks again with the last number it has seen; the server's row is the truth, so nothing is lost or doubled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Float, Integer, String, Table, Text, delete, insert, select
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.database import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("message_id", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Float, nullable=False, index=True),
)
choices = Table(
    "choices",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("payload", String(80), nullable=False),
    Column("created_at", Float, nullable=False, index=True),
)

Body = dict[str, Any]


def put(connection: Connection, conversation: str, message_id: str, bodies: Iterable[Body], *, last: int) -> list[Body]:
    """Append the answers to one message, numbered after `last`; return them with their numbers."""
    now = timestamp()
    numbered = [{**body, "number": number} for number, body in enumerate(bodies, start=last + 1)]
    if numbered:
        rows = [
            {
                "conversation_id": conversation,
                "number": body["number"],
                "message_id": message_id,
                "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
                "created_at": now,
            }
            for body in numbered
        ]
        connection.execute(insert(outbox), rows)
    return numbered


def answers_to(connection: Connection, conversation: str, message_id: str) -> list[Body]:
    """Return the stored answers to a message, in order."""
    return _bodies(connection, outbox.c.conversation_id == conversation, outbox.c.message_id == message_id)


def answers_after(connection: Connection, conversation: str, number: int) -> list[Body]:
    """Return the answers numbered above `number`, in order."""
    return _bodies(connection, outbox.c.conversation_id == conversation, outbox.c.number > number)


def put_choices(connection: Connection, conversation: str, payloads: dict[str, str]) -> None:
    """Remember what the buttons of a message mean: opaque id → payload."""
    now = timestamp()
    rows = [
        {"id": key, "conversation_id": conversation, "payload": payload, "created_at": now}
        for key, payload in payloads.items()
    ]
    if rows:
        connection.execute(insert(choices), rows)


def find_choice(connection: Connection, conversation: str, choice_id: str) -> str | None:
    """Return the payload of a button of this conversation, or None."""
    found = select(choices.c.payload).where(choices.c.id == choice_id, choices.c.conversation_id == conversation)
    payload: str | None = connection.execute(found).scalar()
    return payload


def erase_outbox(connection: Connection, conversation: str) -> int:
    """Delete what was sent to a conversation and its buttons; return how many messages."""
    connection.execute(delete(choices).where(choices.c.conversation_id == conversation))
    return int(connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation)).rowcount)


def _bodies(connection: Connection, *conditions: Any) -> list[Body]:
    rows = connection.execute(select(outbox.c.body).where(*conditions).order_by(outbox.c.number)).scalars()
    return [json.loads(body) for body in rows]
