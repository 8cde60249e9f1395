"""Failed sign-ins: counted by account, by network and by both together, in the database, for all processes.

An attempt is counted before it is checked, so that many at once gain nothing; a completed sign-in takes its own back.
Keys are digests: the table names nobody.
"""

from __future__ import annotations

import math

from sqlalchemy import Column, Float, Integer, String, Table, delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.console.lock import ATTEMPTS, lock
from bot.core.database import metadata
from bot.core.errors import RateLimited
from bot.core.ids import token_digest

WINDOW_SECONDS = 15 * 60.0
PER_ACCOUNT_AND_NETWORK = 5
PER_ACCOUNT = 20  # from everywhere: guessing from many places, without locking a person out from theirs too soon
PER_NETWORK = 40  # an office or a library shares one address

attempts = Table(
    "console_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, index=True),
    Column("at", Float, nullable=False, index=True),
)


def count_attempt(connection: Connection, account: str, network: str, now: float) -> None:
    """Count one attempt.

    Args:
        account: what was typed as the address, or the id of an account.

    Raises:
        RateLimited: too many; this one was not counted.
    """
    lock(connection, ATTEMPTS)
    connection.execute(delete(attempts).where(attempts.c.at <= now - WINDOW_SECONDS))
    waits = [_wait(connection, key, limit, now) for key, limit in _limits(account, network)]
    if max(waits) > 0:
        raise RateLimited(max(waits))
    connection.execute(insert(attempts), [{"key": key, "at": now} for key, _ in _limits(account, network)])


def forgive(connection: Connection, account: str, network: str) -> None:
    """Take back the attempts of an account that has signed in from a network."""
    keys = [key for key, _ in _limits(account, network)]
    mine = connection.execute(select(func.count()).select_from(attempts).where(attempts.c.key == keys[0])).scalar_one()
    for key in keys:
        newest = select(attempts.c.id).where(attempts.c.key == key).order_by(attempts.c.at.desc()).limit(mine)
        connection.execute(delete(attempts).where(attempts.c.id.in_(newest)))


def _wait(connection: Connection, key: str, limit: int, now: float) -> int:
    rows = connection.execute(select(attempts.c.at).where(attempts.c.key == key).order_by(attempts.c.at)).all()
    return max(1, math.ceil(rows[-limit].at + WINDOW_SECONDS - now)) if len(rows) >= limit else 0


def _limits(account: str, network: str) -> tuple[tuple[str, int], ...]:
    return (
        (token_digest(f"both\0{account}\0{network}"), PER_ACCOUNT_AND_NETWORK),
        (token_digest(f"account\0{account}"), PER_ACCOUNT),
        (token_digest(f"network\0{network}"), PER_NETWORK),
    )
