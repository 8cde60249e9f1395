"""The record of what was done in the console: only ever added to, each row holding the digest of the row before.

The database itself refuses to change or delete rows. Whoever gets round that breaks the chain, unless they write it
anew from there: so note the last number and digest elsewhere from time to time (`doorway users list` prints them).
No message text stands in it: objects are named by kind and id.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import DDL, Column, Float, Integer, String, Table, event, insert, select
from sqlalchemy.engine import Connection, Row

from bot.console.lock import AUDIT, lock
from bot.core.database import metadata

START = "0" * 64  # stands before the first row
IPV4_PREFIX, IPV6_PREFIX = 24, 48
LONGEST_REASON = 300
WORD = 64  # room for a digest
ACTION = re.compile(r"[a-z_]{1,40}")
OBJECT = re.compile(r"[a-z_]{1,20}:[\w.@+/-]{1,80}|")  # kind and id, or nothing

audit = Table(
    "console_audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", Float, nullable=False),
    Column("actor", String(32), nullable=False),  # id of the account; empty: nobody was signed in
    Column("role", String(16), nullable=False),
    Column("action", String(40), nullable=False),
    Column("object", String(101), nullable=False),
    Column("before", String(WORD), nullable=False),  # a word like a role, or the digest of what was there
    Column("after", String(WORD), nullable=False),
    Column("reason", String(LONGEST_REASON), nullable=False),
    Column("network", String(48), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)

for _what in ("UPDATE", "DELETE"):
    event.listen(
        audit,
        "after_create",
        DDL(
            f"CREATE TRIGGER console_audit_no_{_what.lower()} BEFORE {_what} ON console_audit "
            "BEGIN SELECT RAISE(ABORT, 'console_audit is only added to'); END"
        ).execute_if(dialect="sqlite"),
    )
event.listen(
    audit,
    "after_create",
    DDL(
        "CREATE OR REPLACE FUNCTION console_audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'console_audit is only added to'; END $$; "
        "CREATE TRIGGER console_audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON console_audit "
        "EXECUTE FUNCTION console_audit_kept()"
    ).execute_if(dialect="postgresql"),
)


@dataclass(frozen=True)
class Entry:
    """One thing that was done."""

    number: int
    at: float
    actor: str
    role: str
    action: str
    object: str
    before: str
    after: str
    reason: str
    network: str
    previous: str
    digest: str


@dataclass(frozen=True)
class Chain:
    """What a check of the whole record found."""

    entries: int
    digest: str  # of the last row
    broken_at: int | None  # number of the first row that does not fit


def record(
    connection: Connection,
    action: str,
    *,
    now: float,
    actor: str = "",
    role: str = "",
    object: str = "",
    before: str = "",
    after: str = "",
    reason: str = "",
    network: str = "",
) -> Entry:
    """Add an entry, in the transaction of what it tells about.

    Args:
        object: kind and id, e.g. `user:3f…`; never words of a person.
        network: as `client_network` gives it; only a prefix is kept.

    Raises:
        ValueError: the action or the object is not of that form.
    """
    if not ACTION.fullmatch(action) or not OBJECT.fullmatch(object):
        raise ValueError("an audit entry names an action and an object by id")
    lock(connection, AUDIT)
    last = connection.execute(select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)).first()
    fields: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "at": round(now, 3),
        "actor": actor,
        "role": role,
        "action": action,
        "object": object,
        "before": before[:WORD],
        "after": after[:WORD],
        "reason": reason[:LONGEST_REASON],
        "network": network_prefix(network),
        "previous": last.digest if last else START,
    }
    entry = Entry(**fields, digest=entry_digest(fields))
    connection.execute(insert(audit).values(**asdict(entry)))
    return entry


def list_entries(connection: Connection, *, before: int | None = None, limit: int = 50) -> list[Entry]:
    """Return entries, newest first; `before`: only those with a smaller number."""
    statement = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if before is not None:
        statement = statement.where(audit.c.number < before)
    return [_entry(row) for row in connection.execute(statement)]


def check_chain(connection: Connection) -> Chain:
    """Recompute every digest from the first row on."""
    previous, expected = START, 1
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        entry = _entry(row)
        fields = {name: value for name, value in asdict(entry).items() if name != "digest"}
        if (entry.number, entry.previous, entry.digest) != (expected, previous, entry_digest(fields)):
            return Chain(expected - 1, previous, expected)
        previous, expected = entry.digest, expected + 1
    return Chain(expected - 1, previous, None)


def entry_digest(fields: dict[str, Any]) -> str:
    """Return the digest of a row: SHA-256 over its other fields as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()


def network_prefix(network: str) -> str:
    """Return the /24 or /48 a network lies in; empty for what is no address.

    >>> network_prefix("203.0.113.7"), network_prefix("2001:db8:1:2::/64"), network_prefix("unknown")
    ('203.0.113.0/24', '2001:db8:1::/48', '')
    """
    try:
        parsed = ipaddress.ip_network(network, strict=False)
        return str(parsed.supernet(new_prefix=IPV4_PREFIX if parsed.version == 4 else IPV6_PREFIX))
    except ValueError:
        return ""


def _entry(row: Row) -> Entry:
    return Entry(**{name: getattr(row, name) for name in Entry.__dataclass_fields__})
