"""Taking rows of a delivery table to work on: the oldest first, one of a person at a time, each for one worker only.

A row is taken for as long as its lease runs; when that is over, it may be taken again. Several workers share a table on
PostgreSQL, where nobody waits for what another one is just taking.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, exists, select, update
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.ids import new_choice_id


def take(
    connection: Connection,
    table: Table,
    most: int,
    channels: Sequence[str],
    *,
    is_open: Sequence[str],
    is_free: Sequence[str],
    becomes: str,
    seconds: float,
) -> tuple[str, list[Any]]:
    """Take up to `most` due rows of these channels, none while an earlier one of the same person is open.

    Args:
        is_open: the states of a row that is not done.
        is_free: those of them in which a row may be taken, once it is due.
        becomes: the state of a row that is taken.
        seconds: how long the lease runs.

    Returns:
        The lease, and the rows as they were before.
    """
    now, lease, columns = timestamp(), new_choice_id(), table.c
    earlier = table.alias("earlier")
    is_first = ~exists(
        select(earlier.c.id).where(
            earlier.c.conversation_id == columns.conversation_id,
            earlier.c.id < columns.id,
            earlier.c.state.in_(is_open),
        )
    )
    due = (columns.state.in_(is_free), columns.next_at <= now, columns.channel.in_(list(channels)), is_first)
    found = select(table).where(*due).order_by(columns.id).limit(most).with_for_update(skip_locked=True, of=table)
    rows = connection.execute(found).all()
    if rows:
        taken = {"state": becomes, "lease": lease, "next_at": now + seconds, "attempts": columns.attempts + 1}
        connection.execute(update(table).where(columns.id.in_([row.id for row in rows])).values(**taken))
    return lease, rows
