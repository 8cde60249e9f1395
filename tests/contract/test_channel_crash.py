"""Killed while platforms deliver and answers are on their way: every message has its reply, once, in order."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.core.database import Database
from bot.core.paths import ROOT
from tests.contract import platforms
from tests.contract.platforms import text_delivery
from tests.contract.providers import Provider, Said, TelegramProvider, WhatsAppProvider
from tests.contract.server import quiet_port
from tests.contract.test_channels import replies_by_person
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

PEOPLE, MESSAGES = 25, 8
KILLED_AT = (60, 150)  # replies that the platform has taken


class Process:
    """The server as a process on one port and one database."""

    def __init__(self, database_url: str, provider_url: str) -> None:
        self.port, self._database_url, self._provider_url = quiet_port(), database_url, provider_url
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.contract.channel_server", str(self.port)]
        command += [self._database_url, self._provider_url]
        self._process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


async def deliver(session: aiohttp.ClientSession, ports: list[int], delivery: platforms.Delivery) -> None:
    """Deliver as platforms do: again and again until it was taken, perhaps at another host."""
    for attempt in range(2_000):
        url = f"http://127.0.0.1:{ports[attempt % len(ports)]}{delivery.path}"
        with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
            async with session.post(url, data=delivery.raw, headers=dict(delivery.headers)) as response:
                if response.status == 200:
                    return
        await asyncio.sleep(0.05)
    raise AssertionError("never taken")


async def converse(
    session: aiohttp.ClientSession, ports: list[int], channel: str, person: str
) -> tuple[str, list[str]]:
    """Deliver one person's messages in order, each twice."""
    texts = [f"message {number} of {person}" for number in range(MESSAGES)]
    for text in texts:
        delivery = text_delivery(channel, person, text)
        await deliver(session, ports, delivery)
        await deliver(session, ports, delivery)
    return person, texts


async def run_all(provider: Provider, ports: list[int], channel: str) -> dict[str, list[str]]:
    """Let everybody write at once, report what was taken, and return what was written, by person."""
    receipts: list[asyncio.Future[None]] = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        counted = provider.on_taken

        def taken(said: Said) -> None:
            if counted:
                counted(said)
            if said.receipt:
                report = deliver(session, ports, platforms.whatsapp_receipt(said.receipt))
                receipts.append(asyncio.ensure_future(report))

        provider.on_taken = taken
        people = [f"44770{number:07}" for number in range(PEOPLE)]
        written = dict(await asyncio.gather(*(converse(session, ports, channel, person) for person in people)))
        for _ in range(1_200):
            if len({(said.person, said.text) for said in provider.said}) == PEOPLE * (MESSAGES + 1):
                break
            await asyncio.sleep(0.1)
        await asyncio.gather(*receipts)
    return written


@pytest.fixture
def killed() -> Iterator[list[Process]]:
    """Processes that are gone after the test."""
    processes: list[Process] = []
    yield processes
    for process in processes:
        process.kill()


def killing(provider: Provider, process: Process) -> None:
    """Kill the process when the platform has taken so many replies, and start it again."""
    marks = list(KILLED_AT)

    def count(_said: Said) -> None:
        if marks and len(provider.said) >= marks[0]:
            marks.pop(0)
            process.kill()
            process.start()

    provider.on_taken = count


@pytest.mark.timeout(280)
async def test_killed_three_times_every_message_has_one_reply(tmp_path: Path, killed: list[Process]) -> None:
    provider = WhatsAppProvider()
    await provider.start()
    process = Process(f"sqlite:///{tmp_path / 'crash.sqlite'}", provider.url)
    killed.append(process)
    killing(provider, process)
    written = await run_all(provider, [process.port], "whatsapp")
    assert replies_by_person(provider.said) == written
    assert len(provider.said) == PEOPLE * (MESSAGES + 1)  # and one welcome each
    assert provider.refused == []
    await provider.stop()


@pytest.mark.timeout(280)
async def test_without_receipts_a_reply_may_come_twice_but_is_never_lost(tmp_path: Path, killed: list[Process]) -> None:
    provider = TelegramProvider()
    await provider.start()
    process = Process(f"sqlite:///{tmp_path / 'crash.sqlite'}", provider.url)
    killed.append(process)
    killing(provider, process)
    written = await run_all(provider, [process.port], "telegram")
    replies = replies_by_person(provider.said)
    assert {person: list(dict.fromkeys(texts)) for person, texts in replies.items()} == written
    at_once = 32  # sends in flight when the process died
    assert len(provider.said) - PEOPLE * (MESSAGES + 1) <= at_once * len(KILLED_AT)
    await provider.stop()


@pytest.mark.timeout(280)
async def test_two_processes_share_a_postgresql_and_one_is_killed(
    postgres_url: str,  # noqa: F811 — the fixture
    killed: list[Process],
) -> None:
    Database(postgres_url).close()  # the tables, before both start
    provider = WhatsAppProvider()
    await provider.start()
    killed += [Process(postgres_url, provider.url), Process(postgres_url, provider.url)]
    killing(provider, killed[0])
    written = await run_all(provider, [process.port for process in killed], "whatsapp")
    assert replies_by_person(provider.said) == written
    assert len(provider.said) == PEOPLE * (MESSAGES + 1)
    await provider.stop()
