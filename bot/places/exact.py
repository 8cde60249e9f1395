"""Exact postcodes that an operator imported: a table, and looking one up in it. Filling it is `imports`.

Reading has connections of its own, so that it may be done from any thread and inside a unit of work, and waits for no
writer.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, create_engine, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.core.database import Database, metadata
from bot.places.lookup import ExactPostcode
from bot.places.postcode import CROWN_DEPENDENCIES, outward_of

DEGREE = 100_000  # the table's units in a degree: about a metre

postcodes = Table(
    "postcodes",
    metadata,
    Column("postcode", String(7), primary_key=True),  # without its space
    Column("gss_code", String(9), nullable=False),
    Column("latitude", Integer, nullable=False),  # 1e-5 degrees (WGS84)
    Column("longitude", Integer, nullable=False),
    Column("is_terminated", Boolean(create_constraint=False), nullable=False),
    sqlite_with_rowid=False,  # a third smaller
)


class ImportedPostcodes:
    """The imported postcodes of a database in a file or a server; one in memory has none, nobody can import into it."""

    def __init__(self, database: Database) -> None:
        self._engine = _reader(database)

    def find(self, postcode: str) -> ExactPostcode | None:
        """Return what the table knows of a postcode ("SW9 8JH"); None too where the table cannot be read."""
        if self._engine is None or outward_of(postcode)[:2] in CROWN_DEPENDENCIES:
            return None
        query = select(postcodes).where(postcodes.c.postcode == postcode.replace(" ", ""))
        try:
            with self._engine.connect() as connection:
                row = connection.execute(query).first()
        except SQLAlchemyError:  # the outward code is the answer then
            return None
        if row is None:
            return None
        return ExactPostcode(
            postcode, row.gss_code, row.latitude / DEGREE, row.longitude / DEGREE, is_terminated=row.is_terminated
        )


def _reader(database: Database) -> Engine | None:
    if not database.is_sqlite:
        return database.engine
    return create_engine(database.engine.url, future=True) if database.engine.url.database else None
