"""Two servers behind nginx, as two hosts would stand: conversations go from one to the other and stay whole."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator

import aiohttp
import pytest

from tests.contract.people import LANGUAGES, talk_all
from tests.contract.server import ServerProcess
from tests.contract.stage import Stage, can_stand, open_stage
from tests.model import ensure_model

PEOPLE, TURNS = 20, 6


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two servers behind nginx."""
    if not can_stand():
        pytest.skip("PostgreSQL, Redis or nginx is not installed (make packages)")
    ensure_model()
    with open_stage(tmp_path_factory.mktemp("stage"), servers=2, with_nginx=True) as opened:
        yield opened


def answered(server: ServerProcess) -> int:
    """Return how many messages a server has answered, by its own figures."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=5) as response:  # noqa: S310 — loopback
        figures = response.read().decode()
    pattern = r'^doorway_\w+_count\{method="POST",route="/api/v1/messages",status="200"\} (\d+)'
    return sum(int(number) for number in re.findall(pattern, figures, re.M))


@pytest.mark.timeout(180)
async def test_conversations_across_two_hosts_stay_whole(stage: Stage) -> None:
    assert stage.nginx
    connector = aiohttp.TCPConnector(ssl=stage.nginx.trust, limit=PEOPLE)
    async with aiohttp.ClientSession(connector=connector) as client:
        conversations = await talk_all(client, stage.urls, PEOPLE, TURNS)
    assert [problem for one in conversations for problem in one.problems()] == []
    assert {one.language for one in conversations} == set(LANGUAGES)
    assert sum(len(one.sent) for one in conversations) == PEOPLE * TURNS
    shares = [answered(server) for server in stage.servers]
    assert sum(shares) >= PEOPLE * TURNS
    assert min(shares) > PEOPLE * TURNS / 4  # both did their part
    assert stage.nginx.errors == ""
