"""How many sign-ins may fail."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.console.throttle import (
    PER_ACCOUNT,
    PER_ACCOUNT_AND_NETWORK,
    PER_NETWORK,
    WINDOW_SECONDS,
    attempts,
    count_attempt,
    forgive,
)
from bot.core.errors import RateLimited
from tests.unit.console.conftest import NOW

HOME, CAFE = "203.0.113.7", "198.51.100.7"


def fill(connection: Connection, number: int, account: str = "amina", network: str = HOME, now: float = NOW) -> None:
    for _ in range(number):
        count_attempt(connection, account, network, now)


def refused(connection: Connection, account: str = "amina", network: str = HOME, now: float = NOW) -> int:
    """Return how many seconds somebody has to wait; the attempt must be refused."""
    with pytest.raises(RateLimited) as raised:
        count_attempt(connection, account, network, now)
    return raised.value.seconds


def test_one_account_from_one_network(connection: Connection) -> None:
    fill(connection, PER_ACCOUNT_AND_NETWORK)
    assert refused(connection, now=NOW + 60) == WINDOW_SECONDS - 60
    fill(connection, 1, network=CAFE)
    fill(connection, 1, account="bob")


def test_one_account_from_everywhere(connection: Connection) -> None:
    for number in range(PER_ACCOUNT):
        fill(connection, 1, network=f"203.0.113.{number}")
    refused(connection, network=CAFE)


def test_one_network_with_many_accounts(connection: Connection) -> None:
    for number in range(PER_NETWORK):
        fill(connection, 1, account=f"person {number}")
    refused(connection, account="another")
    fill(connection, 1, account="another", network=CAFE)


def test_the_window_moves_on(connection: Connection) -> None:
    fill(connection, PER_ACCOUNT_AND_NETWORK - 1)
    fill(connection, 1, now=NOW + 100)
    assert refused(connection, now=NOW + WINDOW_SECONDS - 1) == 1
    fill(connection, PER_ACCOUNT_AND_NETWORK - 1, now=NOW + WINDOW_SECONDS)
    assert refused(connection, now=NOW + WINDOW_SECONDS) == 100
    fill(connection, 1, now=NOW + 100 + WINDOW_SECONDS)


def test_signing_in_takes_back_ones_own_attempts_only(connection: Connection) -> None:
    fill(connection, 3)
    fill(connection, 2, account="bob")
    fill(connection, 4, network=CAFE)
    forgive(connection, "amina", HOME)
    rows = [row.key for row in connection.execute(select(attempts.c.key))]
    assert len(rows) == 3 * (2 + 4)
    fill(connection, PER_ACCOUNT_AND_NETWORK)
    refused(connection)
    fill(connection, 1, account="bob")


def test_a_refused_attempt_does_not_prolong_the_wait(connection: Connection) -> None:
    fill(connection, PER_ACCOUNT_AND_NETWORK)
    first = refused(connection, now=NOW + 10)
    for second in range(11, 60):
        refused(connection, now=NOW + second)
    assert refused(connection, now=NOW + 60) == first - 50


def test_nobody_is_named(connection: Connection) -> None:
    fill(connection, 1, account="amina@example.org")
    stored = str(connection.execute(select(attempts)).all())
    assert "amina" not in stored
    assert HOME not in stored
