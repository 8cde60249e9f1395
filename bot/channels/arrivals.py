"""Taking arrived messages in order, one of a person at a time; several workers share them on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import Connection

from bot.channels.delivery import DONE, OPEN_IN, WAITING, WORKING, deliveries_in
from bot.channels.leases import take
from bot.core.clock import timestamp

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
    lease, rows = take(
        connection,
        deliveries_in,
        most,
        channels,
        is_open=OPEN_IN,
        is_free=OPEN_IN,
        becomes=WORKING,
        seconds=LEASE_SECONDS,
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


def _mine(arrival: Arrival) -> Any:
    return update(deliveries_in).where(deliveries_in.c.id == arrival.id, deliveries_in.c.lease == arrival.lease)
