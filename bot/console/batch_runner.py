"""Working off batch tests in the background, a small step at a time, so that people's questions come in between.

One runs in each process. Of several processes one works on a batch; when it dies another goes on a minute later.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy.engine import Connection

from bot.console.batches import (
    BatchRow,
    Result,
    claim_batch,
    delete_old_batches,
    keep_results,
    next_rows,
)
from bot.core.clock import timestamp
from bot.core.database import Database
from bot.understanding import Understanding

log = logging.getLogger("bot.console.batches")
STEP = 32  # rows: about a third of a second
PAUSE = 60.0  # seconds between two looks for work that nobody has announced
RETRY = 5.0  # seconds after which a database that did not answer is asked again
RANKED = 3


class Understands(Protocol):
    """What is needed of the assistant."""

    def understand_many(self, items: list[tuple[str, str | None]]) -> list[Understanding]:
        """Return what many texts mean."""


class BatchRunner:
    """Runs batches one after another."""

    def __init__(
        self, database: Database, assistant: Understands, *, now: Callable[[], float] = timestamp, pause: float = PAUSE
    ) -> None:
        self._database, self._assistant, self._now, self._pause = database, assistant, now, pause
        self._name = secrets.token_hex(16)
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that there is work."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled. After a fault, like a database that does not answer, it tries again."""
        while True:
            self._wake.clear()
            pause = self._pause
            try:
                await self.work_off()
            except Exception as error:  # whatever it was, the batches of others must go on
                pause = RETRY
                log.error("batch tests: %s, trying again in %d s", type(error).__name__, pause)
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except asyncio.TimeoutError:
                continue

    async def work_off(self) -> None:
        """Delete what is too old and run every batch that nobody works on."""
        await self._database.run(lambda connection: delete_old_batches(connection, self._now()))
        while batch_id := await self._database.run(lambda connection: claim_batch(connection, self._name, self._now())):
            rows = await self._hand_in(batch_id, [])
            while rows:
                results = await asyncio.to_thread(self._understand, rows)
                rows = await self._hand_in(batch_id, list(zip((row.number for row in rows), results, strict=True)))

    async def _hand_in(self, batch_id: str, results: Sequence[tuple[int, Result]]) -> list[BatchRow]:
        """Keep results and take the next rows, in one transaction: the way to the database costs more than its work."""

        def work(connection: Connection) -> list[BatchRow]:
            if results:
                keep_results(connection, batch_id, results)
            return next_rows(connection, batch_id, self._name, self._now(), STEP)

        return await self._database.run(work)

    def _understand(self, rows: Sequence[BatchRow]) -> list[Result]:
        items: list[tuple[str, str | None]] = [(row.asked.text, row.asked.language or None) for row in rows]
        try:
            return [_result(understood) for understood in self._assistant.understand_many(items)]
        except Exception as error:  # a batch must end: what one text does to the model is a result too
            if len(rows) == 1:
                log.error("batch tests: a row cannot be understood: %s", type(error).__name__)
                return [Result("", 0.0, (), "", "no")]
            return [result for row in rows for result in self._understand([row])]


def _result(understood: Understanding) -> Result:
    ranking = tuple(topic for topic, _ in understood.ranking[:RANKED])
    return Result(understood.topic, understood.confidence, ranking, understood.language, understood.crisis)
