"""Wiring: settings in, application out. No logic lives here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from aiohttp import web

from bot.assistant import Assistant
from bot.channels.erasure import erase_older_than
from bot.channels.messaging import MESSAGING, Messaging
from bot.channels.pauses import Pauses
from bot.channels.platforms import load_platforms
from bot.channels.worker import Worker
from bot.core.database import Database
from bot.core.errors import SourceUnavailable
from bot.core.settings import Settings
from bot.directory.opening import open_directory
from bot.service import build_assistant, build_channel, build_replies, open_database, secret_key
from bot.web.api.chat import setup_limits
from bot.web.api.oruk import setup_directory
from bot.web.console.setup import add_console
from bot.web.keys import ASSISTANT, DATABASE, PAUSES, SETTINGS, WEB_CHANNEL, WITHDRAWN
from bot.web.limits import RateLimit
from bot.web.metrics import ERASED
from bot.web.middleware import MIDDLEWARES, REQUEST_LIMIT
from bot.web.pages.site import check_start_topics
from bot.web.pages.templates import setup_templates
from bot.web.routes import add_routes
from bot.web.switches import refresh_switches

log = logging.getLogger("bot.app")
BODY_LIMIT = 16 * 1024
MINUTE = 60.0
RETENTION_PAUSE = 600.0  # seconds between two passes of the retention job


def build_app(
    settings: Settings, *, database: Database | None = None, assistant: Assistant | None = None
) -> web.Application:
    """Return the application, ready to be served. `database` and `assistant` are opened when not given.

    Raises:
        ConfigError: a setting is wrong, or there is no model.
    """
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=BODY_LIMIT)
    app[SETTINGS] = settings
    app[DATABASE] = database or open_database(settings)
    directory = open_directory(app[DATABASE])
    app[ASSISTANT] = assistant or build_assistant(settings, app[DATABASE], directory)
    app[WITHDRAWN] = app[ASSISTANT].withdrawn
    app[PAUSES] = Pauses()
    app[WEB_CHANNEL] = build_channel(settings, app[DATABASE], app[ASSISTANT], app[PAUSES])
    app[REQUEST_LIMIT] = RateLimit(settings.requests_per_minute, MINUTE)
    setup_limits(app)
    _setup_messaging(app)
    setup_directory(app, directory)
    check_start_topics(settings)
    setup_templates(app)
    add_console(app, secret=secret_key(settings))
    add_routes(app)
    app.cleanup_ctx.append(_switches)
    app.cleanup_ctx.append(_retention)
    app.on_cleanup.append(_close)
    return app


def _setup_messaging(app: web.Application) -> None:
    """Open the webhooks of the platforms that are on, and start their worker with the server."""
    settings, platforms = app[SETTINGS], load_platforms(app[SETTINGS])
    worker = Worker(app[DATABASE], build_replies(settings, app[ASSISTANT], app[PAUSES]), platforms)
    app[MESSAGING] = Messaging(
        app[DATABASE],
        platforms,
        secret=secret_key(settings),
        text_limit=settings.text_limit,
        hours=settings.retention_hours,
        wake=worker.wake,
        wait_seconds=RateLimit(settings.messages_per_minute, MINUTE).wait_seconds,
        notice_seconds=RateLimit(1, MINUTE).wait_seconds,
    )
    if not platforms:
        return

    async def run(_app: web.Application) -> AsyncIterator[None]:
        await worker.start()
        yield
        await worker.stop()

    app.cleanup_ctx.append(run)


async def _switches(app: web.Application) -> AsyncIterator[None]:
    await refresh_switches(app)
    job = asyncio.create_task(_look_for_switches(app))
    yield
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)


async def _look_for_switches(app: web.Application) -> None:
    """Take in what was withdrawn or paused by way of other processes."""
    while True:
        await asyncio.sleep(MINUTE)
        try:
            await refresh_switches(app)
        except SourceUnavailable:
            log.error("withdrawn answers and pauses: database unavailable, trying again in %d s", MINUTE)


async def _retention(app: web.Application) -> AsyncIterator[None]:
    job = asyncio.create_task(_erase_old(app))
    yield
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)


async def _erase_old(app: web.Application) -> None:
    hours = app[SETTINGS].retention_hours
    while True:
        try:
            receipt = await app[DATABASE].run(lambda connection: erase_older_than(connection, hours))
            for table, number in receipt.as_dict().items():
                ERASED.labels(table).inc(number)
        except SourceUnavailable:
            log.error("retention: database unavailable, trying again in %d s", RETENTION_PAUSE)
        await asyncio.sleep(RETENTION_PAUSE)


async def _close(app: web.Application) -> None:
    await app[WEB_CHANNEL].close()
    app[ASSISTANT].close()
    app[DATABASE].close()
