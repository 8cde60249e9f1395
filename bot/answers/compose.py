"""Composing what one person is told: a topic's text, a response or an offer, in their language, with contacts.

The English stands beside every line, so that any client can show both.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from bot.answers.load import get_answer, load_topics
from bot.answers.model import Answer, Block, BlockKind, Choice, ContactCard, Line, TopicText
from bot.answers.say import Say
from bot.core.clock import today
from bot.directory.seed import SeedService, get_service
from bot.i18n.locales import SOURCE_LANGUAGE, load_locales
from bot.i18n.sources import text_key
from bot.i18n.speech import Said, Speech

LOCAL_AUTHORITY = "local_authority"  # the contact that is the council of the person's area
COUNCIL_FINDER = "find_council"
# Where law differs, who to ask in the other nations: nation → housing adviser there.
OTHER_NATIONS = {
    "wales": "shelter_cymru",
    "scotland": "shelter_scotland",
    "northern_ireland": "housing_rights_ni",
}
OFFERED = 3  # topics offered when a message was not understood for sure
START_TOPICS = (
    "homeless_tonight", "register_join", "private_find", "eviction_notice", "nrpf_help", "recycling_item", "esol_find",
    "find_adviser",
)  # fmt: skip
TOPIC_PAYLOAD = "topic:"
LANGUAGE_PAYLOAD = "language:"
ACT_PAYLOAD = "act:"

_PLACEHOLDER = re.compile(r"(phone|url)_(\w+)")


def directory_filler(name: str) -> str | None:
    """Return what `{phone_<id>}` or `{url_<id>}` stands for; None for any other name.

    Raises:
        NotFound: the id is not in the directory.
    """
    match = _PLACEHOLDER.fullmatch(name)
    if not match:
        return None
    service = get_service(match[2])
    return service.shown_phone if match[1] == "phone" else _short_url(service.url)


def speech_for(language: str) -> Speech:
    """Return a speech in a language that knows the directory's numbers.

    Raises:
        NotFound: no such language.
    """
    return Speech(language, directory_filler)


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
        return _said_answer(speech_for(language), (_plain("text", [speech_for(language).ui("picker.title")]),), choices)
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
        _plain("danger", [speech.ui(f"danger.{danger}")] if danger and danger != topic else []),
        _plain("note", [speech.ui("answer.stale")] if is_stale else []),
        _plain("summary", [] if is_stale else said.lines("summary", source.summary)),
        _plain("urgent", said.lines("urgent", source.urgent), speech.ui("answer.urgent")),
        _plain("steps", steps, speech.ui("answer.steps")),
        Block("contacts", _line(speech.ui("answer.contacts")), contacts=_contact_cards(source.contacts, speech)),
        _plain("desk", said.lines("desk", [source.desk]), speech.ui("answer.desk")),
    ]
    if source.nation == "england":
        blocks.append(_nations_block(speech))
    blocks.append(
        Block("sources", _line(speech.ui("answer.sources")), sources=source.sources, checked=source.checked.isoformat(),
              lines=(_line(_checked(speech, source.checked)),))
    )  # fmt: skip
    short = said.lines("sms", [source.sms])[0]
    title = said.lines("title", [source.title])[0]
    if not said.complete:
        blocks.insert(1, _plain("note", [speech.ui("answer.not_translated")]))
    return Answer(
        language=speech.language,
        direction=speech.locale.direction,
        topic=topic,
        urgency=source.urgency,
        title=_line(title),
        blocks=tuple(block for block in blocks if block.lines or block.contacts),
        choices=tuple(topic_choice(related, speech) for related in source.related),
        short=_line(short),
    )


def compose_short(topic: str, language: str) -> Answer:
    """Return the same in a few sentences: what a text message would say.

    Raises:
        NotFound: no such topic or language.
    """
    source, speech = get_answer(topic), speech_for(language)
    short = _Sayings(speech, source).lines("sms", [source.sms])[0]
    blocks = (_plain("text", [speech.ui("say.in_short")]), _plain("text", [short]))
    return _said_answer(speech, blocks, [topic_choice(topic, speech)], topic=topic)


def compose_response(name: str, language: str, choices: Sequence[Choice] = (), **values: object) -> Answer:
    """Return a response of the domain as an answer.

    Raises:
        NotFound: no such response or language.
    """
    speech = speech_for(language)
    return _said_answer(speech, (_plain("text", [speech.response(name, **values)]),), choices)


def compose_offer(topics: Iterable[str], language: str, *, danger: str | None = None) -> Answer:
    """Return the question "do you mean one of these?" with the topics and a person as choices.

    Raises:
        NotFound: no such language.
    """
    speech = speech_for(language)
    offered = [topic_choice(topic, speech) for topic in list(topics)[:OFFERED]]
    offered.append(Choice(_line(speech.ui("offer.person")), ACT_PAYLOAD + "human_handover"))
    blocks = (
        _plain("danger", [speech.ui(f"danger.{danger}")] if danger else []),
        _plain("text", [speech.ui("offer.intro")]),
    )
    return _said_answer(speech, tuple(block for block in blocks if block.lines), offered)


def compose_notice(name: str, language: str, **values: object) -> Answer:
    """Return an interface text (`error.too_long`) as an answer.

    Raises:
        NotFound: no such text or language.
    """
    speech = speech_for(language)
    return _said_answer(speech, (_plain("note", [speech.ui(name, **values)]),), ())


def topic_choice(topic: str, speech: Speech) -> Choice:
    """Return the button that asks for a topic."""
    button = get_answer(topic).button
    return Choice(_line(speech.say(text_key(topic, "button", 1), button)), TOPIC_PAYLOAD + topic)


def start_choices(language: str) -> tuple[Choice, ...]:
    """Return the buttons of the first screen."""
    speech = speech_for(language)
    return tuple(topic_choice(topic, speech) for topic in START_TOPICS)


def language_choice(language: str) -> Choice:
    """Return the button that switches to a language: its own name."""
    speech = speech_for(language)
    name = Line(speech.locale.name, speech.locale.english_name)
    return Choice(name, LANGUAGE_PAYLOAD + language)


def is_topic(name: str) -> bool:
    """Whether a name is a topic that has an answer."""
    return name in load_topics()


def _said_answer(speech: Speech, blocks: tuple[Block, ...], choices: Iterable[Choice], topic: str = "") -> Answer:
    return Answer(speech.language, speech.locale.direction, topic=topic, blocks=blocks, choices=tuple(choices))


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


def _plain(kind: BlockKind, said: Sequence[Said], heading: Said | None = None) -> Block:
    return Block(kind, _line(heading) if heading else None, tuple(_line(line) for line in said))


def _line(said: Said) -> Line:
    return Line(said.text, said.english)


def _checked(speech: Speech, day: dt.date) -> Said:
    date = speech.date(day)
    local, english = (
        speech.ui("answer.checked", date=date.text),
        speech.ui("answer.checked", date=date.english),
    )
    return Said(local.text, english.english, local.is_translated)


def _contact_cards(contacts: Iterable[str], speech: Speech) -> tuple[ContactCard, ...]:
    return tuple(
        _council_card(speech) if contact == LOCAL_AUTHORITY else contact_card(get_service(contact), speech)
        for contact in contacts
    )


def _council_card(speech: Speech) -> ContactCard:
    finder = get_service(COUNCIL_FINDER)
    return ContactCard(
        id=LOCAL_AUTHORITY,
        name=_line(speech.ui("contact.local_authority_name")),
        description=_line(speech.ui("contact.local_authority_description")),
        url=finder.url,
        checked=finder.checked,
    )


def contact_card(service: SeedService, speech: Speech, *, nation: str = "") -> ContactCard:
    """Return a service as shown to a person: names stay as the service calls itself."""
    described = speech.say(f"service.{service.id}.description", service.description)
    return ContactCard(
        id=service.id,
        name=Line(service.name, service.name),
        description=_line(described),
        phone=service.shown_phone,
        tel=service.tel,
        url=service.url,
        text_service=service.text_service,
        day_and_night=service.day_and_night,
        nation=nation,
        checked=service.checked,
    )


def _nations_block(speech: Speech) -> Block:
    cards = tuple(
        contact_card(get_service(service), speech, nation=speech.ui(f"answer.{nation}").text)
        for nation, service in OTHER_NATIONS.items()
    )
    return Block("nations", _line(speech.ui("answer.england")), (_line(speech.ui("answer.other_nations")),), cards)


def _short_url(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
