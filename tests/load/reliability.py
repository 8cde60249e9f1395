"""What happens when something fails, with figures: python -m tests.load.reliability. Writes `reports/reliability.md`.

Channels: two processes on PostgreSQL, an assistant that repeats, a stand-in of the platform. Browsers: two real servers
on PostgreSQL and Redis behind nginx. Messages that need a reply come all the while.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.core.database import Database
from bot.core.paths import REPORTS
from tests.contract.browser_outages import talk_through
from tests.contract.outages import ChannelProcess, Traffic
from tests.contract.providers import OK, Plan, Provider, TelegramProvider, WhatsAppProvider
from tests.contract.stage import Stage, open_stage
from tests.contract.stores import PostgresServer
from tests.load.processes import end_all_when_told
from tests.model import ensure_model

PEOPLE, MESSAGES, PAUSE = 40, 15, 1.0  # on a channel; seconds between two messages of a person
BROWSERS, TURNS = 30, 10
AWAY_SECONDS = 3.0
HALF = PEOPLE * MESSAGES // 2
CALLS = PEOPLE * (MESSAGES + 1)


@dataclass
class World:
    """Two processes that answer a channel."""

    postgres: PostgresServer
    processes: list[ChannelProcess]
    provider: Provider


@dataclass(frozen=True)
class Incident:
    """Something that is done to the processes of a channel, or a plan by which its platform misbehaves."""

    name: str
    disturb: Callable[[World], Awaitable[None]] | None = None
    at: tuple[int, ...] = ()  # replies
    plan: Plan = lambda _number: OK
    channel: str = "whatsapp"


async def kill_one(world: World) -> None:
    world.processes[0].kill()
    world.processes[0].start()


async def kill_both(world: World) -> None:
    for process in world.processes:
        process.kill()
    await asyncio.sleep(AWAY_SECONDS)
    for process in world.processes:
        process.start()
    await asyncio.to_thread(world.processes[0].wait)


async def kill_postgres(world: World) -> None:
    await asyncio.to_thread(world.postgres.kill)
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(world.postgres.start)


def often(act: str, share: float) -> Plan:
    """Return a plan by which a share of the calls goes wrong."""
    chance = random.Random(5)
    return lambda number: act if number < CALLS and chance.random() < share else OK


CHANNEL_INCIDENTS = (
    Incident("nothing"),
    Incident("kill -9 of one of two processes, twice, started again at once", kill_one, (HALF // 2, HALF)),
    Incident("the same on a platform without receipts (Telegram)", kill_one, (HALF // 2, HALF), channel="telegram"),
    Incident(f"kill -9 of both processes, away for {AWAY_SECONDS:.0f} s", kill_both, (HALF,)),
    Incident(f"kill -9 of PostgreSQL, away for {AWAY_SECONDS:.0f} s", kill_postgres, (HALF,)),
    Incident("the platform answers 429 to 60 calls in a row", plan=lambda call: "limited" if 200 <= call < 260 else OK),
    Incident("the platform answers 500 to every third call", plan=often("broken", 0.33)),
    Incident("the platform takes a message and breaks off before it answers, every fifth", plan=often("stalled", 0.2)),
    Incident("the platform neither takes nor answers within 20 s, every fiftieth", plan=often("silent", 0.02)),
)  # fmt: skip


async def on_a_channel(incident: Incident, folder: Path) -> list[object]:
    """Let an incident happen and return its row."""
    with ExitStack() as ending:
        (folder / "postgres").mkdir()
        postgres = PostgresServer(folder / "postgres", is_durable=True)
        ending.callback(postgres.stop)
        postgres.start()
        Database(postgres.url).close()
        provider: Provider = TelegramProvider() if incident.channel == "telegram" else WhatsAppProvider()
        provider.plan = incident.plan
        await provider.start()
        processes = [ChannelProcess(postgres.url, provider.url, folder / name) for name in ("first", "second")]
        world = World(postgres, processes, provider)
        for process in processes:
            ending.callback(process.kill)
            await asyncio.to_thread(process.wait)
        traffic = Traffic(
            provider,
            [process.port for process in processes],
            incident.channel,
            people=PEOPLE,
            messages=MESSAGES,
            pause=PAUSE,
        )

        async def disturb() -> None:
            assert incident.disturb
            await incident.disturb(world)

        report = await traffic.run(postgres.url, disturb, incident.at)
        await provider.stop()
    recovered = f"{report.recovered:.1f}" if incident.at else "–"
    counts = (report.messages, report.lost, report.doubled, report.disordered)
    return [incident.name, *counts, recovered, f"{report.longest:.1f}"]


async def in_browsers(stage: Stage, name: str) -> list[object]:
    """Kill a part of the stage and return its row."""
    victim = {"Redis": stage.redis, "PostgreSQL": stage.postgres, "one of two servers": stage.servers[0]}[name]

    async def kill() -> None:
        await asyncio.to_thread(victim.kill)
        await asyncio.sleep(AWAY_SECONDS)
        await asyncio.to_thread(victim.start)

    report = await talk_through(stage, kill, people=BROWSERS, turns=TURNS)
    done = f"kill -9 of {name}, away for {AWAY_SECONDS:.0f} s"
    return [
        done, report.messages, len(report.problems), report.retried, f"{report.recovered:.1f}", f"{report.longest:.1f}"
    ]  # fmt: skip


def table(heading: str, rows: list[list[object]]) -> str:
    """Return rows as a Markdown table."""
    columns = heading.split(" | ")
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def main() -> None:
    """Let every incident happen and print the tables; exit 1 when a message was lost, mixed or doubled."""
    end_all_when_told()
    channels, browsers = [], []
    for incident in CHANNEL_INCIDENTS:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            channels.append(asyncio.run(on_a_channel(incident, Path(folder))))
        sys.stderr.write(f"{channels[-1]}\n")
    ensure_model()
    with ExitStack() as ending:
        folder = ending.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        stage = ending.enter_context(open_stage(Path(folder), servers=2, with_nginx=True, is_durable=True))
        for name in ("Redis", "PostgreSQL", "one of two servers"):
            browsers.append(asyncio.run(in_browsers(stage, name)))
            sys.stderr.write(f"{browsers[-1]}\n")
    first = "on a channel | messages | lost | doubled | people out of order | recovered after, s | longest wait, s"
    second = (
        "in browsers | messages | mixed, lost or doubled | requests made again | recovered after, s | longest wait, s"
    )
    text = table(first, channels) + "\n\n" + table(second, browsers)
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "reliability.md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    without_receipts = {incident.name for incident in CHANNEL_INCIDENTS if incident.channel == "telegram"}
    wrong = [row for row in channels if row[2] or row[4] or (row[3] and row[0] not in without_receipts)]
    if wrong or any(row[2] for row in browsers):
        sys.exit("a message was lost, mixed or doubled")


if __name__ == "__main__":
    main()
