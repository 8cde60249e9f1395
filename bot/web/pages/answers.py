"""The index of all answers, and the page of one answer."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.answers.blocks import speech_for
from bot.answers.choices import topic_choice
from bot.answers.compose import compose
from bot.answers.load import get_answer, is_topic, load_topic_file
from bot.answers.render import render_json
from bot.answers.say import say_topic
from bot.i18n.locales import SOURCE_LANGUAGE, Locale
from bot.web.keys import WITHDRAWN
from bot.web.pages.assets import FOR_AN_HOUR
from bot.web.pages.missing import not_found
from bot.web.pages.scripted import interface_for_script
from bot.web.pages.search import LONGEST, entries, find
from bot.web.pages.site import base_url, best_locale, find_offered
from bot.web.pages.templates import render
from bot.web.qr import qr_code, qr_file


async def get_root(request: web.Request) -> web.Response:
    """GET /: to the index in the best language."""
    raise web.HTTPFound(f"/{best_locale(request).tag}/", headers={"Vary": "Accept-Language"})


async def get_bare_language(request: web.Request) -> web.Response:
    """GET /{lang}: to the index of that language."""
    locale = find_offered(request, request.match_info["lang"])
    if locale is None:
        return not_found(request)
    raise web.HTTPMovedPermanently(f"/{locale.tag}/")


async def get_index(request: web.Request) -> web.Response:
    """GET /{lang}/: every answer by theme; with `?q=` those that hold the words."""
    locale = find_offered(request, request.match_info["lang"])
    if locale is None:
        return not_found(request)
    asked = request.query.get("q", "").strip()[:LONGEST]
    listed = entries(locale.tag)
    themes = [(theme, [entry for entry in listed if entry.theme == theme]) for theme in load_topic_file()["themes"]]
    return render(
        request,
        "index.html",
        locale,
        path="",
        asked=asked,
        found=find(locale.tag, asked) if asked else [],
        themes=[(theme, group) for theme, group in themes if group],
        crisis=[entry for entry in listed if entry.urgency == "crisis"],
    )


async def get_topic(request: web.Request) -> web.Response:
    """GET /{lang}/{topic}: one answer."""
    locale, topic = find_offered(request, request.match_info["lang"]), request.match_info["topic"]
    if locale is None or not is_topic(topic):
        return not_found(request)
    withdrawn = request.app[WITHDRAWN]
    message = render_json(compose(say_topic(topic), locale.tag, withdrawn=withdrawn), lambda _: "")
    url = f"{base_url(request)}/{locale.tag}/{topic}"
    return render(
        request,
        "topic.html",
        locale,
        path=topic,
        message=message,
        theme=get_answer(topic).theme,
        related=_related(topic, locale),
        qr=qr_code(url),
        structured=structured_data(message, url),
        script=interface_for_script(request, locale, chat=False),
    )


async def get_topic_code(request: web.Request) -> web.Response:
    """GET /{lang}/{topic}/qr.svg: the public address of the answer for another device; of nobody's conversation."""
    locale, topic = find_offered(request, request.match_info["lang"]), request.match_info["topic"]
    if locale is None or not is_topic(topic):
        return not_found(request)
    code = qr_file(f"{base_url(request)}/{locale.tag}/{topic}")
    return web.Response(body=code, content_type="image/svg+xml", headers={"Cache-Control": FOR_AN_HOUR})


def structured_data(message: dict[str, Any], url: str) -> dict[str, Any]:
    """Return the answer as schema.org knows a question and its answer."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "url": url,
        "inLanguage": message["language"],
        "mainEntity": [
            {
                "@type": "Question",
                "name": message["title"]["text"],
                "acceptedAnswer": {"@type": "Answer", "text": message["text"]},
            }
        ],
    }


def _related(topic: str, locale: Locale) -> list[dict[str, str]]:
    speech = speech_for(locale.tag)
    related = []
    for other in get_answer(topic).related:
        title = topic_choice(other, speech).title
        spoken = SOURCE_LANGUAGE if title.text == title.english else locale.tag
        related.append({"topic": other, "title": title.text, "language": spoken})
    return related
