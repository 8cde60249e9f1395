"""Sessions, messages and votes: what the widget and other clients talk to."""

from __future__ import annotations

import json
import time
from typing import Any

from aiohttp import web

from bot.channels.web import Incoming
from bot.core.errors import RateLimited, UserInputError
from bot.i18n.locales import load_locales, negotiate_locale
from bot.i18n.speech import Speech
from bot.web.keys import SETTINGS, WEB_CHANNEL
from bot.web.limits import RateLimit
from bot.web.metrics import TURNS
from bot.web.middleware import client_network

MINUTE_LIMIT: web.AppKey[RateLimit] = web.AppKey("minute_limit", RateLimit)
DAY_LIMIT: web.AppKey[RateLimit] = web.AppKey("day_limit", RateLimit)
SESSION_LIMIT: web.AppKey[RateLimit] = web.AppKey("session_limit", RateLimit)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
MOST_ANSWERS = 999_999_999  # no conversation has so many; a database takes no number of any size


def setup_limits(app: web.Application) -> None:
    """Create the counters from the settings."""
    settings = app[SETTINGS]
    app[MINUTE_LIMIT] = RateLimit(settings.messages_per_minute, MINUTE)
    app[DAY_LIMIT] = RateLimit(settings.messages_per_day, DAY)
    app[SESSION_LIMIT] = RateLimit(settings.sessions_per_hour, HOUR)


async def open_session(request: web.Request) -> web.Response:
    """POST /api/v1/sessions: `{"language"?}` → 201 with a token and the languages."""
    wait = request.app[SESSION_LIMIT].wait_seconds(client_network(request), time.monotonic())
    if wait:
        raise RateLimited(wait)
    body = await _read(request, optional=True)
    language = _text(body, "language")
    hint = negotiate_locale(request.headers.get("Accept-Language", "")).tag
    token = await request.app[WEB_CHANNEL].open(language=language or None, language_hint=hint)
    languages = [
        {
            "tag": locale.tag,
            "name": locale.name,
            "english_name": locale.english_name,
            "direction": locale.direction,
            "state": locale.state,
        }
        for locale in load_locales()
    ]
    return web.json_response({"token": token, "language": language or hint, "languages": languages}, status=201)


async def post_message(request: web.Request) -> web.Response:
    """POST /api/v1/messages: one message or choice → the answers. A retry with the same id gets the same."""
    token = _token(request)
    for limit in (MINUTE_LIMIT, DAY_LIMIT):
        wait = request.app[limit].wait_seconds(token, time.monotonic())
        if wait:
            raise RateLimited(wait)
    body = await _read(request)
    incoming = Incoming(
        message_id=_text(body, "client_msg_id"),
        text=_text(body, "text"),
        choice=_text(body, "choice"),
        topic=_text(body, "topic"),
        language=_text(body, "language") or None,
        area=_text(body, "area")[:16] or None,
    )
    turn = await request.app[WEB_CHANNEL].post(token, incoming)
    TURNS.labels(turn["language"], str(turn["confidence"] >= 0.4)).inc()
    return web.json_response(turn, dumps=_dumps)


async def get_messages(request: web.Request) -> web.Response:
    """GET /api/v1/messages?after=N: the answers numbered above N."""
    token = _token(request)
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= len(str(MOST_ANSWERS))):
        raise UserInputError("bad_request")
    messages = await request.app[WEB_CHANNEL].history(token, int(after))
    return web.json_response({"messages": messages}, dumps=_dumps)


async def delete_session(request: web.Request) -> web.Response:
    """DELETE /api/v1/sessions: erases everything of the session and says how much."""
    token = _token(request)
    channel = request.app[WEB_CHANNEL]
    language = (await channel.session(token)).spoken
    receipt = await channel.erase(token)
    message = Speech(language).ui("chat.deleted", messages=receipt.messages).text
    return web.json_response({"deleted": receipt.as_dict(), "message": message})


async def post_feedback(request: web.Request) -> web.Response:
    """POST /api/v1/feedback: `{"number", "helpful"}`."""
    token = _token(request)
    body = await _read(request)
    number, helpful = body.get("number"), body.get("helpful")
    if type(number) is not int or not 1 <= number <= MOST_ANSWERS or not isinstance(helpful, bool):
        raise UserInputError("bad_request")
    channel = request.app[WEB_CHANNEL]
    await channel.vote(token, number, helpful=helpful)
    language = (await channel.session(token)).spoken
    return web.json_response({"message": Speech(language).ui("feedback.thanks").text})


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(token) <= 100:
        raise UserInputError("unknown_session", status=401)
    return token


async def _read(request: web.Request, *, optional: bool = False) -> dict[str, Any]:
    raw = await request.read()
    if optional and not raw:
        return {}
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise UserInputError("bad_request") from None
    if not isinstance(body, dict):
        raise UserInputError("bad_request")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UserInputError("bad_request", detail=name)
    return value


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
