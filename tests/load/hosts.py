"""One process, two, and two behind nginx under the same crowd: python -m tests.load.hosts [--people 100 --turns 20].

Everything stands on this machine, the crowd too, so messages a second say what the machine does, not what a process
could; seconds of processor for a message are what plans are made of. Writes `reports/hosts.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.core.paths import REPORTS
from tests.contract.people import Conversation, talk_all
from tests.contract.server import ServerProcess
from tests.contract.stage import Stage, open_stage
from tests.load.bench import quantile
from tests.load.processes import Usage, end_all_when_told, usage
from tests.model import ensure_model

WARM_PEOPLE, WARM_TURNS = 10, 4
CROWD = "the crowd"  # this process
SAMPLE_SECONDS = 0.5
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Setting:
    """Something to measure. `servers`: without a stage it is one process on SQLite."""

    name: str
    servers: int
    with_nginx: bool = False
    on_sqlite: bool = False


SETTINGS = (
    Setting("one process, SQLite", 1, on_sqlite=True),
    Setting("one process", 1),
    Setting("one process behind nginx", 1, with_nginx=True),
    Setting("two processes", 2),
    Setting("two processes behind nginx", 2, with_nginx=True),
)


@dataclass(frozen=True)
class Measured:
    """What a crowd got and what it took. Milliseconds; `processor`: part → ms a message; `memory`: MB a process."""

    setting: Setting
    messages: int
    rate: float
    p50: float
    p95: float
    problems: list[str]
    processor: dict[str, float]
    memory: float
    connections: int
    redis_connections: int


@dataclass(frozen=True)
class Running:
    """A setting that runs: where to go, and the main process of each part."""

    urls: list[str]
    parts: dict[str, list[int]]
    stage: Stage | None


@contextmanager
def running(setting: Setting, folder: Path) -> Iterator[Running]:
    """Start a setting and end it afterwards."""
    me = {CROWD: [os.getpid()]}
    if setting.on_sqlite:
        server = ServerProcess(folder)
        server.start()
        try:
            yield Running([server.url], {"Doorway": [_id(server)], **me}, None)
        finally:
            server.end()
        return
    with open_stage(folder, servers=setting.servers, with_nginx=setting.with_nginx, is_durable=True) as stage:
        assert stage.postgres.process
        assert stage.redis.process
        parts = {"Doorway": [_id(server) for server in stage.servers], "PostgreSQL": [stage.postgres.process.pid]}
        parts["Redis"] = [stage.redis.process.pid]
        if stage.nginx and stage.nginx.process:
            parts["nginx"] = [stage.nginx.process.pid]
        yield Running(stage.urls, {**parts, **me}, stage)


async def measure(setting: Setting, folder: Path, people: int, turns: int) -> Measured:
    """Let a small crowd warm the setting and a large one measure it."""
    with running(setting, folder) as started:
        trust = started.stage.nginx.trust if started.stage and started.stage.nginx else True
        connector = aiohttp.TCPConnector(ssl=trust, limit=people)
        async with aiohttp.ClientSession(connector=connector) as client:
            await talk_all(client, started.urls, WARM_PEOPLE, WARM_TURNS)
            before, began = _usages(started), time.monotonic()
            counting = asyncio.create_task(_most_connections(started.stage))
            conversations = await talk_all(client, started.urls, people, turns)
            seconds = time.monotonic() - began
            counting.cancel()
            connections = (await asyncio.gather(counting, return_exceptions=True))[0]
            after = _usages(started)
        assert isinstance(connections, tuple)
        return _measured(setting, conversations, seconds, (before, after), connections)


def _measured(
    setting: Setting,
    conversations: list[Conversation],
    seconds: float,
    usages: tuple[dict[str, list[Usage]], dict[str, list[Usage]]],
    connections: tuple[int, int],
) -> Measured:
    times = [sent.seconds * 1000 for one in conversations for sent in one.sent]
    before, after = usages
    processor = {
        part: sum(one.processor_seconds for one in after[part]) - sum(one.processor_seconds for one in before[part])
        for part in before
    }
    doorway = after["Doorway"]
    return Measured(
        setting,
        len(times),
        len(times) / seconds,
        quantile(times, 0.5),
        quantile(times, 0.95),
        [problem for one in conversations for problem in one.problems()],
        {part: spent * 1000 / len(times) for part, spent in processor.items()},
        sum(one.memory for one in doorway) / len(doorway) / MEGABYTE,
        *connections,
    )


async def _most_connections(stage: Stage | None) -> tuple[int, int]:
    """Return how many connections to PostgreSQL and Redis were open at most, until cancelled."""
    most = most_redis = 0
    try:
        while stage:
            most = max(most, await asyncio.to_thread(stage.postgres.count_connections))
            clients = (await asyncio.to_thread(stage.redis.client.info, "clients"))["connected_clients"]
            most_redis = max(most_redis, clients - 1)
            await asyncio.sleep(SAMPLE_SECONDS)
    except asyncio.CancelledError:
        pass
    return most, most_redis


def _usages(started: Running) -> dict[str, list[Usage]]:
    return {
        part: [usage(number, is_alone=part == CROWD) for number in numbers] for part, numbers in started.parts.items()
    }


def _id(server: ServerProcess) -> int:
    assert server.process
    return server.process.pid


def table(results: list[Measured]) -> str:
    """Return the figures as Markdown tables."""
    parts = ["Doorway", "PostgreSQL", "Redis", "nginx", CROWD]
    lines = [
        "| setting | messages | mixed, lost or doubled | messages/s | p50 ms | p95 ms | memory a process, MB "
        "| connections to PostgreSQL | to Redis |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.setting.name} | {one.messages} | {len(one.problems)} | {one.rate:.0f} | {one.p50:.0f} | {one.p95:.0f} "
        f"| {one.memory:.0f} | {one.connections} | {one.redis_connections} |"
        for one in results
    ]
    lines += ["", f"| processor, ms a message | {' | '.join(parts)} |", "|---|" + "---|" * len(parts)]
    for one in results:
        spent = (f"{one.processor[part]:.2f}" if part in one.processor else "–" for part in parts)
        lines.append(f"| {one.setting.name} | {' | '.join(spent)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure every setting and print the tables; exit 1 when a conversation was not whole."""
    parser = argparse.ArgumentParser(description="One process, two, and two behind nginx.")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--turns", type=int, default=20)
    given = parser.parse_args()
    end_all_when_told()
    ensure_model()
    results = []
    for setting in SETTINGS:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            results.append(asyncio.run(measure(setting, Path(folder), given.people, given.turns)))
        sys.stderr.write(f"{setting.name}: {results[-1].rate:.0f} messages/s\n")
    text = table(results)
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "hosts.md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    problems = sorted({problem for one in results for problem in one.problems})
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
