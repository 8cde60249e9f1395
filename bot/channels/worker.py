"""The worker: takes arrived messages in order, answers each in one transaction, sends the parts, tries again.

Two pumps over two tables. A message is answered when its answer, its parts to send and its own end are stored together;
killed before that, it is taken again. What a killed sender leaves behind is described in departures.py. Several workers
share the tables on PostgreSQL; SQLite has one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from bot.channels import turns
from bot.channels.arrivals import Arrival, finish_arrival, reopen_arrivals, return_arrival, take_arrivals
from bot.channels.delivery import PERSON, PLATFORM, opt_in, opt_out
from bot.channels.departures import (
    Departure,
    drop_departures,
    drop_held,
    has_held,
    put_departures,
    release_held,
    settle_departure,
    take_departures,
)
from bot.channels.figures import SENT_PARTS
from bot.channels.layout import message_for, options_of
from bot.channels.outbox import Body
from bot.channels.platform import Message, Outcome, Outgoing, Platform
from bot.channels.replies import Known, Replies, Turn, look
from bot.channels.sender import Sender
from bot.channels.welcome import is_language_menu
from bot.core.database import Database
from bot.core.errors import SourceUnavailable
from bot.i18n.speech import Speech

log = logging.getLogger("bot.channels")
T = TypeVar("T")
ANSWERS_AT_ONCE, SENDS_AT_ONCE = 8, 32
POLL_SECONDS = 1.0  # for what becomes due by time, and for what other processes took in
PATIENCE = 3  # tries until a message that cannot be answered is answered with an apology
GRACE_SECONDS = 20.0  # for what runs when the worker is stopped


class Worker:
    """Answers and sends. `start()` inside a running event loop; `wake()` when something has arrived."""

    def __init__(self, database: Database, replies: Replies, platforms: Mapping[str, Platform]) -> None:
        self._database, self._replies, self._platforms = database, replies, platforms
        self._arrived, self._leaving = asyncio.Event(), asyncio.Event()
        self._resting: dict[str, float] = {}  # channel → when it may be asked again, in seconds of the monotonic clock
        self._hearing_since = 0.0  # receipts, in seconds of the monotonic clock
        self._pumps: list[asyncio.Task[None]] = []
        self._sender: Sender | None = None
        self._is_stopping = False

    async def start(self) -> None:
        """Begin, with what an earlier process left open."""
        if self._database.is_sqlite:
            await self._database.run(reopen_arrivals)
        self._sender = Sender()
        self._hearing_since = time.monotonic()
        self._pumps = [
            asyncio.create_task(self._pump(self._take_arrivals, self._answer, ANSWERS_AT_ONCE, self._arrived)),
            asyncio.create_task(self._pump(self._take_departures, self._send, SENDS_AT_ONCE, self._leaving)),
        ]

    def wake(self) -> None:
        """Say that something has arrived."""
        self._arrived.set()

    async def stop(self) -> None:
        """Finish what is running and end."""
        self._is_stopping = True
        self._arrived.set()
        self._leaving.set()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        if self._sender:
            await self._sender.close()

    # Answering

    async def _take_arrivals(self, most: int) -> list[Arrival]:
        channels = list(self._platforms)
        return await self._database.run(lambda connection: take_arrivals(connection, most, channels))

    async def _answer(self, arrival: Arrival) -> None:
        try:
            known = await self._database.run(lambda connection: _known(connection, arrival))
            turn = await self._turn(arrival, known)
            await self._database.run(lambda connection: self._store(connection, arrival, known, turn))
            self._leaving.set()
        except Exception as error:
            log.error("channel=%s not answered yet: %s at %s", arrival.channel, type(error).__name__, _place(error))
            with contextlib.suppress(SourceUnavailable):  # its lease will run out
                await self._database.run(lambda connection: return_arrival(connection, arrival))

    async def _turn(self, arrival: Arrival, known: Known) -> Turn:
        if arrival.attempts > 2 * PATIENCE:
            return Turn(None)
        if arrival.attempts > PATIENCE:
            return self._replies.sorry(known)
        return await self._replies.reply_to(arrival.content, known)

    def _store(self, connection: Connection, arrival: Arrival, known: Known, turn: Turn) -> None:
        """Store the whole of a turn, or nothing where another worker has taken the message over."""
        if not finish_arrival(connection, arrival):
            return
        conversation, mine = arrival.conversation_id, [arrival.conversation_id, *arrival.content["also"]]
        if turn.effect == "more":
            release_held(connection, conversation)
            return
        drop_held(connection, conversation)
        if turn.effect in ("stop", "blocked"):
            drop_departures(connection, conversation)
            opt_out(self._database, connection, mine, PERSON if turn.effect == "stop" else PLATFORM)
        elif turn.effect == "start":
            opt_in(connection, mine)
        else:
            opt_in(connection, mine, by=PLATFORM)
        if turn.reply is None:
            return
        platform, session = self._platforms[arrival.channel], known.opened.session
        asked = turns.asked(known.opened, arrival.content["text"])
        written = turns.write(turn.reply, arrival.message_key, asked)
        messages = _messages(platform, turn, written.bodies)
        turns.store(
            connection,
            session,
            arrival.message_key,
            arrival.content["text"],
            turn.reply,
            written,
            channel=arrival.channel,
            language=turn.language,
        )
        put_departures(
            connection,
            channel=arrival.channel,
            conversation=conversation,
            message_key=arrival.message_key,
            address=arrival.address,
            parts=[*platform.acknowledge(arrival.content["ack"]), *platform.render(messages)],
        )

    # Sending

    async def _take_departures(self, most: int) -> list[Departure]:
        now = time.monotonic()
        channels = [name for name in self._platforms if self._resting.get(name, 0.0) <= now]
        heard = now - self._hearing_since
        try:
            return await self._database.run(
                lambda connection: take_departures(connection, most, channels, hearing_seconds=heard)
            )
        except SourceUnavailable:
            self._hearing_since = time.monotonic()
            raise

    async def _send(self, departure: Departure) -> None:
        outcome = await self._outcome(departure)
        SENT_PARTS.labels(departure.channel, outcome.kind).inc()
        if outcome.kind == "again" and outcome.wait:
            self._resting[departure.channel] = time.monotonic() + outcome.wait
        if outcome.kind != "sent":
            log.warning("channel=%s send %s code=%s", departure.channel, outcome.kind, outcome.code)

        def settle(connection: Connection) -> None:
            settle_departure(connection, departure, outcome)
            if outcome.kind == "blocked":
                drop_departures(connection, departure.conversation_id)
                opt_out(self._database, connection, [departure.conversation_id], PLATFORM)

        await _persist(self._database, settle)

    async def _outcome(self, departure: Departure) -> Outcome:
        platform = self._platforms[departure.channel]
        try:
            request = platform.request(Outgoing(departure.address, departure.payload, departure.receipt))
            if self._sender is None:
                raise RuntimeError("the worker was not started")
            return await self._sender.send(request, platform.outcome)
        except Exception as error:
            log.error("channel=%s not sent: %s at %s", departure.channel, type(error).__name__, _place(error))
            return Outcome("failed", type(error).__name__)

    async def _pump(
        self,
        take: Callable[[int], Awaitable[list[T]]],
        handle: Callable[[T], Awaitable[None]],
        most: int,
        wake: asyncio.Event,
    ) -> None:
        """Take and handle, up to `most` at once, until stopped; then let run what runs."""
        running: set[asyncio.Task[Any]] = set()

        def ended(task: asyncio.Task[Any]) -> None:
            running.discard(task)
            wake.set()

        while not self._is_stopping:
            wake.clear()
            taken: list[T] = []
            if len(running) < most:
                try:
                    taken = await take(most - len(running))
                except SourceUnavailable:
                    log.error("database unavailable, trying again")
            for item in taken:
                task = asyncio.ensure_future(handle(item))
                running.add(task)
                task.add_done_callback(ended)
            if not taken and not self._is_stopping:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(wake.wait(), POLL_SECONDS)
        if running:
            await asyncio.wait(running, timeout=GRACE_SECONDS)


async def _persist(database: Database, work: Callable[[Connection], None]) -> None:
    """Write down how a send ended, as long as it takes: what was sent must not look unsent."""
    while True:
        try:
            await database.run(work)
            return
        except SourceUnavailable:
            log.error("database unavailable, the end of a send waits")
            await asyncio.sleep(POLL_SECONDS)


def _known(connection: Connection, arrival: Arrival) -> Known:
    conversation = arrival.conversation_id
    return look(
        connection,
        channel=arrival.channel,
        conversation=conversation,
        others=arrival.content["also"],
        message_key=arrival.message_key,
        content=arrival.content,
        has_more=has_held(connection, conversation),
    )


def _messages(platform: Platform, turn: Turn, bodies: Sequence[Body]) -> list[Message]:
    """Return the answers of a turn as messages; numbers of shown choices run through the turn and go into `bodies`."""
    messages, number = [], 0
    for answer, body in zip(turn.reply.answers if turn.reply else (), bodies, strict=True):
        is_menu = is_language_menu(answer)
        if is_menu or platform.is_numbered([choice["title"] for choice in body["choices"]]):
            for choice in body["choices"]:
                number += 1
                choice["number"] = number
        lead = Speech(answer.language).ui("channel.choose_language").text if is_menu else ""
        messages.append(message_for(answer, options_of(body["choices"]), number_lead=lead))
    return messages


def _place(error: BaseException) -> str:
    """File and line where an error began: enough to find it, nothing of what was said."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
