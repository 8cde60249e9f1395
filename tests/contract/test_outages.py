"""Redis, PostgreSQL or one of two servers is killed while people talk through nginx: no conversation suffers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.contract.browser_outages import talk_through
from tests.contract.stage import Stage, can_stand, open_stage
from tests.model import ensure_model

PEOPLE, TURNS = 12, 5
AWAY_SECONDS = 1.0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two servers behind nginx."""
    if not can_stand():
        pytest.skip("PostgreSQL, Redis or nginx is not installed (make packages)")
    ensure_model()
    with open_stage(tmp_path_factory.mktemp("stage"), servers=2, with_nginx=True, is_durable=True) as opened:
        yield opened


@pytest.mark.parametrize("part", ["server", "redis", "postgres"])
@pytest.mark.timeout(240)
async def test_conversations_survive_the_death_of_a_part(stage: Stage, part: str) -> None:
    victim = {"redis": stage.redis, "postgres": stage.postgres, "server": stage.servers[0]}[part]

    async def kill() -> None:
        await asyncio.to_thread(victim.kill)
        await asyncio.sleep(AWAY_SECONDS)  # while it is asked in vain
        await asyncio.to_thread(victim.start)

    report = await talk_through(stage, kill, people=PEOPLE, turns=TURNS)
    assert report.problems == []
    assert report.messages == PEOPLE * TURNS
    assert stage.nginx
    if part == "server":
        assert "no live upstreams" not in stage.nginx.errors  # the other one answers
    else:
        assert report.retried > 0  # it was felt
