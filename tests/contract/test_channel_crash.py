"""Killed while platforms deliver and answers are on their way: every message has its reply, once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.database import Database
from tests.contract.outages import ChannelProcess, Traffic
from tests.contract.providers import TelegramProvider, WhatsAppProvider
from tests.contract.stores import PostgresServer
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

PEOPLE, MESSAGES = 25, 8
KILLED_AT = (60, 150)  # replies that the platform has taken
AWAY_SECONDS = 1.0  # that a database is gone


@pytest.fixture
def killed() -> Iterator[list[ChannelProcess]]:
    """Processes that are gone after the test."""
    processes: list[ChannelProcess] = []
    yield processes
    for process in processes:
        process.kill()


async def start_again(process: ChannelProcess) -> None:
    """Kill a process and start it."""
    process.kill()
    process.start()


@pytest.mark.timeout(280)
async def test_killed_twice_every_message_has_one_reply(tmp_path: Path, killed: list[ChannelProcess]) -> None:
    provider = WhatsAppProvider()
    await provider.start()
    url = f"sqlite:///{tmp_path / 'crash.sqlite'}"
    killed.append(ChannelProcess(url, provider.url, tmp_path / "log"))
    traffic = Traffic(provider, [killed[0].port], "whatsapp", people=PEOPLE, messages=MESSAGES)
    report = await traffic.run(url, lambda: start_again(killed[0]), KILLED_AT)
    assert (report.messages, report.lost, report.doubled, report.disordered) == (PEOPLE * MESSAGES, 0, 0, 0)
    assert len(provider.said) == PEOPLE * (MESSAGES + 1)  # and one welcome each
    assert provider.refused == []
    await provider.stop()


@pytest.mark.timeout(280)
async def test_without_receipts_a_reply_may_come_twice_but_is_never_lost(
    tmp_path: Path, killed: list[ChannelProcess]
) -> None:
    provider = TelegramProvider()
    await provider.start()
    url = f"sqlite:///{tmp_path / 'crash.sqlite'}"
    killed.append(ChannelProcess(url, provider.url, tmp_path / "log"))
    traffic = Traffic(provider, [killed[0].port], "telegram", people=PEOPLE, messages=MESSAGES)
    report = await traffic.run(url, lambda: start_again(killed[0]), KILLED_AT)
    assert (report.messages, report.lost, report.disordered) == (PEOPLE * MESSAGES, 0, 0)
    at_once = 32  # sends in flight when the process died
    assert len(provider.said) - PEOPLE * (MESSAGES + 1) <= at_once * len(KILLED_AT)
    await provider.stop()


@pytest.mark.timeout(280)
async def test_two_processes_share_a_postgresql_and_one_is_killed(
    postgres_url: str,  # noqa: F811 — the fixture
    tmp_path: Path,
    killed: list[ChannelProcess],
) -> None:
    Database(postgres_url).close()  # the tables, before both start
    provider = WhatsAppProvider()
    await provider.start()
    killed += [ChannelProcess(postgres_url, provider.url, tmp_path / name) for name in ("first", "second")]
    ports = [process.port for process in killed]
    traffic = Traffic(provider, ports, "whatsapp", people=PEOPLE, messages=MESSAGES)
    report = await traffic.run(postgres_url, lambda: start_again(killed[0]), KILLED_AT)
    assert (report.messages, report.lost, report.doubled, report.disordered) == (PEOPLE * MESSAGES, 0, 0, 0)
    assert len(provider.said) == PEOPLE * (MESSAGES + 1)
    await provider.stop()


@pytest.mark.timeout(280)
async def test_postgresql_is_killed_under_two_processes(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, killed: list[ChannelProcess]
) -> None:
    if not PostgresServer.initdb:
        pytest.skip("PostgreSQL's server is not installed (make packages)")
    postgres = PostgresServer(tmp_path_factory.mktemp("postgres"), is_durable=True)
    postgres.start()
    try:
        Database(postgres.url).close()
        provider = WhatsAppProvider()
        await provider.start()
        killed += [ChannelProcess(postgres.url, provider.url, tmp_path / name) for name in ("first", "second")]
        for process in killed:
            process.wait()

        async def kill_postgres() -> None:
            postgres.kill()
            await asyncio.sleep(AWAY_SECONDS)  # while it is asked in vain
            await asyncio.to_thread(postgres.start)

        ports = [process.port for process in killed]
        traffic = Traffic(provider, ports, "whatsapp", people=PEOPLE, messages=MESSAGES)
        report = await traffic.run(postgres.url, kill_postgres, KILLED_AT[:1])
        assert (report.messages, report.lost, report.doubled, report.disordered) == (PEOPLE * MESSAGES, 0, 0, 0)
        await provider.stop()
    finally:
        for process in killed:
            process.kill()
        postgres.stop()
