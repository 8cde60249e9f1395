"""The same conversations on a real PostgreSQL, started from the system's package."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import build_app
from bot.core.database import Database
from bot.core.settings import load_settings
from bot.service import build_assistant
from tests.contract.conftest import open_person
from tests.contract.stores import PostgresServer
from tests.model import ensure_model


@pytest.fixture(scope="module")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of its own on a loopback port."""
    if not PostgresServer.initdb:
        pytest.skip("PostgreSQL's server is not installed (make packages)")
    server = PostgresServer(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server.url
    server.stop()


async def test_conversation_on_postgresql(postgres_url: str) -> None:
    ensure_model()
    settings = load_settings({}, database_url=postgres_url, secret_key="k" * 32)
    database = Database(postgres_url)
    assistant = build_assistant(settings, database)
    async with TestClient(TestServer(build_app(settings, database=database, assistant=assistant))) as client:
        person = await open_person(client)
        message_id = uuid.uuid4().hex
        first = await person.post(text="How do I join the housing register?", client_msg_id=message_id)
        assert first == await person.post(text="How do I join the housing register?", client_msg_id=message_id)
        again = await person.says("repeat that please")
        assert again["messages"][0]["topic"] == "register_join"
        assert again["messages"][0]["number"] == 2
        receipt = await (await client.delete("/api/v1/sessions", headers=person.headers)).json()
        assert receipt["deleted"] == {"conversations": 1, "messages": 2, "answers": 2, "votes": 0, "sessions": 1}
