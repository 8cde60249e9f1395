"""Asking as a person would, and seeing why the answer is what it is. Nothing of the question is stored."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.answers.load import load_answers, load_dialogue_acts, load_topics
from bot.answers.model import Answer, TopicText
from bot.answers.render import render_json
from bot.assistant import Explained
from bot.channels.layout import message_for
from bot.channels.platform import Option
from bot.channels.twilio import render_sms
from bot.console.explanation import eligibility_of, in_english, language_name, raw_of, topic_name
from bot.console.flags import KINDS
from bot.core.clock import today
from bot.core.errors import UserInputError
from bot.core.text import clean
from bot.eligibility.load import load_statuses
from bot.i18n.locales import find_locale, load_locales
from bot.i18n.sms import segments
from bot.i18n.speech import Speech
from bot.places.authorities import Authority, load_authorities
from bot.places.lookup import find_place
from bot.web.console.page import get, post
from bot.web.console.visit import Visit
from bot.web.keys import ASSISTANT, SETTINGS, WITHDRAWN
from bot.web.pages.templates import ui_markup

LONGEST_PLACE = 120
FIELDS = ("question", "language", "area", "status")


@dataclass(frozen=True)
class Asked:
    """What the adviser wants to know."""

    text: str
    language: str | None
    council: Authority | None
    status: str | None

    @property
    def slots(self) -> dict[str, str]:
        """The facts from outside the conversation."""
        facts = {"area_code": self.council.gss_code if self.council else None, "status": self.status}
        return {name: fact for name, fact in facts.items() if fact}


class UnclearArea(UserInputError):
    """A place that is no council or several; `councils` are their names."""

    def __init__(self, councils: list[str]) -> None:
        super().__init__("area_many" if councils else "area_unknown", status=422)
        self.councils = councils


async def get_ask(visit: Visit) -> web.StreamResponse:
    """GET /console/ask."""
    return _show(visit)


async def post_ask(visit: Visit) -> web.StreamResponse:
    """POST /console/ask: one turn of a conversation that is thrown away."""
    try:
        asked = _asked(visit)
    except UserInputError as error:
        return _show(visit, error=error)
    explained = await visit.request.app[ASSISTANT].explain_text(
        secrets.token_hex(16), None, asked.text, language=asked.language, slots=asked.slots
    )
    return _show(visit, result=_result(visit, asked, explained))


def topic_options() -> list[tuple[str, str]]:
    """Return every topic and dialogue act as (id, what it is about) for a form."""
    return [(name, f"{name}: {topic_name(name)}") for name in (*load_topics(), *load_dialogue_acts())]


def language_options() -> list[tuple[str, str]]:
    """Return every language as (tag, name) for a form."""
    return [(locale.tag, f"{locale.english_name} ({locale.name})") for locale in load_locales()]


def ui_in(language: str) -> tuple[Callable[..., Markup], Callable[..., str]]:
    """Return how the card of an answer gets interface texts: as HTML, and plain."""
    speech = Speech(language)
    return (
        lambda name, **values: ui_markup(speech, name, values),
        lambda name, **values: speech.ui(name, **values).text,
    )


def _show(visit: Visit, *, error: UserInputError | None = None, result: dict[str, Any] | None = None) -> web.Response:
    typed = {name: visit.field(name) for name in FIELDS}
    statuses = [(status.id, status.label) for status in load_statuses().values()]
    return visit.render(
        error=error,
        typed=typed,
        councils=error.councils if isinstance(error, UnclearArea) else [],
        languages=language_options(),
        statuses=statuses,
        result=result,
    )


def _asked(visit: Visit) -> Asked:
    question, limit = visit.field("question"), visit.request.app[SETTINGS].text_limit
    text = clean(question) if len(question) <= limit * 4 else question
    if len(text) > limit:
        raise UserInputError("question_long", status=422)
    if not text:
        raise UserInputError("question", status=422)
    language, status = visit.field("language"), visit.field("status")
    if (language and not find_locale(language)) or (status and status not in load_statuses()):
        raise UserInputError("bad_request", status=422)
    return Asked(text, language or None, _council(visit.field("area").strip()), status or None)


def _council(place: str) -> Authority | None:
    if not place:
        return None
    if place in load_authorities():
        return load_authorities()[place]
    found = find_place(place[:LONGEST_PLACE])
    if found.only is None or found.is_guess:
        raise UnclearArea([candidate.authority.name for candidate in found.candidates])
    return found.only.authority


def _result(visit: Visit, asked: Asked, explained: Explained) -> dict[str, Any]:
    reply = explained.reply
    topics = list(dict.fromkeys(answer.topic for answer in reply.answers if answer.topic))
    written = [load_answers()[topic] for topic in topics if topic in load_answers()]
    parts = sms_parts(reply.answers)
    ui, plain = ui_in(reply.language)
    ui_english, plain_english = ui_in("en")
    messages = [render_json(answer, lambda _: "") for answer in reply.answers]
    return {
        "asked": asked,
        "understood": explained.understood,
        "parsed": explained.understood.parse_data,
        "reply": reply,
        "trace": explained.trace,
        "pairs": [(message, in_english(message)) for message in messages],
        "ui": ui,
        "plain": plain,
        "ui_english": ui_english,
        "plain_english": plain_english,
        "answered": language_name(reply.language),
        "sms": parts,
        "segments": sum(size for _, size, _ in parts),
        "written": [(one, _age(one)) for one in written],
        "withdrawn": [topic for topic in topics if topic in visit.request.app[WITHDRAWN]],
        "eligibility": eligibility_of(asked.status) if asked.status else None,
        "areas": {code: authority.name for code, authority in load_authorities().items()},
        "raw": raw_of(explained),
        "flag": {"topic": topics[0] if topics else "", "language": reply.language},
        "kinds": KINDS,
        "topics": topic_options(),
    }


def sms_parts(answers: tuple[Answer, ...]) -> list[tuple[str, int, bool]]:
    """Return the text messages of a turn: (text, segments, whether it is kept until the person asks for more)."""
    messages, number = [], 0
    for answer in answers:
        options = []
        for choice in answer.choices:
            number += 1
            options.append(Option(str(number), choice.title.text, number))
        messages.append(message_for(answer, options))
    return [(part.payload["Body"], segments(part.payload["Body"]), part.is_held) for part in render_sms(messages)]


def _age(written: TopicText) -> str:
    return "stale" if today() > written.review_by else "fresh"


PAGES = (
    get("/ask", get_ask, action="ask", template="ask.html", menu="ask"),
    post("/ask", post_ask, action="ask", template="ask.html"),
)
