"""Messages of the platforms on their way in and out: two tables whose states make a crash harmless.

In: waiting → working → done. The unique key (channel, digest of the platform's message id) answers a repeated delivery
with silence. Out: held → waiting → sending → sent or failed. A row in `working` or `sending` carries a lease; when that
runs out, somebody else goes on. What a row no longer needs (words, the platform's id of the person) is emptied when it
is done; the bare digest stays as long as a platform may repeat a delivery.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint, delete, update
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.database import Database, metadata

WAITING, WORKING, DONE = "waiting", "working", "done"
HELD, SENDING, SENT, FAILED = "held", "sending", "sent", "failed"
OPEN_IN, OPEN_OUT = (WAITING, WORKING), (WAITING, SENDING)
REPEAT_SECONDS = 8 * 86_400.0  # Meta repeats a delivery for up to seven days
NOBODY = ""
PERSON, PLATFORM = "person", "platform"  # who ended it

deliveries_in = Table(
    "deliveries_in",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),  # the order of arrival
    Column("channel", String(16), nullable=False),
    Column("message_key", String(64), nullable=False),
    Column("conversation_id", String(64), nullable=False),
    Column("address", Text, nullable=False),  # the platform's id of the person
    Column("content", Text, nullable=False),  # JSON of the event: words until they are answered
    Column("state", String(8), nullable=False),
    Column("lease", String(24)),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("received_at", Float, nullable=False, index=True),
    UniqueConstraint("channel", "message_key"),
    Index("deliveries_in_due", "state", "next_at"),
    Index("deliveries_in_order", "conversation_id", "id"),
)
deliveries_out = Table(
    "deliveries_out",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("conversation_id", String(64), nullable=False),
    Column("message_key", String(64), nullable=False),  # of the message it answers
    Column("address", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("is_aside", Boolean, nullable=False),
    Column("receipt", String(24), nullable=False, unique=True),
    Column("state", String(8), nullable=False),
    Column("lease", String(24)),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("code", String(32), nullable=False),  # of the last failure
    Column("created_at", Float, nullable=False, index=True),
    Index("deliveries_out_due", "state", "next_at"),
    Index("deliveries_out_order", "conversation_id", "id"),
)
# Who wants no messages: the keyed id only, for as long as it is so.
optouts = Table(
    "optouts",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("by", String(8), nullable=False),  # person, or platform: blocked, opted out there
    Column("created_at", Float, nullable=False),
)


def accept_delivery(
    database: Database,
    connection: Connection,
    *,
    channel: str,
    message_key: str,
    conversation: str,
    address: str,
    content: dict[str, Any],
) -> bool:
    """Record an event; return False when it had been recorded before."""
    now = timestamp()
    row = {
        "channel": channel,
        "message_key": message_key,
        "conversation_id": conversation,
        "address": address,
        "content": json.dumps(content, separators=(",", ":")),  # ASCII: half a surrogate pair may be in it
        "state": WAITING,
        "attempts": 0,
        "next_at": now,
        "received_at": now,
    }
    return bool(connection.execute(database.insert(deliveries_in).values(**row).on_conflict_do_nothing()).rowcount)


def erase_deliveries(connection: Connection, conversation: str, *, keep_open: bool = False) -> int:
    """Delete what is on its way to a person, and all of what came from them but the bare digests; return how many.

    `keep_open`: what they wrote since, and is not answered yet, stays.
    """
    gone = connection.execute(delete(deliveries_out).where(deliveries_out.c.conversation_id == conversation)).rowcount
    mine = deliveries_in.c.conversation_id == conversation
    emptied = connection.execute(_emptied(mine & (deliveries_in.c.state == DONE) if keep_open else mine)).rowcount
    return int(gone) + int(emptied)


def erase_old_deliveries(connection: Connection, before: float) -> int:
    """Delete what is older than a moment, and digests that no platform repeats any more; return how many."""
    old = connection.execute(delete(deliveries_out).where(deliveries_out.c.created_at < before)).rowcount
    is_old = deliveries_in.c.received_at < before
    emptied = connection.execute(_emptied(is_old & (deliveries_in.c.conversation_id != NOBODY))).rowcount
    repeated_no_more = min(before, timestamp() - REPEAT_SECONDS)
    connection.execute(delete(deliveries_in).where(deliveries_in.c.received_at < repeated_no_more))
    return int(old) + int(emptied)


def _emptied(condition: Any) -> Any:
    nothing = {"conversation_id": NOBODY, "address": "", "content": "{}", "state": DONE, "lease": None}
    return update(deliveries_in).where(condition).values(**nothing)


def opt_out(database: Database, connection: Connection, conversations: list[str], by: str) -> None:
    """Remember that a person wants no messages, under every id they have."""
    for conversation in conversations:
        row = {"conversation_id": conversation, "by": by, "created_at": timestamp()}
        statement = database.insert(optouts).values(**row)
        if by == PERSON:  # the person's own word counts for more
            statement = statement.on_conflict_do_update(index_elements=["conversation_id"], set_={"by": by})
        else:
            statement = statement.on_conflict_do_nothing()
        connection.execute(statement)


def opt_in(connection: Connection, conversations: list[str], by: str | None = None) -> int:
    """Forget it; with `by` only what that side said. Return how many rows went."""
    condition = optouts.c.conversation_id.in_(conversations)
    statement = delete(optouts).where(condition if by is None else condition & (optouts.c.by == by))
    return int(connection.execute(statement).rowcount)


def opted_out(connection: Connection, conversations: list[str]) -> bool:
    """Whether the person said that they want no messages. Who was blocked by the platform and writes again, does."""
    said = optouts.c.conversation_id.in_(conversations) & (optouts.c.by == PERSON)
    return connection.execute(optouts.select().where(said)).first() is not None
