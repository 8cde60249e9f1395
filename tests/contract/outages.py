"""People write on a channel while something is killed under the servers: what was lost, doubled, and how long it took.

The servers are processes with an assistant that repeats, so that a reply names its message. Every delivery is made
twice, at whichever server answers, until it is taken, as platforms do; what the platform took is reported back to the
servers where a platform has receipts.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.channels.figures import channel_state
from bot.core.database import Database
from bot.core.errors import SourceUnavailable
from bot.core.paths import ROOT
from tests.contract.platforms import Delivery, text_delivery, whatsapp_receipt
from tests.contract.providers import Provider, Said
from tests.contract.server import quiet_port
from tests.contract.stores import wait_until

REPEAT = "re: "
PATIENCE_SECONDS = 180.0  # for the last reply; a lease is 30 s
DELIVERY_SECONDS = 5.0  # until a platform gives up a delivery and makes it again
POLL_SECONDS = 0.05


class ChannelProcess:
    """The server as a process on one port and one database."""

    def __init__(self, database_url: str, provider_url: str, log: Path) -> None:
        """`log`: where its errors go."""
        self.port, self.log = quiet_port(), log
        self._command = [sys.executable, "-m", "tests.contract.channel_server", str(self.port)]
        self._command += [database_url, provider_url]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stderr=log)

    def wait(self) -> None:
        """Wait until it answers."""

        def answers() -> bool:
            assert self._process
            assert self._process.poll() is None, self.log.read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        wait_until(answers, PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        if self._process:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class Report:
    """What became of the messages. Seconds.

    `recovered`: from the end of the last disturbance until everything that was taken in before had its reply;
    `longest`: from a delivery that was taken to its reply.
    """

    messages: int
    lost: int
    doubled: int
    disordered: int  # people whose replies came in another order
    recovered: float
    longest: float


Disturb = Callable[[], Awaitable[None]]


class Traffic:
    """People on one channel. `pause`: seconds between two messages of one of them."""

    def __init__(
        self,
        provider: Provider,
        ports: Sequence[int],
        channel: str,
        *,
        people: int,
        messages: int,
        pause: float = 0.0,
    ) -> None:
        self._provider, self._ports, self._channel = provider, list(ports), channel
        self._people, self._messages, self._pause = people, messages, pause
        self._taken: dict[str, float] = {}  # text → when a server took it in
        self._replied: dict[str, list[float]] = defaultdict(list)
        self._order: dict[str, list[str]] = defaultdict(list)  # person → texts, as they were replied to
        self._count, self._counted = 0, asyncio.Event()
        self._jobs: set[asyncio.Task[None]] = set()

    async def run(self, database_url: str, disturb: Disturb | None = None, at: Sequence[int] = ()) -> Report:
        """Let everybody write and wait until nothing is open any more. `at`: replies after which to disturb."""
        self._provider.on_taken = self._note
        people = [f"44770{number:07}" for number in range(self._people)]
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DELIVERY_SECONDS)) as self._session:
            disturbing = self._disturb(disturb, at)
            ended, *_ = await asyncio.gather(disturbing, *(self._write(person) for person in people))
            await self._settled(database_url)
            await asyncio.gather(*self._jobs)
        return self._report(people, ended)

    async def _write(self, person: str) -> None:
        for text in self._texts(person):
            delivery = text_delivery(self._channel, person, text)
            await self._deliver(delivery)
            self._taken[text] = time.monotonic()
            await self._deliver(delivery)
            await asyncio.sleep(self._pause)

    def _texts(self, person: str) -> list[str]:
        return [f"message {number} of {person}" for number in range(self._messages)]

    async def _deliver(self, delivery: Delivery) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        attempt = 0
        while time.monotonic() < end:
            url = f"http://127.0.0.1:{self._ports[attempt % len(self._ports)]}{delivery.path}"
            attempt += 1
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with self._session.post(url, data=delivery.raw, headers=dict(delivery.headers)) as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(POLL_SECONDS)
        raise AssertionError("a delivery was never taken")

    def _note(self, said: Said) -> None:
        self._count += 1
        self._counted.set()
        if said.text.startswith(REPEAT):
            text = said.text.removeprefix(REPEAT)
            self._replied[text].append(time.monotonic())
            self._order[said.person].append(text)
        if said.receipt:
            job = asyncio.create_task(self._deliver(whatsapp_receipt(said.receipt)))
            self._jobs.add(job)
            job.add_done_callback(self._jobs.discard)

    async def _disturb(self, disturb: Disturb | None, at: Sequence[int]) -> float:
        """Return when the last disturbance was over."""
        for mark in at:
            while self._count < mark:
                self._counted.clear()
                await self._counted.wait()
            assert disturb
            await disturb()
        return time.monotonic()

    async def _settled(self, database_url: str) -> None:
        """Wait until no message is open and none is to be sent: nothing can come any more, nor come twice."""
        database = await asyncio.to_thread(Database, database_url)
        end = time.monotonic() + PATIENCE_SECONDS
        try:
            while True:
                with contextlib.suppress(SourceUnavailable):
                    state = await database.run(lambda connection: channel_state(connection, self._channel))
                    if not state["unanswered"] and not state["unsent"]:
                        return
                assert time.monotonic() < end, "something is open still"
                await asyncio.sleep(POLL_SECONDS)
        finally:
            database.close()

    def _report(self, people: list[str], ended: float) -> Report:
        waits = [self._replied[text][0] - self._taken[text] for text in self._taken if text in self._replied]
        late = [self._replied[text][0] for text in self._replied if self._taken.get(text, ended) < ended]
        expected = {person: self._texts(person) for person in people}
        return Report(
            messages=sum(len(texts) for texts in expected.values()),
            lost=sum(text not in self._replied for texts in expected.values() for text in texts),
            doubled=sum(len(times) - 1 for times in self._replied.values()),
            disordered=sum(list(dict.fromkeys(self._order[person])) != texts for person, texts in expected.items()),
            recovered=max(0.0, max(late, default=ended) - ended),
            longest=max(waits, default=0.0),
        )
