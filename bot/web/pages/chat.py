"""The conversation page. A plain form first; `widget/chat.js` makes the same page quicker and sturdier.

The token of the session is a hidden field, never part of an address. Sending the same form twice is harmless, because
the id of the message is in the form too.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from bot.answers.blocks import speech_for
from bot.answers.choices import topic_choice
from bot.answers.load import get_answer
from bot.channels.web import Incoming
from bot.core.errors import NotFound, RateLimited, UserInputError
from bot.i18n.locales import SOURCE_LANGUAGE, Locale
from bot.i18n.speech import Speech
from bot.web.api.chat import DAY_LIMIT, MINUTE_LIMIT, SESSION_LIMIT
from bot.web.keys import SETTINGS, WEB_CHANNEL
from bot.web.middleware import client_network
from bot.web.pages.missing import not_found
from bot.web.pages.scripted import interface_for_script
from bot.web.pages.search import fold
from bot.web.pages.site import CHAT, best_locale, find_offered, offered_locales, start_topics
from bot.web.pages.templates import render

TOKEN_LENGTHS = range(20, 101)
ICONS = {"eviction_notice": "page"}  # start topics whose picture is not the one of their theme
Form = MultiDictProxy[Any]


@dataclass
class View:
    """What the page shows beside the interface."""

    token: str = ""
    history: tuple[dict[str, Any], ...] = ()
    draft: str = ""  # kept when a message was refused
    error: str = ""
    status: str = ""  # something that was done
    confirm: bool = False
    code: int = 200


async def get_picker(request: web.Request) -> web.Response:
    """GET /chat: which language?"""
    asked = request.query.get("q", "").strip()[:40]
    listed = [
        {"locale": locale, "names": fold(f"{locale.name} {locale.english_name} {locale.tag}")}
        for locale in offered_locales(request.app[SETTINGS])
    ]
    shown = [entry for entry in listed if fold(asked) in str(entry["names"])]
    return render(request, "picker.html", best_locale(request), asked=asked, shown=shown or listed)


async def get_chat(request: web.Request) -> web.Response:
    """GET /{lang}/chat: an empty conversation. No session is opened before something is said."""
    locale = find_offered(request, request.match_info["lang"])
    return _page(request, locale, View()) if locale else not_found(request)


async def post_chat(request: web.Request) -> web.Response:
    """POST /{lang}/chat: one step; answered by the page with the whole conversation."""
    locale = find_offered(request, request.match_info["lang"])
    if locale is None:
        return not_found(request)
    view = View()
    try:
        form = await request.post()
        view.token, view.draft = _field(form, "token"), _field(form, "text").strip()
        await _step(request, form, locale, view)
    except web.HTTPRequestEntityTooLarge:
        _refuse(request, locale, view, UserInputError("too_long", status=413))
    except UserInputError as error:
        _refuse(request, locale, view, error)
    if view.token:
        await _load_history(request, locale, view)
    return _page(request, locale, view)


async def _step(request: web.Request, form: Form, locale: Locale, view: View) -> None:
    """Do what the pressed button says."""
    action, _, number = _field(form, "action").partition(":")
    channel, speech = request.app[WEB_CHANNEL], Speech(locale.tag)
    if action == "ask_delete":
        view.confirm = True
    elif action == "delete" and view.token:
        receipt = await channel.erase(view.token)
        view.token, view.draft = "", ""
        view.status = speech.ui("chat.deleted", messages=receipt.messages).text
    elif action in ("good", "bad") and number.isdecimal():
        await channel.vote(view.token, int(number[:9]), helpful=action == "good")
        view.status = speech.ui("feedback.thanks").text
    elif action != "cancel":
        await _say(request, form, locale, view)


async def _say(request: web.Request, form: Form, locale: Locale, view: View) -> None:
    if len(view.token) not in TOKEN_LENGTHS:
        view.token = await _open(request, locale)
    for limit in (MINUTE_LIMIT, DAY_LIMIT):
        _count(request, limit, view.token)
    choice, topic = _field(form, "choice"), _field(form, "topic")
    incoming = Incoming(
        message_id=_field(form, "client_msg_id"),
        text="" if choice or topic else view.draft,
        choice=choice,
        topic=topic,
        language=locale.tag,
    )
    await request.app[WEB_CHANNEL].post(view.token, incoming)
    if incoming.text:
        view.draft = ""


async def _open(request: web.Request, locale: Locale) -> str:
    _count(request, SESSION_LIMIT, client_network(request))
    return await request.app[WEB_CHANNEL].open(language=locale.tag, language_hint=locale.tag)


async def _load_history(request: web.Request, locale: Locale, view: View) -> None:
    try:
        view.history = tuple(await request.app[WEB_CHANNEL].history(view.token))
    except (
        UserInputError
    ) as error:  # the session ended: what was typed stays in the box, the next message opens a new one
        view.token = ""
        _refuse(request, locale, view, error)


def _page(request: web.Request, locale: Locale, view: View) -> web.Response:
    speech = speech_for(locale.tag)
    starts = []
    for topic in start_topics(request.app[SETTINGS]):
        title = topic_choice(topic, speech).title
        is_english = title.text == title.english
        starts.append(
            {"topic": topic, "theme": get_answer(topic).theme,
             "icon": ICONS.get(topic, get_answer(topic).theme), "title": title.text,
             "language": SOURCE_LANGUAGE if is_english else locale.tag}
        )  # fmt: skip
    return render(
        request,
        "chat.html",
        locale,
        status=view.code,
        path=CHAT,
        view=view,
        turns=with_questions(view.history),
        starts=starts,
        message_id=str(uuid.uuid4()),
        limit=request.app[SETTINGS].text_limit,
        script=interface_for_script(request, locale),
    )


def with_questions(history: tuple[dict[str, Any], ...]) -> list[tuple[str, dict[str, Any]]]:
    """Return the answers, each with the words it answers, once where several answer the same."""
    turns: list[tuple[str, dict[str, Any]]] = []
    previous: object = None
    for message in history:
        turn = message["client_msg_id"]
        title = message.get("title", {}).get("text", "")
        turns.append(("" if turn == previous else message["asked"] or title, message))
        previous = turn
    return turns


def _refuse(request: web.Request, locale: Locale, view: View, error: UserInputError) -> None:
    values: dict[str, object] = {"limit": request.app[SETTINGS].text_limit}
    if isinstance(error, RateLimited):
        values["seconds"] = error.seconds
    try:
        view.error = Speech(locale.tag).ui(f"error.{error.code}", **values).text
    except NotFound:
        view.error = Speech(locale.tag).ui("error.bad_request").text
    view.code = error.status


def _count(request: web.Request, limit: Any, key: str) -> None:
    wait = request.app[limit].wait_seconds(key, time.monotonic())
    if wait:
        raise RateLimited(wait)


def _field(form: Form, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
