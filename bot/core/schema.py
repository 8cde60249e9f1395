"""The tables of a database that lasts, brought to this version by the steps in bot/migrations/versions.

One starter at a time: PostgreSQL by an advisory lock, SQLite by its one writer. All steps run in one transaction, so a
killed starter leaves the database as it was. A database from before there were steps has its tables already; the first
step makes only what is missing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, create_engine, inspect, text
from sqlalchemy.engine import Connection, Engine

from bot.core.errors import ConfigError
from bot.core.paths import ROOT

STEPS = ROOT / "bot" / "migrations"
LOCK = 7_301_944_503  # any number of our own
PATIENCE_SECONDS = 600  # for other starters, and for one step on a big table


def hold_start_lock(connection: Connection) -> None:
    """Wait until no other starter works in this PostgreSQL database; held to the end of the transaction."""
    connection.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE_SECONDS}s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def alembic_config(connection: Connection) -> Any:
    """Return what Alembic's commands ask for, on an open connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    return config


def migrate(engine: Engine) -> None:
    """Bring the tables to this version. A database from before there were steps is checked before it is touched.

    Raises:
        ConfigError: the tables are of another version than any step knows.
        OperationalError: the database did not answer.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            before = _busy_milliseconds(connection, PATIENCE_SECONDS * 1000)
        with connection.begin():
            if not is_sqlite:
                hold_start_lock(connection)
            _upgrade(connection)
        if is_sqlite:
            _busy_milliseconds(connection, before)


def check_columns(connection: Connection, metadata: MetaData) -> None:
    """Fail with a name where a table that is there lacks a column.

    Raises:
        ConfigError: a table is of another version.
    """
    present = inspect(connection)
    names = set(present.get_table_names())
    for table in metadata.sorted_tables:
        if table.name in names:
            missing = {column.name for column in table.columns} - {
                item["name"] for item in present.get_columns(table.name)
            }
            if missing:
                raise ConfigError(
                    f"the database is of another version: {table.name} has no {', '.join(sorted(missing))}"
                )


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    steps = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == steps.get_current_head():
        return
    if current is None:
        if inspect(connection).get_table_names():
            check_columns(connection, _first_tables(str(steps.get_base())))
    elif current not in {step.revision for step in steps.walk_revisions()}:
        raise ConfigError(
            f"the database is of a newer version ({current}): start the Doorway that wrote it, or a newer one"
        )
    command.upgrade(config, "head")


def _first_tables(revision: str) -> MetaData:
    """Return the tables as the first step makes them."""
    from alembic import command

    engine, first = create_engine("sqlite://", future=True), MetaData()
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        first.reflect(connection)
    engine.dispose()
    return first


def _busy_milliseconds(connection: Connection, milliseconds: int) -> int:
    """Set how long SQLite waits for another writer; return how long it did. Begins no transaction."""
    cursor = connection.connection.cursor()
    before = int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
    cursor.execute(f"PRAGMA busy_timeout={milliseconds}")
    return before
