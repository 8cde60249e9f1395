"""POST /api/v1/eligibility: facts in, outcomes with reasons out, in the asked language. Nothing is kept."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from aiohttp import web

from bot.answers.eligibility import compose_outcome
from bot.answers.render import render_json
from bot.core.errors import UserInputError
from bot.eligibility.engine import decide
from bot.eligibility.facts import read_facts
from bot.eligibility.model import SCHEMES
from bot.i18n.locales import find_locale, negotiate_locale


async def post_eligibility(request: web.Request) -> web.Response:
    """`{"facts", "language"?, "on"?}` → the three verdicts, `ask`, `assumed`, `reasons` and the `card` a person sees.

    Raises:
        UserInputError: `bad_request`, `unknown_language`, `unknown_fact`, `bad_fact` or `contradiction`.
    """
    body = await _read(request)
    tag = body.get("language")
    if tag is None or tag == "":
        tag = negotiate_locale(request.headers.get("Accept-Language", "")).tag
    locale = find_locale(tag) if isinstance(tag, str) else None
    if locale is None:
        raise UserInputError("unknown_language")
    facts = read_facts(body["facts"])
    outcome = decide(facts, _day(body.get("on")))
    reasons = [
        {
            "rule": reason.rule,
            "text": reason.text,
            "law": reason.law,
            "source": reason.source.url,
            "checked": reason.checked.isoformat(),
        }
        for reason in outcome.reasons
    ]
    card = render_json(compose_outcome(facts, locale.tag), lambda choice: choice.payload)
    verdicts: dict[str, Any] = {scheme: outcome.verdicts[scheme] for scheme in SCHEMES}
    answer = {**verdicts, "ask": outcome.ask, "assumed": outcome.assumed, "reasons": reasons, "card": card}
    return web.json_response(answer, dumps=lambda content: json.dumps(content, ensure_ascii=False))


async def _read(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise UserInputError("bad_request") from None
    if not isinstance(body, dict) or not isinstance(body.get("facts"), dict):
        raise UserInputError("bad_request", detail="facts")
    return body


def _day(text: object) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        raise UserInputError("bad_request", detail="on") from None
