"""One database for everything that must survive a crash: a SQLite file, or PostgreSQL by `DATABASE_URL`.

Work runs in a thread so that the event loop never waits for a disk. SQLite has one thread (it has one writer anyway);
PostgreSQL a small pool. A unit of work is one function that gets a connection inside a transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import MetaData, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.elements import TextClause

from bot.core.errors import SourceUnavailable
from bot.core.schema import check_columns, hold_start_lock, migrate

T = TypeVar("T")
metadata = MetaData()  # every module that owns a table registers it here
IN_MEMORY = ("sqlite://", "sqlite:///:memory:")
POSTGRES_THREADS = 8
BUSY_MILLISECONDS = 5_000


class Database:
    """An open database."""

    def __init__(self, url: str) -> None:
        """Open it and bring its tables to this version. `url`: SQLAlchemy address, `sqlite://` for memory.

        Raises:
            SourceUnavailable: there is no such database, or it did not answer.
            ConfigError: its tables are of another version.
        """
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        self._threads = ThreadPoolExecutor(1 if self.is_sqlite else POSTGRES_THREADS, thread_name_prefix="database")
        try:
            if url in IN_MEMORY:
                metadata.create_all(self.engine)
            else:
                migrate(self.engine)
            with self.engine.begin() as connection:
                check_columns(connection, metadata)
        except OperationalError as error:
            raise SourceUnavailable(f"database: {type(error.orig).__name__}") from error

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction in a database thread and return what it returns.

        Raises:
            SourceUnavailable: the database did not answer; nothing was written.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.run_now, work)

    def run_now(self, work: Callable[[Connection], T]) -> T:
        """The same in this thread, for the command line and for tests."""
        try:
            with self.engine.begin() as connection:
                return work(connection)
        except OperationalError as error:
            raise SourceUnavailable(f"database: {type(error.orig).__name__}") from error

    def run_alone(self, work: Callable[[Connection], T]) -> T:
        """The same for what every process does at its start: one process after the other."""

        def alone(connection: Connection) -> T:
            if not self.is_sqlite:  # SQLite has one writer anyway
                hold_start_lock(connection)
            return work(connection)

        return self.run_now(alone)

    def insert(self, table: Any) -> Any:
        """Return an INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` of this database."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def close(self) -> None:
        """Finish running work and close."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()


@cache
def upsert(table: Table, keys: tuple[str, ...] = (), changes: tuple[tuple[str, str], ...] = ()) -> TextClause:
    """Return an INSERT of all columns of a table, in the words that SQLite and PostgreSQL share.

    SQLAlchemy builds and compiles its own form of it anew at each call, which was a tenth of a turn.

    Args:
        keys: columns that may be there already; without them any unique ones, and the row is left as it is.
        changes: (column, expression) of what changes then.
    """
    columns = [column.name for column in table.columns]
    values = ", ".join(f":{name}" for name in columns)
    conflict = f"({', '.join(keys)}) DO UPDATE SET " + ", ".join(f"{name} = {new}" for name, new in changes)
    return text(
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({values}) "  # noqa: S608 — names of our own tables
        f"ON CONFLICT {conflict if keys else 'DO NOTHING'}"
    )


def default_url(directory: Path) -> str:
    """Return the address of the SQLite file in `directory`, which is created."""
    directory.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{directory / 'doorway.sqlite'}"


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, future=True, poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")  # type: ignore[untyped-decorator]  # SQLAlchemy 1.4 has no types
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin below is the only one
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # survives kill -9; a power cut may lose the last seconds
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.execute("PRAGMA secure_delete=ON")  # erased text is overwritten in the file

    @event.listens_for(engine, "begin")  # type: ignore[untyped-decorator]  # SQLAlchemy 1.4 has no types
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: str) -> Engine:
    address = url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg2://", 1)
    return create_engine(
        address,
        future=True,
        pool_size=POSTGRES_THREADS,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=5,
        connect_args={"connect_timeout": 5, "options": "-c statement_timeout=5000"},
    )
