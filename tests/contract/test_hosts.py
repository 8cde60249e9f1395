"""Two servers behind nginx, as two hosts would stand: conversations go from one to the other and stay whole."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.contract.people import LANGUAGES, talk_all
from tests.contract.server import ServerProcess
from tests.contract.stores import Nginx, PostgresServer, RedisServer
from tests.model import ensure_model

PEOPLE, TURNS = 20, 6


@pytest.fixture
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nginx, list[ServerProcess]]]:
    """Two servers that share PostgreSQL and Redis, and nginx in front of them."""
    if not (PostgresServer.initdb and RedisServer.binary and Nginx.binary):
        pytest.skip("PostgreSQL, Redis or nginx is not installed (make packages)")
    ensure_model()

    def folder(name: str) -> Path:
        return tmp_path_factory.mktemp(name)

    postgres, redis = PostgresServer(folder("postgres")), RedisServer(folder("redis"))
    servers: list[ServerProcess] = []
    try:
        postgres.start()
        redis.start()
        shared = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url, "DOORWAY_TRUST_PROXY": "1"}
        servers += [ServerProcess(folder(name), **shared) for name in ("first", "second")]
        for server in servers:
            server.start()
        nginx = Nginx(folder("nginx"), [f"127.0.0.1:{server.port}" for server in servers])
        nginx.check()
        nginx.start()
        yield nginx, servers
        nginx.stop()
    finally:
        for server in servers:
            server.stop()
        redis.kill()
        postgres.stop()


def answered(server: ServerProcess) -> int:
    """Return how many messages a server has answered, by its own figures."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=5) as response:  # noqa: S310 — loopback
        figures = response.read().decode()
    pattern = r'^doorway_\w+_count\{method="POST",route="/api/v1/messages",status="200"\} (\d+)'
    return sum(int(number) for number in re.findall(pattern, figures, re.M))


@pytest.mark.timeout(180)
async def test_conversations_across_two_hosts_stay_whole(hosts: tuple[Nginx, list[ServerProcess]]) -> None:
    nginx, servers = hosts
    connector = aiohttp.TCPConnector(ssl=nginx.trust, limit=PEOPLE)
    async with aiohttp.ClientSession(connector=connector) as client:
        conversations = await talk_all(client, [nginx.url], PEOPLE, TURNS)
    assert [problem for one in conversations for problem in one.problems()] == []
    assert {one.language for one in conversations} == set(LANGUAGES)
    assert sum(len(one.sent) for one in conversations) == PEOPLE * TURNS
    shares = [answered(server) for server in servers]
    assert sum(shares) >= PEOPLE * TURNS
    assert min(shares) > PEOPLE * TURNS / 4  # both did their part
    assert "crit" not in nginx.errors
