"""Accounts of the console."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Connection

from bot.console.users import User, create_user

NOW = 1_800_000_000.0


@pytest.fixture
def amina(connection: Connection) -> User:
    """A tester who was made just now."""
    return create_user(connection, name="Amina Yusuf", email="Amina@Example.org ", role="tester", now=NOW)


@pytest.fixture
def admin(connection: Connection) -> User:
    """The only administrator."""
    return create_user(connection, name="Bob Root", email="bob@example.org", role="admin", now=NOW)
