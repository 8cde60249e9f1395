"""Opening the directory with the services written down by us in it."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from bot.core.database import Database
from bot.directory.seed import FEED, seed_services
from bot.directory.store import Store, open_store


def open_directory(database: Database) -> Store:
    """Return the store; our own services are as the files have them today, whatever was there before."""
    store = open_store(database)

    def write(connection: Connection) -> None:
        written = store.put(connection, FEED, seed_services())
        store.finish(connection, FEED, written.ids)

    database.run_alone(write)
    return store
