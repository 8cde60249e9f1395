"""Killed in the middle of two hundred conversations: nothing is lost, nothing is said twice."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.contract.server import ServerProcess
from tests.model import ensure_model

CONVERSATIONS, TURNS = 200, 4
TEXTS = ["hello", "How do I join the housing register?", "repeat that please", "thank you"]
KILL_AFTER = 300  # answers in all


class Counter:
    """Counts answers and kills the server at one of them."""

    def __init__(self, server: ServerProcess) -> None:
        self.server, self.answers, self.killed = server, 0, asyncio.Event()

    async def answered(self) -> None:
        self.answers += 1
        if self.answers == KILL_AFTER:
            self.server.kill()
            self.killed.set()
            await asyncio.to_thread(self.server.start)


async def retried(session: aiohttp.ClientSession, method: str, url: str, **arguments: Any) -> dict[str, Any]:
    """Ask until there is an answer, as the widget does: same message id each time."""
    for _ in range(600):
        try:
            async with session.request(method, url, **arguments) as response:
                if response.status in (200, 201):
                    answer: dict[str, Any] = await response.json()
                    return answer
        except (aiohttp.ClientError, asyncio.TimeoutError):
            pass
        await asyncio.sleep(0.2)
    raise AssertionError("no answer")


async def converse(session: aiohttp.ClientSession, counter: Counter) -> list[dict[str, Any]]:
    """Hold one conversation and return all it has at the end."""
    token = (await retried(session, "POST", "/api/v1/sessions"))["token"]
    headers = {"Authorization": f"Bearer {token}"}
    for text in TEXTS[:TURNS]:
        body = {"client_msg_id": uuid.uuid4().hex, "text": text}
        first = await retried(session, "POST", "/api/v1/messages", json=body, headers=headers)
        again = await retried(session, "POST", "/api/v1/messages", json=body, headers=headers)
        assert first == again
        await counter.answered()
    history = await retried(session, "GET", "/api/v1/messages?after=0", headers=headers)
    return list(history["messages"])


@pytest.mark.timeout(280)
async def test_kill_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    ensure_model()
    server = ServerProcess(tmp_path)
    server.start()
    counter = Counter(server)
    try:
        connector = aiohttp.TCPConnector(limit=64)
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(server.url, connector=connector, timeout=timeout) as session:
            conversations = await asyncio.gather(*(converse(session, counter) for _ in range(CONVERSATIONS)))
        assert counter.killed.is_set()
        for messages in conversations:
            assert [message["number"] for message in messages] == list(range(1, TURNS + 1))
            assert [message["asked"] for message in messages] == TEXTS[:TURNS]
            assert messages[2]["topic"] == messages[1]["topic"]  # "repeat" still knew what was answered before
        assert server.stop() == 0
    finally:
        server.kill()
