"""The answer of a topic: the written text, and for a known person the local part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.answers.blocks import (
    LOCAL_AUTHORITY,
    checked_line,
    contact_card,
    contact_cards,
    line,
    plain,
    said_answer,
    speech_for,
)
from bot.answers.choices import topic_choice
from bot.answers.eligibility import start_choice
from bot.answers.load import crisis_topics, get_answer
from bot.answers.local import OTHER_NATIONS, ask_area_block, council_card, local_block, nation_block
from bot.answers.model import Answer, Block, Choice, ContactCard, TopicText
from bot.answers.services import is_local, service_choice, services_block
from bot.answers.waste import ANSWERED, waste_block
from bot.core.clock import today
from bot.directory.search import Result
from bot.directory.seed import get_service
from bot.i18n.sources import text_key
from bot.i18n.speech import Said, Speech
from bot.places.authorities import get_authority

CHECKED_HERE = "register_eligibility"  # the topic whose answer is followed by the check itself


@dataclass(frozen=True)
class Person:
    """What is known of who asks, only while the chat lasts.

    `area_code`: GSS code of the council; `status`: immigration status; `places`: what the directory has for them;
    `item`: the thing they want to throw away.
    """

    area_code: str | None = None
    status: str | None = None
    places: tuple[Result, ...] = ()
    item: str | None = None


NOBODY = Person()


def compose_topic(
    topic: str,
    language: str,
    *,
    danger: str | None = None,
    on: dt.date | None = None,
    person: Person = NOBODY,
    has_choices: bool = True,
) -> Answer:
    """Return the answer of a topic in a language.

    Args:
        danger: id of a crisis topic that the message may be about: its one line comes first.
        on: the day it is read, today by default. Past `review_by` only steps and contacts are kept.
        has_choices: whether related topics are offered.
        person: what is known of who asks: their council adds the local part, their status a shorter check.

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
        *_waste_blocks(topic, person, speech),
        plain("summary", [] if is_stale else said.lines("summary", source.summary)),
        plain("urgent", said.lines("urgent", source.urgent), speech.ui("answer.urgent")),
        plain("steps", steps, speech.ui("answer.steps")),
        *_local_blocks(source, person, speech),
        Block("contacts", line(speech.ui("answer.contacts")), contacts=_contacts(source, person, speech)),
        plain("desk", said.lines("desk", [source.desk]), speech.ui("answer.desk")),
    ]
    if source.nation == "england" and not _is_elsewhere(person):
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
        choices=_choices(source, person, speech) if has_choices else (),
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


def compose_withdrawn(
    topic: str,
    language: str,
    *,
    danger: str | None = None,
    person: Person = NOBODY,
    has_choices: bool = True,
    withdrawn: Container[str] = (),
) -> Answer:
    """Return what stands in for an answer that is withdrawn: that it is being checked, and whom to ask.

    There is no short form: a text message needs the contacts too.

    Args:
        danger: as in `compose_topic`; a topic of danger always keeps its one line.
        withdrawn: topics that are not offered either.

    Raises:
        NotFound: no such topic or language.
    """
    source, speech = get_answer(topic), speech_for(language)
    danger = topic if topic in crisis_topics() else danger
    nation = nation_block(person.area_code, speech) if person.area_code else None
    blocks = [
        plain("danger", [speech.ui(f"danger.{danger}")] if danger else []),
        plain("note", [speech.ui("answer.withdrawn")]),
        *([nation] if nation else []),
        Block("contacts", line(speech.ui("answer.contacts")), contacts=_contacts(source, person, speech)),
    ]
    related = [topic_choice(other, speech) for other in source.related if other not in withdrawn] if has_choices else []
    return Answer(
        language=speech.language,
        direction=speech.locale.direction,
        topic=topic,
        urgency=source.urgency,
        title=line(_Sayings(speech, source).lines("title", [source.title])[0]),
        blocks=tuple(block for block in blocks if block.lines or block.contacts),
        choices=tuple(related),
    )


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


def _local_blocks(source: TopicText, person: Person, speech: Speech) -> list[Block]:
    if not person.area_code:
        return [ask_area_block(speech)] if "area" in source.needs else []
    nation = nation_block(person.area_code, speech)
    local = local_block(source.local, person.area_code, speech) if source.local and not nation else None
    shown = [place for place in person.places if is_local(place)]
    places = services_block(shown, speech) if shown else None
    return [block for block in (nation, local, places) if block]


def _waste_blocks(topic: str, person: Person, speech: Speech) -> list[Block]:
    return [waste_block(person.item, person.area_code, speech)] if topic == ANSWERED and person.item else []


def _contacts(source: TopicText, person: Person, speech: Speech) -> tuple[ContactCard, ...]:
    cards = contact_cards(source.contacts, speech)
    if not person.area_code:
        return cards
    return tuple(council_card(person.area_code, speech) if card.id == LOCAL_AUTHORITY else card for card in cards)


def _choices(source: TopicText, person: Person, speech: Speech) -> tuple[Choice, ...]:
    related = [topic_choice(topic, speech) for topic in source.related]
    is_checked = "status" in source.needs and source.topic != CHECKED_HERE
    places = [service_choice("more", speech)] if person.area_code else []
    check = [start_choice(speech, person.status)] if is_checked else []
    return (*check, *related, *places)


def _is_elsewhere(person: Person) -> bool:
    return person.area_code is not None and get_authority(person.area_code).nation in OTHER_NATIONS


def _nations_block(speech: Speech) -> Block:
    cards = tuple(
        contact_card(get_service(service), speech, nation=speech.ui(f"answer.{nation}").text)
        for nation, service in OTHER_NATIONS.items()
    )
    return Block("nations", line(speech.ui("answer.england")), (line(speech.ui("answer.other_nations")),), cards)
