"""Taking arrived messages in order, one of a person at a time; several workers share them on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.engine import Connection

from bot.channels.delivery import DONE, WAITING, WORKING, deliveries_in
from bot.core.clock import timestamp
from bot.core.ids import new_choice_id

LEASE_SECONDS = 20.0  # a turn takes milliseconds; a dead worker's message waits at most so long
RETRY_SECONDS = 2.0


@dataclass(frozen=True)
class Arrival:
    """A message that a worker has taken."""

    id: int
    channel: str
    message_key: str
    conversation_id: str
    address: str
    content: dict[str, Any]
    lease: str
    attempts: int
    received_at: float


def take_arrivals(connection: Connection, most: int, channels: Sequence[str]) -> list[Arrival]:
    """Take up to `most` messages, the oldest first, none while an earlier one of the same person is open."""
    now, lease = timestamp(), new_choice_id()
    earlier = deliveries_in.alias("earlier")
    is_first = ~exists(
        select(earlier.c.id).where(
            earlier.c.conversation_id == deliveries_in.c.conversation_id,
            earlier.c.id < deliveries_in.c.id,
            earlier.c.state.in_((WAITING, WORKING)),
        )
    )
    due = and_(deliveries_in.c.state.in_((WAITING, WORKING)), deliveries_in.c.next_at <= now)
    found = (
        select(deliveries_in)
        .where(due, deliveries_in.c.channel.in_(list(channels)), is_first)
        .order_by(deliveries_in.c.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=deliveries_in)
    )
    rows = connection.execute(found).all()
    if not rows:
        return []
    taken = {"state": WORKING, "lease": lease, "next_at": now + LEASE_SECONDS}
    connection.execute(
        update(deliveries_in)
        .where(deliveries_in.c.id.in_([row.id for row in rows]))
        .values(**taken, attempts=deliveries_in.c.attempts + 1)
    )
    return [
        Arrival(row.id, row.channel, row.message_key, row.conversation_id, row.address, json.loads(row.content), lease,
                row.attempts + 1, row.received_at)
        for row in rows
    ]  # fmt: skip


def finish_arrival(connection: Connection, arrival: Arrival) -> bool:
    """Mark a message as answered and forget its words; False when another worker took it over: store nothing then."""
    done = {"state": DONE, "lease": None, "address": "", "content": "{}"}
    return bool(connection.execute(_mine(arrival).values(**done)).rowcount)


def return_arrival(connection: Connection, arrival: Arrival) -> None:
    """Give a message back, to be tried again a little later."""
    connection.execute(_mine(arrival).values(state=WAITING, lease=None, next_at=timestamp() + RETRY_SECONDS))


def reopen_arrivals(connection: Connection) -> int:
    """Free what a worker had taken that is no more; only for the one worker of a SQLite database, at its start."""
    reopened = update(deliveries_in).where(deliveries_in.c.state == WORKING)
    return int(connection.execute(reopened.values(state=WAITING, lease=None, next_at=timestamp())).rowcount)


def has_open_arrivals(connection: Connection) -> bool:
    """Whether any message is not answered yet."""
    is_open = or_(deliveries_in.c.state == WAITING, deliveries_in.c.state == WORKING)
    return connection.execute(select(deliveries_in.c.id).where(is_open).limit(1)).first() is not None


def _mine(arrival: Arrival) -> Any:
    return update(deliveries_in).where(deliveries_in.c.id == arrival.id, deliveries_in.c.lease == arrival.lease)
