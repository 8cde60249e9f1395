"""The audit list: only added to, and any change is found out."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.console.audit import START, audit, check_chain, entry_digest, list_entries, record
from bot.core.database import Database
from tests.unit.console.conftest import NOW


@pytest.fixture
def ten(connection: Connection) -> Connection:
    """A database with ten entries."""
    for number in range(10):
        told = {"object": f"user:{number}", "after": "editor", "reason": "naïve “quotes” 😀", "network": "203.0.113.7"}
        record(connection, "role_changed", now=NOW + number / 3, actor="a" * 32, **told)
    return connection


def unlock(connection: Connection) -> None:
    """Do what somebody with the rights of the database's owner can do."""
    for what in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER console_audit_no_{what}"))


def test_each_entry_holds_the_digest_of_the_one_before(ten: Connection) -> None:
    entries = list(reversed(list_entries(ten)))
    assert [entry.number for entry in entries] == list(range(1, 11))
    assert entries[0].previous == START
    assert [entry.previous for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]
    chain = check_chain(ten)
    assert (chain.entries, chain.digest, chain.broken_at) == (10, entries[-1].digest, None)


def test_an_empty_list_is_whole(connection: Connection) -> None:
    assert check_chain(connection).broken_at is None


@pytest.mark.parametrize("statement", [update(audit).values(reason="x"), delete(audit)])
def test_the_database_itself_changes_nothing(database: Database, statement: Any) -> None:
    database.run_now(lambda connection: record(connection, "signed_in", now=NOW))
    with pytest.raises(IntegrityError, match="only added to"):
        database.run_now(lambda connection: connection.execute(statement))
    assert database.run_now(check_chain).entries == 1


@pytest.mark.parametrize("column", [column.name for column in audit.columns])
def test_a_change_of_any_field_is_found(ten: Connection, column: str) -> None:
    unlock(ten)
    other: Any = {"number": 99, "at": NOW + 0.5}.get(column, "0" * 8)
    ten.execute(update(audit).where(audit.c.number == 5).values({column: other}))
    assert check_chain(ten).broken_at in (5, 6)


def test_an_entry_that_is_gone_is_found(ten: Connection) -> None:
    unlock(ten)
    ten.execute(delete(audit).where(audit.c.number == 4))
    assert check_chain(ten).broken_at == 4


def test_an_entry_that_was_written_anew_breaks_the_next(ten: Connection) -> None:
    unlock(ten)
    row = dict(ten.execute(audit.select().where(audit.c.number == 3)).mappings().one())
    row["after"] = "viewer"
    row["digest"] = entry_digest({name: value for name, value in row.items() if name != "digest"})
    ten.execute(delete(audit).where(audit.c.number == 3))
    ten.execute(insert(audit).values(**row))
    assert check_chain(ten).broken_at == 4


@pytest.mark.parametrize(
    ("action", "object_"),
    [("Signed in", ""), ("signed_in; DROP", ""), ("flag_made", "my landlord took my keys"), ("flag_made", "flag:a b"),
     ("flag_made", "flag:"), ("", "")],
)  # fmt: skip
def test_words_are_no_object(connection: Connection, action: str, object_: str) -> None:
    with pytest.raises(ValueError, match="by id"):
        record(connection, action, now=NOW, object=object_)


def test_only_a_prefix_of_the_network_is_kept(ten: Connection) -> None:
    assert {entry.network for entry in list_entries(ten)} == {"203.0.113.0/24"}


def test_pages_go_back(ten: Connection) -> None:
    assert [entry.number for entry in list_entries(ten, before=8, limit=3)] == [7, 6, 5]
