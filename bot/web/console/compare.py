"""One question in several languages beside each other, and one answer in several languages."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.answers.compose import compose
from bot.answers.load import get_answer, is_topic, load_topics
from bot.answers.render import render_json
from bot.answers.say import say_topic
from bot.console.compare import Line, parse_lines
from bot.console.explanation import odd_topics
from bot.core.errors import UserInputError
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale
from bot.web.console.ask import language_options, ui_in
from bot.web.console.page import get, post
from bot.web.console.visit import Visit
from bot.web.keys import ASSISTANT, WITHDRAWN


async def get_compare(visit: Visit) -> web.StreamResponse:
    """GET /console/compare: `?topic=…&language=…&language=…` shows an answer in these languages."""
    topic = visit.request.query.get("topic", "")
    if topic and not is_topic(topic):
        return _show(visit, error=UserInputError("topic", status=422))
    return _show(visit, topic=topic)


async def post_compare(visit: Visit) -> web.StreamResponse:
    """POST /console/compare: what is understood of each line. Nothing is stored."""
    try:
        lines = parse_lines(visit.field("lines"))
    except UserInputError as error:
        return _show(visit, error=error)
    items: list[tuple[str, str | None]] = [(line.text, line.language or None) for line in lines]
    understood = await asyncio.to_thread(visit.request.app[ASSISTANT].understand_many, items)
    odd = odd_topics([one.topic for one in understood])
    return _show(visit, rows=list(zip(lines, understood, odd, strict=True)))


def _show(
    visit: Visit,
    *,
    error: UserInputError | None = None,
    rows: list[tuple[Line, Any, bool]] | None = None,
    topic: str = "",
) -> web.Response:
    chosen = [tag for tag in visit.request.query.getall("language", []) if find_locale(tag)]
    chosen = chosen or [tag for tag, _ in language_options()]
    return visit.render(
        error=error,
        typed=visit.field("lines"),
        rows=rows or [],
        topic=topic,
        topics=[(name, f"{name}: {get_answer(name).title}") for name in load_topics()],
        languages=language_options(),
        chosen=chosen,
        answers=_answers(visit, topic, chosen) if topic else [],
    )


def _answers(visit: Visit, topic: str, languages: list[str]) -> list[dict[str, Any]]:
    withdrawn = visit.request.app[WITHDRAWN]
    shown = []
    for tag in dict.fromkeys((SOURCE_LANGUAGE, *languages)):
        ui, plain = ui_in(tag)
        message = render_json(compose(say_topic(topic), tag, withdrawn=withdrawn), lambda _: "")
        shown.append({"tag": tag, "message": message, "ui": ui, "plain": plain})
    return shown


PAGES = (
    get("/compare", get_compare, action="compare", template="compare.html", menu="compare"),
    post("/compare", post_compare, action="compare", template="compare.html", body_limit=200_000),
)
