"""The database: a unit of work is done as a whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import Connection

from bot.channels.inbox import accept, inbox
from bot.core.database import Database, default_url
from bot.core.errors import ConfigError, SourceUnavailable


def _rows(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(inbox)).scalar())


def test_missing_tables_are_created(database: Database) -> None:
    assert database.run_now(_rows) == 0


async def test_work_runs_in_its_own_thread_and_returns_its_result(database: Database) -> None:
    assert await database.run(lambda connection: connection.execute(text("SELECT 6 * 7")).scalar()) == 42


def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    def work(connection: Connection) -> None:
        accept(connection, "c1", "message1", "hello")
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        database.run_now(work)
    assert database.run_now(_rows) == 0


async def test_many_units_of_work_at_once_all_arrive(database: Database) -> None:
    await asyncio.gather(
        *(database.run(lambda c, n=number: accept(c, "c1", f"message{n}", "x")) for number in range(50))
    )
    assert database.run_now(_rows) == 50


def test_a_failing_statement_is_an_unavailable_source(database: Database) -> None:
    with pytest.raises(SourceUnavailable, match="database"):
        database.run_now(lambda connection: connection.execute(text("SELECT * FROM no_such_table")))


def test_a_database_that_cannot_be_opened_is_an_unavailable_source() -> None:
    with pytest.raises(SourceUnavailable, match="database"):
        Database("sqlite:////no/such/folder/doorway.sqlite")


def test_a_file_keeps_what_was_written(tmp_path: Path) -> None:
    url = default_url(tmp_path / "var")
    first = Database(url)
    first.run_now(lambda connection: accept(connection, "c1", "message1", "hello"))
    first.close()
    second = Database(url)
    assert second.run_now(lambda connection: connection.execute(select(inbox.c.text)).scalar()) == "hello"
    second.close()


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    assert default_url(tmp_path / "a" / "b") == f"sqlite:///{tmp_path / 'a' / 'b' / 'doorway.sqlite'}"
    assert (tmp_path / "a" / "b").is_dir()


def test_erased_text_is_overwritten_in_the_file(tmp_path: Path) -> None:
    opened = Database(default_url(tmp_path))
    opened.run_now(
        lambda c: c.execute(
            insert(inbox).values(conversation_id="c", message_id="m", text="SECRET-WORDS", received_at=0.0)
        )
    )
    opened.run_now(lambda c: c.execute(inbox.delete()))
    opened.close()
    assert all(b"SECRET-WORDS" not in path.read_bytes() for path in tmp_path.iterdir())


def test_an_insert_knows_conflicts(database: Database, connection: Connection) -> None:
    row = {"conversation_id": "c", "message_id": "m", "text": "first", "received_at": 0.0}
    for words in ("first", "second"):
        connection.execute(database.insert(inbox).values({**row, "text": words}).on_conflict_do_nothing())
    assert connection.execute(select(inbox.c.text)).scalars().all() == ["first"]


def test_database_of_another_version_is_named_at_the_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    with sqlite3.connect(tmp_path / "old.sqlite") as old:
        old.execute("CREATE TABLE conversations (id TEXT PRIMARY KEY, state TEXT)")
    with pytest.raises(ConfigError, match="conversations has no updated_at"):
        Database(url)
