"""A directory in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.core.database import Database
from bot.directory.models import Service
from bot.directory.store import Store, Written, open_store

Put = Callable[..., Written]


@pytest.fixture
def store(database: Database) -> Store:
    """An empty directory."""
    return open_store(database)


@pytest.fixture
def put(store: Store) -> Put:
    """Write services of a feed."""

    def write(*services: Service, feed: str = "feed", area: str = "") -> Written:
        return store.database.run_now(lambda connection: store.put(connection, feed, services, area=area))

    return write
