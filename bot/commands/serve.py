"""`doorway serve`."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from functools import partial

from aiohttp import web

from bot.commands.workers import Workers
from bot.core.errors import BotError, ConfigError
from bot.core.log import configure_logging
from bot.core.paths import ROOT
from bot.core.settings import Settings, load_settings
from bot.training import is_stale

GRACE_SECONDS = 10.0


def serve(*, host: str | None, port: int | None, workers: int) -> None:
    """Build the model when it is stale, then serve until a signal comes.

    Raises:
        ConfigError: several workers on SQLite or without Redis, a busy port, a wrong setting.
    """
    settings = load_settings(host=host, port=port)
    if workers > 1 and not settings.is_postgres:
        raise ConfigError("--workers needs PostgreSQL: set DATABASE_URL (SQLite has one writer)")
    if workers > 1 and not settings.redis_url:
        raise ConfigError("--workers needs Redis: set REDIS_URL (workers share the lock of a conversation)")
    configure_logging(settings.log_level)
    _ensure_model()
    if workers == 1:
        _run(settings, reuse_port=False)
        return
    from bot.service import secret_key

    secret_key(settings)  # written once, before several would
    Workers(partial(_work, settings), workers).run()


def _ensure_model() -> None:
    """Build a stale model in a process of its own: the 0.6 GB that a training leaves behind would stay for good."""
    if is_stale():
        trained = subprocess.run([sys.executable, "-m", "bot.cli", "train"], cwd=ROOT)
        if trained.returncode:
            sys.exit(trained.returncode)  # it told why


def _run(settings: Settings, *, reuse_port: bool) -> None:
    configure_logging(settings.log_level)
    try:
        asyncio.run(_serve(settings, reuse_port))
    except OSError as error:
        raise ConfigError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from error


def _work(settings: Settings) -> None:
    """Serve in a process of its own; an error on purpose is told in one line."""
    try:
        _run(settings, reuse_port=True)
    except BotError as error:
        sys.exit(f"doorway: {error}")


async def _serve(settings: Settings, reuse_port: bool) -> None:
    from bot.app import build_app

    runner = web.AppRunner(build_app(settings), access_log=None, shutdown_timeout=GRACE_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port, reuse_port=reuse_port or None)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await site.start()
        shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0") else settings.host  # noqa: S104 — compared only
        sys.stderr.write(f"Doorway answers on http://{shown}:{settings.port}\n")
        sys.stderr.flush()
        await stop.wait()
    finally:
        await runner.cleanup()
