"""Locks that several processes share, on a real Redis started from the system's package."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio.lock import Lock
from redis.exceptions import TimeoutError as RedisTimeout

from bot.channels import locks as lock_module
from bot.channels.locks import PREFIX, SharedLocks
from bot.core.errors import SourceUnavailable
from tests.contract.server import ServerProcess
from tests.contract.stores import RedisServer, children, is_running
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture
from tests.model import ensure_model

SECONDS = 10.0
QUESTIONS = 24


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A running Redis."""
    if not RedisServer.binary:
        pytest.skip("Redis's server is not installed (make packages)")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def pair(redis_server: RedisServer) -> AsyncIterator[tuple[SharedLocks, SharedLocks]]:
    """The locks of two processes."""
    first, second = SharedLocks(redis_server.url), SharedLocks(redis_server.url)
    yield first, second
    await first.close()
    await second.close()


def the_name(server: RedisServer) -> str:
    """Return the name of the one lock that is held."""
    (name,) = server.client.keys("*")
    return name.decode()


async def test_one_at_a_time_whatever_the_process(pair: tuple[SharedLocks, SharedLocks]) -> None:
    inside = most = 0

    async def enter(locks: SharedLocks) -> None:
        nonlocal inside, most
        async with locks.hold("conversation") as held:
            inside += 1
            most = max(most, inside)
            await held.check()  # gives way to the others
            inside -= 1

    await asyncio.gather(*(enter(pair[number % 2]) for number in range(30)))
    assert most == 1


async def test_another_conversation_does_not_wait(pair: tuple[SharedLocks, SharedLocks]) -> None:
    async with pair[0].hold("one"), pair[1].hold("another") as held:
        await held.check()


async def test_nothing_stays_and_the_token_is_not_in_redis(
    redis_server: RedisServer, pair: tuple[SharedLocks, SharedLocks]
) -> None:
    async with pair[0].hold("secret-token"):
        name = the_name(redis_server)
        assert name.startswith(PREFIX)
        assert "secret" not in name
    assert redis_server.client.keys("*") == []


async def test_a_held_lock_is_renewed(
    redis_server: RedisServer, pair: tuple[SharedLocks, SharedLocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "RENEW_SECONDS", 0.01)
    async with pair[0].hold("conversation") as held:
        name = the_name(redis_server)
        redis_server.client.pexpire(name, 3_000)

        async def renewed() -> None:
            while redis_server.client.pttl(name) < 10_000:
                await held.check()

        await asyncio.wait_for(renewed(), SECONDS)


async def test_a_turn_ends_when_redis_swallows_the_end_of_a_renewal(
    pair: tuple[SharedLocks, SharedLocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewing = asyncio.Event()

    async def late(_lock: Lock) -> None:
        """What the client does when its time limit and a cancellation meet."""
        renewing.set()
        try:
            await asyncio.sleep(SECONDS)
        except asyncio.CancelledError:
            raise RedisTimeout from None

    monkeypatch.setattr(lock_module, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(Lock, "reacquire", late)

    async def turn() -> None:
        async with pair[0].hold("conversation"):
            await renewing.wait()

    await asyncio.wait_for(turn(), SECONDS / 2)
    async with pair[1].hold("conversation") as held:
        await held.check()


async def test_a_dead_process_frees_its_lock(
    pair: tuple[SharedLocks, SharedLocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "LIFE_SECONDS", 0.3)
    assert await pair[0]._lock("conversation").acquire()  # and nobody is left to renew it

    async def take_over() -> None:
        async with pair[1].hold("conversation"):
            pass

    await asyncio.wait_for(take_over(), SECONDS)


async def test_who_waits_too_long_is_told(
    pair: tuple[SharedLocks, SharedLocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "WAIT_SECONDS", 0.1)
    async with pair[0].hold("conversation"):
        with pytest.raises(SourceUnavailable, match="waited"):
            async with pair[1].hold("conversation"):
                pytest.fail("two hold one lock")


async def test_a_redis_that_forgot_the_lock_is_noticed(
    redis_server: RedisServer, pair: tuple[SharedLocks, SharedLocks]
) -> None:
    async with pair[0].hold("conversation") as held:
        redis_server.kill()
        with pytest.raises(SourceUnavailable, match="lock"):
            await held.check()
        redis_server.start()
        with pytest.raises(SourceUnavailable, match="lost"):
            await held.check()
    async with pair[0].hold("conversation") as held:
        await held.check()


async def test_without_redis_nobody_enters(redis_server: RedisServer) -> None:
    redis_server.kill()
    locks = SharedLocks(redis_server.url)
    with pytest.raises(SourceUnavailable, match="lock"):
        async with locks.hold("conversation"):
            pytest.fail("entered without a lock")
    await locks.close()


@pytest.fixture
def server(redis_server: RedisServer, postgres_url: str, tmp_path: Path) -> Iterator[ServerProcess]:  # noqa: F811
    """Two workers on one port."""
    ensure_model()
    running = ServerProcess(tmp_path, workers=2, DATABASE_URL=postgres_url, REDIS_URL=redis_server.url)
    running.start()
    yield running
    running.stop()


async def ask(server: ServerProcess, token: str, message_id: str, text: str) -> dict[str, object]:
    """Send one message over a connection of its own: the system spreads those over the workers."""
    async with aiohttp.ClientSession() as client:
        body = {"client_msg_id": message_id, "text": text}
        headers = {"Authorization": f"Bearer {token}"}
        async with client.post(f"{server.url}/api/v1/messages", json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            turn: dict[str, object] = await response.json()
            return turn


async def open_session(server: ServerProcess) -> str:
    """Return a token."""
    async with aiohttp.ClientSession() as client, client.post(f"{server.url}/api/v1/sessions", json={}) as response:
        return str((await response.json())["token"])


async def test_two_workers_answer_one_conversation_in_turns(server: ServerProcess) -> None:
    token = await open_session(server)
    ids = [uuid.uuid4().hex for _ in range(QUESTIONS)]
    twice = [*ids, *ids]  # each is repeated while the first may still be answered
    turns = await asyncio.gather(*(ask(server, token, message_id, "I cannot pay my rent") for message_id in twice))
    assert turns[:QUESTIONS] == turns[QUESTIONS:]
    numbers = sorted(message["number"] for turn in turns[:QUESTIONS] for message in turn["messages"])
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_stop_ends_all_workers(server: ServerProcess) -> None:
    token = await open_session(server)
    await ask(server, token, uuid.uuid4().hex, "I cannot pay my rent")
    assert server.process
    before = children(server.process.pid)
    assert len(before) == 2
    assert server.stop() == 0
    assert not any(is_running(number) for number in before)
