"""A database that is brought to this version by steps is the one that the modules describe, also when many start it."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Connection

from bot.console.users import get_user
from bot.core import database as databases
from bot.core.database import Database
from bot.core.errors import ConfigError
from bot.core.schema import alembic_config
from bot.directory.opening import open_directory
from bot.directory.seed import seed_services
from bot.migrations.tables import all_tables
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

VERSION_TABLE = "alembic_version"
STARTERS = 4
FIRST, HEAD = "0001", "0002"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"test_{abs(hash(request.node.name)) % 10**9}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.rsplit("/", 1)[0] + f"/{name}"
    engine.dispose()


def described(connection: Connection) -> dict[str, Any]:
    """Return what the database itself says about its tables and triggers, without the table of the version."""
    found = inspect(connection)
    tables = {
        name: {
            "columns": {column["name"]: _column(column) for column in found.get_columns(name)},
            "key": found.get_pk_constraint(name)["constrained_columns"],
            "unique": sorted(sorted(item["column_names"]) for item in found.get_unique_constraints(name)),
            "indexes": sorted((item["name"], item["column_names"], item["unique"]) for item in found.get_indexes(name)),
            "foreign": [
                (item["constrained_columns"], item["referred_table"], item["options"])
                for item in found.get_foreign_keys(name)
            ],
        }
        for name in found.get_table_names()
        if name != VERSION_TABLE
    }
    if connection.dialect.name == "sqlite":
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        triggers = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    rows = connection.execute(text(triggers)).all()
    return {**tables, "triggers": {name: sql.replace(" IF NOT EXISTS", "") for name, sql in rows}}


def _column(column: dict[str, Any]) -> tuple[Any, ...]:
    return str(column["type"]), column["nullable"], column["default"]


def migrated(url: str) -> dict[str, Any]:
    """Open a database and describe it."""
    opened = Database(url)
    found = opened.run_now(described)
    opened.close()
    return found


def version(url: str) -> str:
    """Return the version that is written in a database."""
    opened = Database(url)
    found = opened.run_now(
        lambda connection: connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    )
    opened.close()
    return str(found)


def created(url: str) -> dict[str, Any]:
    """Make the tables in an empty database as the modules have them, and describe it."""
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        all_tables().create_all(connection)
        found = described(connection)
    engine.dispose()
    return found


def before_steps(url: str) -> None:
    """Make the tables as they were when there were no steps yet."""
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), FIRST)
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    engine.dispose()


def test_a_migrated_database_has_exactly_the_tables_of_the_modules(url: str, tmp_path: Path) -> None:
    found = migrated(url)
    if url.startswith("sqlite"):
        expected = created(f"sqlite:///{tmp_path / 'expected.sqlite'}")
    else:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        expected = created(url)
    assert set(found) == {*all_tables().tables, "triggers"}
    assert found == expected


def test_a_database_from_before_there_were_steps_keeps_its_rows_and_gets_what_is_missing(url: str) -> None:
    before_steps(url)
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO conversations VALUES ('c1', '{}', 1.0)"))
        connection.execute(text("DROP TABLE optouts"))
        connection.execute(text("DROP INDEX ix_inbox_received_at"))
    engine.dispose()
    assert set(migrated(url)) == {*all_tables().tables, "triggers"}
    assert version(url) == HEAD
    opened = Database(url)
    assert opened.run_now(lambda c: c.execute(text("SELECT id FROM conversations")).scalar_one()) == "c1"
    assert "ix_inbox_received_at" in str(opened.run_now(described)["inbox"]["indexes"])
    opened.close()


def test_an_account_from_before_it_could_have_languages_has_none(url: str) -> None:
    before_steps(url)
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO console_users (id, name, email, role, totp_enrolled, totp_step, disabled, created_at) "
                "VALUES ('u1', 'A', 'a@b', 'translator', false, 0, false, 1.0)"
            )
        )
    engine.dispose()
    opened = Database(url)
    assert opened.run_now(lambda connection: get_user(connection, "u1")).languages == ()
    opened.close()


def test_a_database_of_a_newer_version_is_left_alone(url: str) -> None:
    before = migrated(url)
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match=r"newer version \(9999\)"):
        Database(url)
    with engine.begin() as connection:
        assert described(connection) == before
    engine.dispose()


def _start(url: str, gate: Any, ended: Any) -> None:
    """Open a database and its directory at the same moment as others do, in a process of its own."""
    try:
        gate.wait(60)
        opened = Database(url)
        open_directory(opened)
        opened.close()
        ended.put("well")
    except Exception as error:
        ended.put(repr(error))


def test_starters_at_once_end_well(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    gate, ended = context.Barrier(STARTERS), context.Queue()
    starters = [context.Process(target=_start, args=(url, gate, ended)) for _ in range(STARTERS)]
    for starter in starters:
        starter.start()
    assert [ended.get(timeout=120) for _ in starters] == ["well"] * STARTERS
    for starter in starters:
        starter.join()
    assert version(url) == HEAD
    assert set(migrated(url)) >= {*all_tables().tables, "triggers"}
    opened = Database(url)
    assert opened.run_now(lambda c: c.execute(text("SELECT count(*) FROM services")).scalar_one()) == len(
        list(seed_services())
    )
    opened.close()


def test_a_step_that_fails_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("alembic.op.create_index", fail)  # after the first tables were made
    with pytest.raises(ZeroDivisionError):
        Database(url)
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
    monkeypatch.undo()
    assert set(migrated(url)) == {*all_tables().tables, "triggers"}


def test_waiting_for_another_starter_is_for_the_start_only(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    waits = opened.run_now(lambda connection: connection.execute(text("PRAGMA busy_timeout")).scalar_one())
    opened.close()
    assert waits == databases.BUSY_MILLISECONDS


def test_a_locked_file_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "test.sqlite"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN IMMEDIATE")
    context = multiprocessing.get_context("spawn")
    gate, ended = context.Barrier(2), context.Queue()
    starter = context.Process(target=_start, args=(f"sqlite:///{path}", gate, ended))
    starter.start()
    gate.wait(60)
    holder.execute("COMMIT")
    assert ended.get(timeout=60) == "well"
    starter.join()
    holder.close()
