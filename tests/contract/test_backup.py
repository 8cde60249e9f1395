"""The commands of the page on copies, as they stand there: what must last comes back, what people wrote does not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot.channels.delivery import PERSON, accept_delivery, opt_out
from bot.channels.inbox import accept
from bot.console.audit import check_chain, record
from bot.core.database import Database
from bot.core.paths import ROOT
from bot.trackers import write_state
from tests.contract.stores import PostgresServer
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

PAGE = ROOT / "docs" / "runbooks" / "backup-and-restore.md"
NOW = 1_800_000_000.0
GONE = ("conversations", "inbox", "deliveries_in")


def command(beginning: str) -> str:
    """Return the one command of the page that begins like this."""
    (found,) = re.findall(rf"(?<![\w-])({beginning}(?:[^\n`]|(?<=\\)\n)*)", PAGE.read_text(encoding="utf-8"))
    return str(found)


def run(line: str, folder: Path, **environment: str) -> None:
    """Run a command in a shell, with PostgreSQL's programs on the way."""
    path = ":".join([*(str(found.parent) for found in PostgresServer.initdb[-1:]), os.environ["PATH"]])
    subprocess.run(["bash", "-c", line], cwd=folder, env={**os.environ, "PATH": path, **environment}, check=True)


def fill(url: str) -> None:
    """Write something of each kind."""
    database = Database(url)

    def write(connection: Connection) -> None:
        record(connection, "signed_in", now=NOW, network="203.0.113.7")
        opt_out(database, connection, ["c1"], PERSON)
        write_state(connection, "c1", "{}")
        accept(connection, "c1", "message1", "hello")
        accept_delivery(
            database, connection, channel="sms", message_key="k", conversation="c1", address="+44", content={}
        )

    database.run_now(write)
    database.close()


def check(url: str) -> None:
    """Look at what came back, and whether the audit list is still only added to."""
    database = Database(url)
    chain = database.run_now(check_chain)
    assert (chain.entries, chain.broken_at) == (1, None)

    def rows(connection: Connection, table: str) -> int:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 — names above

    assert database.run_now(lambda connection: rows(connection, "optouts")) == 1
    assert [database.run_now(lambda connection, name=name: rows(connection, name)) for name in GONE] == [0, 0, 0]
    with pytest.raises(DBAPIError, match="only added to"), database.engine.begin() as connection:
        connection.execute(text("DELETE FROM console_audit"))
    database.close()


def test_copy_and_restore_of_postgresql(postgres_url: str, tmp_path: Path) -> None:  # noqa: F811 — the fixture
    fill(postgres_url)
    run(command("pg_dump"), tmp_path, DATABASE_URL=postgres_url)
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE restored"))
    engine.dispose()
    restored = postgres_url.rsplit("/", 1)[0] + "/restored"
    run(command("pg_restore"), tmp_path, DATABASE_URL=restored)
    check(restored)


def test_copy_and_restore_of_sqlite(tmp_path: Path) -> None:
    if not shutil.which("sqlite3"):
        pytest.skip("sqlite3 is not installed")
    (tmp_path / "var").mkdir()
    fill(f"sqlite:///{tmp_path / 'var' / 'doorway.sqlite'}")
    run(command("sqlite3 var"), tmp_path)
    run(command("sqlite3 copy"), tmp_path)
    check(f"sqlite:///{tmp_path / 'copy.sqlite'}")
