"""Does it stay as it is? Half the maximum rate for minutes: python -m tests.load.soak --minutes 10.

The maximum is measured first. Then people come, talk and go at half of it, and every ten seconds memory and open files
of the server are read from /proc. They may grow by 5 % after the first minute; else, and when a conversation is not
whole, it exits with 1. Writes `reports/soak.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.core.paths import REPORTS
from tests.contract.people import Person, talk_all
from tests.contract.stage import Stage, open_stage
from tests.load.processes import Usage, end_all_when_told, usage
from tests.model import ensure_model

CROWD, CROWD_TURNS = 32, 20  # for the maximum, after a smaller one
PEOPLE, TURNS = 32, 20  # who talk at a time; then others come
SAMPLE_SECONDS = 10.0
SETTLED_SECONDS = 60.0
WINDOW = 6  # samples that are averaged at either end
MOST_GROWTH = 0.05
MEGABYTE = 1 << 20


@dataclass
class Soak:
    """What was measured: samples are (seconds since the start, usage)."""

    most: float  # messages a second
    wanted: float
    seconds: float = 0.0
    messages: int = 0
    conversations: int = 0
    problems: list[str] = field(default_factory=list)
    samples: list[tuple[float, Usage]] = field(default_factory=list)

    def ends(self, name: str) -> tuple[float, float]:
        """Return a figure after the first minute and at the end: medians of a minute each."""
        values = [float(getattr(one, name)) for at, one in self.samples if at >= SETTLED_SECONDS]
        return statistics.median(values[:WINDOW]), statistics.median(values[-WINDOW:])

    def faults(self) -> Iterator[str]:
        """Yield what is not as it should be."""
        for name in ("memory", "files"):
            first, last = self.ends(name)
            if last > first * (1 + MOST_GROWTH):
                yield f"{name} grew by {last / first - 1:.1%}"
        yield from sorted(set(self.problems))


class Pace:
    """Lets so many through a second, evenly; who is late makes nobody hurry."""

    def __init__(self, rate: float) -> None:
        self._step, self._next = 1 / rate, time.monotonic()

    async def wait(self) -> None:
        """Wait for one's turn."""
        now = time.monotonic()
        mine = self._next = max(self._next + self._step, now)
        await asyncio.sleep(mine - now)


async def measure_most(client: aiohttp.ClientSession, stage: Stage) -> float:
    """Return how many messages a second a crowd gets answered that never waits."""
    await talk_all(client, stage.urls, CROWD // 2, CROWD_TURNS // 2)
    began = time.monotonic()
    await talk_all(client, stage.urls, CROWD, CROWD_TURNS)
    return CROWD * CROWD_TURNS / (time.monotonic() - began)


async def soak(stage: Stage, minutes: float) -> Soak:
    """Measure the maximum, then hold half of it."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=2 * CROWD)) as client:
        most = await measure_most(client, stage)
        result = Soak(most, most / 2)
        sys.stderr.write(f"maximum {most:.1f} messages/s\n")
        pace, numbers, began = Pace(result.wanted), itertools.count(), time.monotonic()
        end = began + minutes * 60
        sampling = asyncio.create_task(_sample(stage, result, began))

        async def places() -> None:
            while time.monotonic() < end:
                number = next(numbers)
                talked = await Person(client, stage.urls[0], number).talk(TURNS, pace.wait)
                result.problems += talked.problems()
                result.messages += len(talked.sent)
                result.conversations += 1

        await asyncio.gather(*(places() for _ in range(PEOPLE)))
        result.seconds = time.monotonic() - began
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)
    return result


async def _sample(stage: Stage, result: Soak, began: float) -> None:
    process = stage.servers[0].process
    assert process
    while True:
        at, used = time.monotonic() - began, usage(process.pid)
        result.samples.append((at, used))
        sys.stderr.write(
            f"{at:5.0f} s  {used.memory / MEGABYTE:.1f} MB  {used.files} files  {result.messages} messages\n"
        )
        await asyncio.sleep(SAMPLE_SECONDS)


def table(result: Soak) -> str:
    """Return the figures as a Markdown table."""
    memory, files = result.ends("memory"), result.ends("files")
    rows = (
        ("maximum, messages/s", f"{result.most:.1f}"),
        ("held, messages/s (wanted)", f"{result.messages / result.seconds:.1f} ({result.wanted:.1f})"),
        ("minutes", f"{result.seconds / 60:.1f}"),
        ("messages, conversations", f"{result.messages}, {result.conversations}"),
        ("mixed, lost or doubled", str(len(result.problems))),
        (
            "memory after the first minute → at the end, MB",
            f"{memory[0] / MEGABYTE:.1f} → {memory[1] / MEGABYTE:.1f} ({memory[1] / memory[0] - 1:+.1%})",
        ),
        ("open files", f"{files[0]:.0f} → {files[1]:.0f}"),
    )
    return "\n".join(["| figure | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def main() -> None:
    """Soak one server on PostgreSQL and Redis and print the table; exit 1 when something grew or was not whole."""
    parser = argparse.ArgumentParser(description="Half the maximum rate for minutes.")
    parser.add_argument("--minutes", type=float, default=10.0, help="at least 3: a minute to settle, one at either end")
    minutes = parser.parse_args().minutes
    if minutes < 3:
        parser.error("at least 3 minutes")
    end_all_when_told()
    ensure_model()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        open_stage(Path(folder), servers=1, with_nginx=False, is_durable=True) as stage,
    ):
        result = asyncio.run(soak(stage, minutes))
    text = table(result)
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "soak.md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    faults = list(result.faults())
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
