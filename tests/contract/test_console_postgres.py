"""The console's tables on a real PostgreSQL: the audit list with many writers, sign-ins counted, sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InternalError

from bot.console.audit import check_chain, record
from bot.console.sessions import FULL, find_session, open_session, step_up
from bot.console.throttle import PER_ACCOUNT_AND_NETWORK, count_attempt, forgive
from bot.console.users import accept_invitation, create_user, invite, is_open, take_step
from bot.core.database import Database
from bot.core.errors import RateLimited
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

NOW = 1_800_000_000.0
WRITERS, EACH = 8, 25


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:  # noqa: F811 — that fixture
    """The open database."""
    opened = Database(postgres_url)
    yield opened
    opened.close()


async def test_many_writers_make_one_chain_that_nobody_changes(postgres: Database) -> None:
    def write(connection: Connection) -> None:
        record(connection, "signed_in", now=NOW + 0.123456, network="203.0.113.7", reason="é 😀")

    await asyncio.gather(*(postgres.run(write) for _ in range(WRITERS * EACH)))
    chain = await postgres.run(check_chain)
    assert (chain.entries, chain.broken_at) == (WRITERS * EACH, None)
    for statement in ("UPDATE console_audit SET reason = ''", "DELETE FROM console_audit", "TRUNCATE console_audit"):
        with pytest.raises(InternalError, match="only added to"):
            await postgres.run(lambda connection, statement=statement: connection.execute(text(statement)))
    assert (await postgres.run(check_chain)).digest == chain.digest


async def test_accounts_and_sessions(postgres: Database) -> None:
    def work(connection: Connection) -> None:
        assert not is_open(connection)
        user = create_user(connection, name="Chi Nguyễn", email="chi@example.org", role="admin", now=NOW)
        assert is_open(connection)
        token = invite(connection, user.id, NOW)
        assert accept_invitation(connection, token, "hash", NOW)
        assert not accept_invitation(connection, token, "hash", NOW)
        assert [take_step(connection, user.id, 60_000_000) for _ in "ab"] == [True, False]
        session = find_session(connection, open_session(connection, user.id, FULL, NOW), NOW)
        assert session
        assert find_session(connection, step_up(connection, session, NOW), NOW)

    await postgres.run(work)


async def test_sign_ins_are_counted(postgres: Database) -> None:
    def work(connection: Connection) -> None:
        for _ in range(PER_ACCOUNT_AND_NETWORK):
            count_attempt(connection, "chi", "203.0.113.7", NOW)
        with pytest.raises(RateLimited):
            count_attempt(connection, "chi", "203.0.113.7", NOW)
        forgive(connection, "chi", "203.0.113.7")
        count_attempt(connection, "chi", "203.0.113.7", NOW)

    await postgres.run(work)
