"""Composing what one person is told: a topic's text, a response or an offer, in their language, with contacts.

The English stands beside every line, so that any client can show both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.answers.blocks import (
    checked_line,
    contact_card,
    contact_cards,
    line,
    plain,
    said_answer,
    speech_for,
)
from bot.answers.choices import ACT_PAYLOAD, language_choice, start_choices, topic_choice
from bot.answers.eligibility import compose_explanation, compose_outcome, compose_question
from bot.answers.load import get_answer, load_topics
from bot.answers.model import Answer, Block, Choice, TopicText
from bot.answers.say import Say
from bot.core.clock import today
from bot.directory.seed import get_service
from bot.i18n.locales import SOURCE_LANGUAGE, load_locales
from bot.i18n.sources import text_key
from bot.i18n.speech import Said, Speech

# Where law differs, who to ask in the other nations: nation → housing adviser there.
OTHER_NATIONS = {
    "wales": "shelter_cymru",
    "scotland": "shelter_scotland",
    "northern_ireland": "housing_rights_ni",
}
OFFERED = 3  # topics offered when a message was not understood for sure


def compose(say: Say, language: str, **values: object) -> Answer:
    """Return what an action wants said, in a language. `values` fill the names in braces of a response.

    Raises:
        NotFound: an unknown topic, response or language.
    """
    kind = say["kind"]
    if kind == "topic":
        return compose_topic(say["topic"], language, danger=say.get("danger"))
    if kind == "short":
        return compose_short(say["topic"], language)
    if kind == "english":
        return compose_topic(say["topic"], SOURCE_LANGUAGE)
    if kind == "offer":
        return compose_offer(say["topics"], language, danger=say.get("danger"))
    if kind == "languages":
        choices = [language_choice(locale.tag) for locale in load_locales()]
        return said_answer(speech_for(language), (plain("text", [speech_for(language).ui("picker.title")]),), choices)
    if kind == "question":
        return compose_question(say["fact"], language, group=say["group"], notes=tuple(say["notes"]))
    if kind == "explanation":
        return compose_explanation(say["fact"], language)
    if kind == "outcome":
        return compose_outcome(say["facts"], language)
    if kind == "text":
        return compose_notice(say["name"], language)
    menu = start_choices(language) if say.get("menu") else ()
    return compose_response(say["name"], language, menu, **values)


def compose_topic(topic: str, language: str, *, danger: str | None = None, on: dt.date | None = None) -> Answer:
    """Return the answer of a topic in a language.

    Args:
        danger: id of a crisis topic that the message may be about: its one line comes first.
        on: the day it is read, today by default. Past `review_by` only steps and contacts are kept.

    Raises:
        NotFound: no such topic or language.
    """
    source = get_answer(topic)
    speech = speech_for(language)
    is_stale = (on or today()) > source.review_by
    said = _Sayings(speech, source)
    steps = said.lines("steps", source.steps)
    blocks = [
        plain("danger", [speech.ui(f"danger.{danger}")] if danger and danger != topic else []),
        plain("note", [speech.ui("answer.stale")] if is_stale else []),
        plain("summary", [] if is_stale else said.lines("summary", source.summary)),
        plain("urgent", said.lines("urgent", source.urgent), speech.ui("answer.urgent")),
        plain("steps", steps, speech.ui("answer.steps")),
        Block("contacts", line(speech.ui("answer.contacts")), contacts=contact_cards(source.contacts, speech)),
        plain("desk", said.lines("desk", [source.desk]), speech.ui("answer.desk")),
    ]
    if source.nation == "england":
        blocks.append(_nations_block(speech))
    blocks.append(
        Block("sources", line(speech.ui("answer.sources")), sources=source.sources, checked=source.checked.isoformat(),
              lines=(line(checked_line(speech, source.checked)),))
    )  # fmt: skip
    short = said.lines("sms", [source.sms])[0]
    title = said.lines("title", [source.title])[0]
    if not said.complete:
        blocks.insert(1, plain("note", [speech.ui("answer.not_translated")]))
    return Answer(
        language=speech.language,
        direction=speech.locale.direction,
        topic=topic,
        urgency=source.urgency,
        title=line(title),
        blocks=tuple(block for block in blocks if block.lines or block.contacts),
        choices=tuple(topic_choice(related, speech) for related in source.related),
        short=line(short),
    )


def compose_short(topic: str, language: str) -> Answer:
    """Return the same in a few sentences: what a text message would say.

    Raises:
        NotFound: no such topic or language.
    """
    source, speech = get_answer(topic), speech_for(language)
    short = _Sayings(speech, source).lines("sms", [source.sms])[0]
    blocks = (plain("text", [speech.ui("say.in_short")]), plain("text", [short]))
    return said_answer(speech, blocks, [topic_choice(topic, speech)], topic=topic)


def compose_response(name: str, language: str, choices: Sequence[Choice] = (), **values: object) -> Answer:
    """Return a response of the domain as an answer.

    Raises:
        NotFound: no such response or language.
    """
    speech = speech_for(language)
    return said_answer(speech, (plain("text", [speech.response(name, **values)]),), choices)


def compose_offer(topics: Iterable[str], language: str, *, danger: str | None = None) -> Answer:
    """Return the question "do you mean one of these?" with the topics and a person as choices.

    Raises:
        NotFound: no such language.
    """
    speech = speech_for(language)
    offered = [topic_choice(topic, speech) for topic in list(topics)[:OFFERED]]
    offered.append(Choice(line(speech.ui("offer.person")), ACT_PAYLOAD + "human_handover"))
    blocks = (
        plain("danger", [speech.ui(f"danger.{danger}")] if danger else []),
        plain("text", [speech.ui("offer.intro")]),
    )
    return said_answer(speech, tuple(block for block in blocks if block.lines), offered)


def compose_notice(name: str, language: str, **values: object) -> Answer:
    """Return an interface text (`error.too_long`) as an answer.

    Raises:
        NotFound: no such text or language.
    """
    speech = speech_for(language)
    return said_answer(speech, (plain("note", [speech.ui(name, **values)]),), ())


def is_topic(name: str) -> bool:
    """Whether a name is a topic that has an answer."""
    return name in load_topics()


class _Sayings:
    """The texts of one topic in one language; remembers whether all were translated."""

    def __init__(self, speech: Speech, source: TopicText) -> None:
        self._speech, self._topic, self.complete = speech, source.topic, True

    def lines(self, field: str, texts: Sequence[str]) -> list[Said]:
        said = [
            self._speech.say(text_key(self._topic, field, number), text) for number, text in enumerate(texts, start=1)
        ]
        self.complete = self.complete and all(line.is_translated for line in said)
        return said


def _nations_block(speech: Speech) -> Block:
    cards = tuple(
        contact_card(get_service(service), speech, nation=speech.ui(f"answer.{nation}").text)
        for nation, service in OTHER_NATIONS.items()
    )
    return Block("nations", line(speech.ui("answer.england")), (line(speech.ui("answer.other_nations")),), cards)
