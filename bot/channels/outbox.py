"""What goes out: numbered messages per conversation, and the payloads behind their buttons.

A client asks again with the last number it has seen; the server's row is the truth, so nothing is lost or doubled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Float, Integer, String, Table, Text, delete, insert, select
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.database import metadata
from bot.core.text import ascii_digits

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
    Column("title", String(80), nullable=False),  # as the person saw it: what a tap says in the history
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


@dataclass(frozen=True)
class Button:
    """What a tapped button stands for."""

    payload: str
    title: str


def put_choices(connection: Connection, conversation: str, buttons: dict[str, Button]) -> None:
    """Remember what the buttons of a message mean, by opaque id."""
    now = timestamp()
    rows = [
        {
            "id": key,
            "conversation_id": conversation,
            "payload": button.payload,
            "title": button.title[:80],
            "created_at": now,
        }
        for key, button in buttons.items()
    ]
    if rows:
        connection.execute(insert(choices), rows)


def find_choice(connection: Connection, conversation: str, choice_id: str) -> Button | None:
    """Return the button of this conversation with an id, or None."""
    found = select(choices.c.payload, choices.c.title).where(
        choices.c.id == choice_id, choices.c.conversation_id == conversation
    )
    row = connection.execute(found).first()
    return Button(row.payload, row.title) if row else None


def find_typed_choice(connection: Connection, conversation: str, typed: str) -> str | None:
    """Return the id of the button of the last answer whose number or title was typed, or None.

    Where the choices of the last turn were shown with numbers (`number`), these count, in all of its answers.
    """
    bodies = last_turn(connection, conversation)
    offered = bodies[-1].get("choices", []) if bodies else []
    shown = [choice for body in bodies for choice in body.get("choices", []) if "number" in choice]
    digits = ascii_digits(typed).rstrip(".)")
    if digits.isascii() and digits.isdigit() and len(digits) <= 2:
        numbers = {choice["number"]: choice for choice in shown} or dict(enumerate(offered, start=1))
        return str(numbers[int(digits)]["id"]) if int(digits) in numbers else None
    wanted = typed.casefold()
    found = (str(choice["id"]) for choice in [*offered, *shown] if choice["title"].casefold() == wanted)
    return next(found, None)


def last_turn(connection: Connection, conversation: str) -> list[Body]:
    """Return the answers to the last message that had any, in order."""
    mine = outbox.c.conversation_id == conversation
    last = select(outbox.c.message_id).where(mine).order_by(outbox.c.number.desc()).limit(1)
    message_id = connection.execute(last).scalar()
    return _bodies(connection, mine, outbox.c.message_id == message_id) if message_id else []


def erase_outbox(connection: Connection, conversation: str) -> int:
    """Delete what was sent to a conversation and its buttons; return how many messages."""
    connection.execute(delete(choices).where(choices.c.conversation_id == conversation))
    return int(connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation)).rowcount)


def _bodies(connection: Connection, *conditions: Any) -> list[Body]:
    rows = connection.execute(select(outbox.c.body).where(*conditions).order_by(outbox.c.number)).scalars()
    return [json.loads(body) for body in rows]
