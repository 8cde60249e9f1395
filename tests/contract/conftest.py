"""A running application with the real model, and a client that talks to it as a widget would."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import build_app
from bot.core.database import Database
from bot.core.settings import load_settings
from tests.contract.console import SQLITE, Bench, Clock, emptied, open_bench
from tests.model import loaded_assistant

Client = TestClient[Any, Any]


class Person:
    """Somebody with a session."""

    def __init__(self, client: Client, token: str) -> None:
        self.client, self.token = client, token

    async def post(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """Send a body, with a new message id unless it has one; return status and answer."""
        body.setdefault("client_msg_id", uuid.uuid4().hex)
        response = await self.client.post("/api/v1/messages", json=body, headers=self.headers)
        return response.status, await response.json()

    async def says(self, text: str, **body: Any) -> dict[str, Any]:
        """Send a text and return the turn, which must have been answered."""
        status, turn = await self.post(text=text, **body)
        assert status == 200, turn
        return turn

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """The application on a database in memory, with limits out of the way."""
    settings = load_settings(
        {},
        messages_per_minute=100_000,
        messages_per_day=100_000,
        requests_per_minute=100_000,
        sessions_per_hour=100_000,
        secret_key="k" * 32,
    )
    app = build_app(settings, database=Database("sqlite://"), assistant=loaded_assistant())
    app.on_cleanup.clear()  # the assistant is shared by all tests of the process
    async with TestClient(TestServer(app)) as running:
        yield running


@pytest.fixture
async def person(client: Client) -> Person:
    """Somebody who has not chosen a language."""
    return await open_person(client)


async def open_person(client: Client, **body: Any) -> Person:
    """Open a session."""
    response = await client.post("/api/v1/sessions", json=body)
    assert response.status == 201, await response.text()
    return Person(client, (await response.json())["token"])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock for the service that a test moves."""
    made = Clock()
    monkeypatch.setattr("bot.core.clock.now", lambda: made.moment)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def bench_url(request: pytest.FixtureRequest) -> str:
    """An empty database for the console, of either kind; modules that use it import `postgres_url`."""
    return SQLITE if request.param == "sqlite" else emptied(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def bench(clock: Clock, bench_url: str) -> AsyncIterator[Bench]:
    """The console, with an administrator who is only invited."""
    async with open_bench(clock, url=bench_url) as opened:
        opened.account("admin", "Bob Root", "bob@example.org")
        yield opened
