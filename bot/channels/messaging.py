"""The webhooks of the messaging platforms: size cap → verify the raw bytes → parse every event → clean → insert, once
each → 200. The worker does the rest, so a platform never waits for an answer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.delivery import FAILED, SENT, accept_delivery
from bot.channels.departures import confirm_departure
from bot.channels.figures import RECEIVED
from bot.channels.platform import Event, Platform
from bot.core.clock import timestamp
from bot.core.database import Database
from bot.core.errors import NotFound, UserInputError
from bot.core.ids import conversation_id
from bot.core.text import clean

log = logging.getLogger("bot.channels")
LONGEST_ID, LONGEST_CHOICE, LONGEST_HINT = 512, 64, 16
HOUR = 3600.0
LongestWait = Callable[[str, float], int]  # a key and the time → seconds to wait, 0 when it is allowed


class Messaging:
    """What webhooks do with a body."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        *,
        secret: str,
        text_limit: int,
        hours: int,
        wake: Callable[[], None],
        wait_seconds: LongestWait,
        notice_seconds: LongestWait,
    ) -> None:
        """`hours`: older messages are not answered; `wait_seconds`, `notice_seconds`: how much one person may write."""
        self.platforms = platforms
        self._database, self._secret, self._text_limit = database, secret, text_limit
        self._hours, self._wake, self._wait, self._notice = hours, wake, wait_seconds, notice_seconds

    async def receive(self, platform: Platform, raw: bytes, query: str = "") -> int:
        """Take in the events of a verified body and return how many were new.

        Raises:
            UserInputError: `bad_request`: it cannot be read.
            SourceUnavailable: nothing was stored; the platform will deliver it again.
        """
        events = [event for event in platform.parse(raw, query) if self._is_usable(event)]
        if not events:
            return 0

        def store(connection: Connection) -> int:
            return sum(self._store(connection, event) for event in events)

        number = await self._database.run(store)
        self._wake()
        return number

    def _is_usable(self, event: Event) -> bool:
        if not event.message_id or not all(_is_plain(text) for text in (event.message_id, event.address, event.person)):
            return False
        if event.sent_at is not None and event.sent_at < timestamp() - self._hours * HOUR:
            RECEIVED.labels(event.platform, "stale").inc()
            return False
        return event.kind == "receipt" or bool(event.person)

    def _store(self, connection: Connection, event: Event) -> bool:
        if event.kind == "receipt":
            state = FAILED if event.text == FAILED else SENT
            confirm_departure(connection, event.message_id, state, event.choice)
            return False
        conversation = conversation_id(self._secret, event.platform, event.person)
        also = [conversation_id(self._secret, event.platform, other) for other in event.also]
        kind = self._limited(event, conversation)
        is_new = kind is not None and accept_delivery(
            self._database,
            connection,
            channel=event.platform,
            message_key=conversation_id(self._secret, f"{event.platform} message", event.message_id),
            conversation=conversation,
            address=event.address,
            content={
                "kind": kind,
                "text": clean(event.text[: self._text_limit * 4])[: self._text_limit + 1],
                "choice": event.choice[:LONGEST_CHOICE],
                "hint": event.language_hint[:LONGEST_HINT],
                "ack": event.ack,
                "also": also,
            },
        )
        RECEIVED.labels(event.platform, "new" if is_new else "dropped" if kind is None else "repeated").inc()
        return is_new

    def _limited(self, event: Event, conversation: str) -> str | None:
        """Return the kind under which an event is taken in; None when the person has written too much."""
        if event.kind in ("stop", "start") or not self._wait(conversation, time.monotonic()):
            return event.kind
        return None if self._notice(conversation, time.monotonic()) else "limited"


def _is_plain(text: str) -> bool:
    """Whether a platform's id can be one."""
    return len(text) <= LONGEST_ID and text.isascii() and text.isprintable()


MESSAGING: web.AppKey[Messaging] = web.AppKey("messaging", Messaging)


async def get_webhook(request: web.Request) -> web.Response:
    """GET /channels/{name}: a platform asks whether the address is ours."""
    platform = request.app[MESSAGING].platforms.get(request.match_info["name"])
    if platform is None or platform.handshake is None:
        raise NotFound("channel")
    challenge = platform.handshake(request.query)
    if challenge is None:
        RECEIVED.labels(platform.name, "refused").inc()
        return web.Response(status=403)
    return web.Response(text=challenge)


async def post_webhook(request: web.Request) -> web.Response:
    """POST /channels/{name}: events. 200 for all that is genuine, whatever it says; 403 for the rest."""
    messaging = request.app[MESSAGING]
    platform = messaging.platforms.get(request.match_info["name"])
    if platform is None:
        raise NotFound("channel")
    raw = await _read(request, platform.most_bytes)
    query = request.rel_url.raw_query_string
    if not platform.verify(raw, request.headers, query):
        RECEIVED.labels(platform.name, "refused").inc()
        log.warning("channel=%s refused a request that is not signed", platform.name)
        return web.Response(status=403)
    await messaging.receive(platform, raw, query)
    return web.Response()


async def _read(request: web.Request, most: int) -> bytes:
    """Return the body.

    Raises:
        UserInputError: `too_large`.
    """
    if (request.content_length or 0) > most:
        raise UserInputError("too_large", status=413)
    raw = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        raw += chunk
        if len(raw) > most:
            raise UserInputError("too_large", status=413)
    return bytes(raw)


def add_channel_routes(app: web.Application) -> None:
    """Connect the webhooks."""
    app.router.add_get("/channels/{name}", get_webhook, name="get_channel")
    app.router.add_post("/channels/{name}", post_webhook, name="channel")
