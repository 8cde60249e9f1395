"""What is to be sent: parts in order, one of a person at a time, each marked before and after it is sent.

A part whose sender died is `sending` until its lease runs out. By then the platform's receipt has said whether it was
taken, where a platform has receipts; else it is sent again. After a time in which no receipt could be taken in either
(nobody ran, no database), the worker gives them that long once more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.channels.delivery import FAILED, HELD, OPEN_OUT, SENDING, SENT, WAITING, deliveries_out
from bot.channels.leases import take
from bot.channels.platform import Outcome, Part, Payload
from bot.core.clock import timestamp
from bot.core.ids import new_choice_id

LEASE_SECONDS = 30.0  # longer than a send may take (sender.py) and than receipts do
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds between two tries, doubled each time
MOST_ATTEMPTS = 16  # about an hour of a platform that is down
LONGEST_CODE = 32


@dataclass(frozen=True)
class Departure:
    """A part that a worker has taken."""

    id: int
    channel: str
    conversation_id: str
    address: str
    payload: Payload
    receipt: str
    is_aside: bool
    lease: str
    attempts: int


def put_departures(
    connection: Connection, *, channel: str, conversation: str, message_key: str, address: str, parts: Sequence[Part]
) -> None:
    """Add the parts of a reply, in order."""
    now = timestamp()
    rows = [
        {
            "channel": channel,
            "conversation_id": conversation,
            "message_key": message_key,
            "address": address,
            "payload": json.dumps(part.payload, separators=(",", ":")),
            "is_aside": part.is_aside,
            "receipt": new_choice_id(),
            "state": HELD if part.is_held else WAITING,
            "attempts": 0,
            "next_at": now,
            "code": "",
            "created_at": now,
        }
        for part in parts
    ]
    if rows:
        connection.execute(insert(deliveries_out), rows)


def take_departures(
    connection: Connection, most: int, channels: Sequence[str], *, hearing_seconds: float = LEASE_SECONDS
) -> list[Departure]:
    """Take up to `most` parts, the oldest first, none while an earlier one of the same person is open.

    `hearing_seconds`: how long receipts could be taken in. What was being sent is left alone before that is a lease.
    """
    lease, rows = take(
        connection,
        deliveries_out,
        most,
        channels,
        is_open=OPEN_OUT,
        is_free=OPEN_OUT if hearing_seconds >= LEASE_SECONDS else (WAITING,),
        becomes=SENDING,
        seconds=LEASE_SECONDS,
    )
    return [
        Departure(row.id, row.channel, row.conversation_id, row.address, json.loads(row.payload), row.receipt,
                  bool(row.is_aside), lease, row.attempts + 1)
        for row in rows
    ]  # fmt: skip


def settle_departure(connection: Connection, departure: Departure, outcome: Outcome) -> str:
    """Write down how a send ended and return the state it is in now.

    `unknown` is left to its lease: a receipt may still come, and what was taken once must not be sent twice.
    """
    if departure.is_aside:
        state = SENT if outcome.kind == "sent" else FAILED
    elif outcome.kind == "unknown" and departure.attempts < MOST_ATTEMPTS:
        return SENDING
    elif outcome.kind == "again" and departure.attempts < MOST_ATTEMPTS:
        wait = max(outcome.wait, min(LONGEST_WAIT, FIRST_WAIT * 2 ** (departure.attempts - 1)))
        again = {"state": WAITING, "lease": None, "next_at": timestamp() + wait, "code": outcome.code[:LONGEST_CODE]}
        connection.execute(_mine(departure).values(**again))
        return WAITING
    else:
        state = SENT if outcome.kind == "sent" else FAILED
    connection.execute(_mine(departure).values(**_closed(state, outcome.code)))
    return state


def confirm_departure(connection: Connection, receipt: str, state: str, code: str = "") -> bool:
    """Take a platform's receipt: `sent`, or `failed` for a message it took and could not deliver."""
    open_now = deliveries_out.c.state.in_((*OPEN_OUT, SENT) if state == FAILED else OPEN_OUT)
    statement = update(deliveries_out).where(deliveries_out.c.receipt == receipt, open_now)
    return bool(connection.execute(statement.values(**_closed(state, code))).rowcount)


def release_held(connection: Connection, conversation: str) -> bool:
    """Send the next held part of a conversation; False when there is none."""
    mine = deliveries_out.c.conversation_id == conversation
    first = (
        select(deliveries_out.c.id).where(mine, deliveries_out.c.state == HELD).order_by(deliveries_out.c.id).limit(1)
    )
    number = connection.execute(first).scalar()
    if number is None:
        return False
    released = update(deliveries_out).where(deliveries_out.c.id == number)
    connection.execute(released.values(state=WAITING, next_at=timestamp()))
    return True


def has_held(connection: Connection, conversation: str) -> bool:
    """Whether there is more of the last answer."""
    mine = (deliveries_out.c.conversation_id == conversation) & (deliveries_out.c.state == HELD)
    return connection.execute(select(deliveries_out.c.id).where(mine).limit(1)).first() is not None


def drop_held(connection: Connection, conversation: str) -> None:
    """Forget the rest of an answer that nobody asked for."""
    mine = deliveries_out.c.conversation_id == conversation
    connection.execute(delete(deliveries_out).where(mine, deliveries_out.c.state == HELD))


def drop_departures(connection: Connection, conversation: str) -> None:
    """Forget everything that was not sent to a person who can or will not get it."""
    mine = deliveries_out.c.conversation_id == conversation
    connection.execute(delete(deliveries_out).where(mine, deliveries_out.c.state.in_((*OPEN_OUT, HELD))))


def _mine(departure: Departure) -> Any:
    is_mine = (deliveries_out.c.id == departure.id) & (deliveries_out.c.lease == departure.lease)
    return update(deliveries_out).where(is_mine, deliveries_out.c.state == SENDING)


def _closed(state: str, code: str) -> dict[str, Any]:
    return {"state": state, "lease": None, "address": "", "payload": "{}", "code": code[:LONGEST_CODE]}
