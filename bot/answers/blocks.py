"""The pieces every answer is made of: lines, plain blocks, contact cards."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from bot.answers.model import Answer, Block, BlockKind, Choice, ContactCard, Line
from bot.directory.seed import SeedService, get_service
from bot.i18n.speech import Said, Speech

LOCAL_AUTHORITY = "local_authority"  # the contact that is the council of the person's area
COUNCIL_FINDER = "find_council"

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
    return service.shown_phone if match[1] == "phone" else short_url(service.url)


def speech_for(language: str) -> Speech:
    """Return a speech in a language that knows the directory's numbers.

    Raises:
        NotFound: no such language.
    """
    return Speech(language, directory_filler)


def said_answer(speech: Speech, blocks: Iterable[Block], choices: Iterable[Choice], topic: str = "") -> Answer:
    """Return an answer of the blocks that hold something."""
    filled = tuple(block for block in blocks if block.lines or block.contacts)
    return Answer(speech.language, speech.locale.direction, topic=topic, blocks=filled, choices=tuple(choices))


def plain(kind: BlockKind, said: Sequence[Said], heading: Said | None = None) -> Block:
    """Return a block of lines."""
    return Block(kind, line(heading) if heading else None, tuple(line(one) for one in said))


def line(said: Said) -> Line:
    """Return a text as a line of an answer."""
    return Line(said.text, said.english)


def checked_line(speech: Speech, day: dt.date) -> Said:
    """Return "checked on" a day."""
    date = speech.date(day)
    local, english = (
        speech.ui("answer.checked", date=date.text),
        speech.ui("answer.checked", date=date.english),
    )
    return Said(local.text, english.english, local.is_translated)


def contact_cards(contacts: Iterable[str], speech: Speech) -> tuple[ContactCard, ...]:
    """Return the cards of services by id; `local_authority` is the person's council."""
    return tuple(
        _council_card(speech) if contact == LOCAL_AUTHORITY else contact_card(get_service(contact), speech)
        for contact in contacts
    )


def contact_card(service: SeedService, speech: Speech, *, nation: str = "") -> ContactCard:
    """Return a service as shown to a person: names stay as the service calls itself."""
    described = speech.say(f"service.{service.id}.description", service.description)
    return ContactCard(
        id=service.id,
        name=Line(service.name, service.name),
        description=line(described),
        phone=service.shown_phone,
        tel=service.tel,
        url=service.url,
        text_service=service.text_service,
        day_and_night=service.day_and_night,
        nation=nation,
        checked=service.checked,
    )


def _council_card(speech: Speech) -> ContactCard:
    finder = get_service(COUNCIL_FINDER)
    return ContactCard(
        id=LOCAL_AUTHORITY,
        name=line(speech.ui("contact.local_authority_name")),
        description=line(speech.ui("contact.local_authority_description")),
        url=finder.url,
        checked=finder.checked,
    )


def short_url(url: str) -> str:
    """Return an address as people read it."""
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
