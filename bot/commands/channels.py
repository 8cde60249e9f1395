"""`doorway channels`: which messaging channels are on and how they do; telling Telegram where to deliver."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import fields
from typing import Any

import aiohttp

from bot.channels import telegram
from bot.channels.figures import channel_state
from bot.channels.platform import Request, maybe_object, object_at, text_at
from bot.channels.platforms import CHANNELS, missing_settings
from bot.channels.sender import Sender
from bot.core.errors import ConfigError, SourceUnavailable
from bot.core.settings import Settings, load_settings

CONNECTIONS = 40  # that Telegram may open to us at once
REGISTERED, ELSEWHERE, NOT_REGISTERED, NO_ANSWER, UNKNOWN = (
    "registered", "elsewhere", "not_registered", "no_answer", "unknown",
)  # fmt: skip


def status(settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return every channel with what it lacks, its webhook, the last message, what waits and what failed.

    `webhook`: only Telegram can be asked; the others are `unknown`. Times are ISO, UTC.

    Raises:
        SourceUnavailable: the database did not answer.
    """
    from bot.service import open_database

    settings = settings or load_settings()
    database = open_database(settings)
    try:
        return [_status(settings, database, channel) for channel in CHANNELS]
    finally:
        database.close()


def _status(settings: Settings, database: Any, channel: str) -> dict[str, Any]:
    missing = missing_settings(settings, channel)
    state = database.run_now(lambda connection: channel_state(connection, channel))
    last = state["last_inbound"]
    return {
        "channel": channel,
        "on": not missing,
        "missing": [_variable(name) for name in missing],
        "address": webhook_address(settings, channel),
        "webhook": _webhook(settings) if channel == telegram.NAME and not missing else UNKNOWN,
        **state,
        "last_inbound": dt.datetime.fromtimestamp(last, dt.timezone.utc).isoformat(timespec="seconds")
        if last
        else None,
    }


def webhook_address(settings: Settings, channel: str) -> str:
    """Return the address a platform delivers to; empty when nobody has said under which address we are reached."""
    return f"{settings.public_url.rstrip('/')}/channels/{channel}" if settings.public_url else ""


def telegram_set_webhook(settings: Settings | None = None) -> str:
    """Tell Telegram where to deliver, with the secret it must send along; return the address.

    Raises:
        ConfigError: a setting is missing, or Telegram refuses (a wrong token, an address without TLS).
        SourceUnavailable: Telegram did not answer.
    """
    settings = settings or load_settings()
    missing = [*missing_settings(settings, telegram.NAME), *([] if settings.public_url else ["public_url"])]
    if missing:
        raise ConfigError(f"please set {', '.join(_variable(name) for name in missing)}")
    address = webhook_address(settings, telegram.NAME)
    wanted = {
        "url": address,
        "secret_token": settings.telegram_secret,
        "allowed_updates": telegram.UPDATES,
        "max_connections": CONNECTIONS,
    }
    answer = _ask_telegram(settings, "setWebhook", wanted)
    if answer.get("ok") is not True:
        raise ConfigError(f"Telegram refuses: {text_at(answer, 'description')[:200]}")
    return address


def _webhook(settings: Settings) -> str:
    try:
        answer = _ask_telegram(settings, "getWebhookInfo", {})
    except SourceUnavailable:
        return NO_ANSWER
    address = text_at(object_at(answer, "result"), "url")
    if not address:
        return NOT_REGISTERED
    return REGISTERED if address == webhook_address(settings, telegram.NAME) else ELSEWHERE


def _ask_telegram(settings: Settings, method: str, body: dict[str, Any]) -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        sender = Sender()
        try:
            url = f"{settings.telegram_url.rstrip('/')}/bot{settings.telegram_token}/{method}"
            _status, _headers, raw = await sender.call(Request(url, json=body))
            return maybe_object(raw)
        finally:
            await sender.close()

    try:
        return asyncio.run(ask())
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise SourceUnavailable(f"Telegram did not answer: {type(error).__name__}") from None


def _variable(name: str) -> str:
    return next(str(spec.metadata["env"]) for spec in fields(Settings) if spec.name == name)
