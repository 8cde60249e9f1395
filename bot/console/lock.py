"""One writer at a time where a decision hangs on rows that others may be adding. SQLite has one writer anyway."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import Connection

AUDIT, ATTEMPTS = 0x446F6F01, 0x446F6F02  # any numbers, the same in every process


def lock(connection: Connection, what: int) -> None:
    """Wait until no other transaction holds the lock, and hold it to the end of this one."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:what)"), {"what": what})
