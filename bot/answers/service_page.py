"""One place of the directory as a page: when, where, for what, in whose words. Its card comes from `services.py`.

What a service says of itself is in its own English; nothing is said that it does not say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers.blocks import checked_line, line, speech_for
from bot.answers.choices import topic_choice
from bot.answers.load import is_topic
from bot.answers.model import ContactCard, Line
from bot.answers.services import service_card
from bot.directory.hours import DayHours, coming_days
from bot.directory.models import Address, Service, ServiceAtLocation
from bot.directory.search import Result
from bot.directory.topicmap import load_topic_map
from bot.i18n.speech import Speech


@dataclass(frozen=True)
class DayRow:
    """A day with its hours, `09:00–17:00`; `note` when they may not hold."""

    day: Line
    hours: tuple[str, ...]
    note: Line | None = None


@dataclass(frozen=True)
class Spot:
    """Where it is. `latitude` and `longitude` in degrees where the place is known; `week`: hours of its own."""

    name: str
    address: tuple[str, ...]
    latitude: float | None = None
    longitude: float | None = None
    week: tuple[DayRow, ...] = ()


@dataclass(frozen=True)
class OwnWords:
    """What the service says of itself, in English, under a heading of ours."""

    heading: Line
    text: str


@dataclass(frozen=True)
class ServicePage:
    """Everything a page shows."""

    card: ContactCard
    is_english: bool  # the description is not translated
    week: tuple[DayRow, ...]
    hours_said: tuple[str, ...]
    spots: tuple[Spot, ...]
    topics: tuple[tuple[str, Line], ...]
    own_words: tuple[OwnWords, ...]


def compose_service(result: Result, language: str, today: dt.date) -> ServicePage:
    """Return the page of a service in a language.

    Raises:
        NotFound: no such language.
    """
    speech, service = speech_for(language), result.service
    card = dated_card(result, speech)
    rows = [row for at in service.service_at_locations for row in (*at.schedules, *at.location.schedules)]
    said = (row.description or row.notes for row in (*service.schedules, *rows))
    return ServicePage(
        card=card,
        is_english=card.description.text == card.description.english,
        week=() if _is_always_open(result) else _week(coming_days(service, today), speech),
        hours_said=tuple(dict.fromkeys(text for text in said if text)),
        spots=tuple(_spot(service, at, today, speech) for at in service.service_at_locations if _is_public(at)),
        topics=tuple(
            (topic, topic_choice(topic, speech).title)
            for topic in load_topic_map().of_service(service)
            if is_topic(topic)
        ),
        own_words=_own_words(service, speech),
    )


def _is_always_open(result: Result) -> bool:
    return result.open_state.kind == "open" and result.open_state.until is None


def dated_card(result: Result, speech: Speech) -> ContactCard:
    """Return the card of a place with the day somebody vouched for it, where that is not long ago."""
    card = service_card(result, speech)
    try:
        day = dt.date.fromisoformat(result.checked[:10])
    except ValueError:
        return card
    return card if result.is_stale else replace(card, details=(*card.details, line(checked_line(speech, day))))


def _week(days: Sequence[DayHours], speech: Speech) -> tuple[DayRow, ...]:
    return tuple(
        DayRow(
            line(speech.weekday(day.day)),
            tuple(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in day.spans),
            line(speech.ui("services.holiday")) if day.is_doubtful else None,
        )
        for day in days
    )


def _is_public(place: ServiceAtLocation) -> bool:
    return place.location.location_type == "physical" and bool(place.location.addresses or place.location.name)


def _spot(service: Service, place: ServiceAtLocation, today: dt.date, speech: Speech) -> Spot:
    location = place.location
    has_own = bool(place.schedules or location.schedules)
    return Spot(
        name=location.name,
        address=_address(location.addresses[0]) if location.addresses else (),
        latitude=location.latitude,
        longitude=location.longitude,
        week=_week(coming_days(service, today, place=place), speech) if has_own else (),
    )


def _address(address: Address) -> tuple[str, ...]:
    parts = (address.attention, address.address_1, address.address_2, address.city, address.postal_code)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _own_words(service: Service, speech: Speech) -> tuple[OwnWords, ...]:
    said = (
        ("services.for_whom", service.eligibility_description),
        ("services.how_to_get", service.application_process),
        ("esol.cost", service.fees),
        ("services.languages", service.interpretation_services),
    )
    return tuple(OwnWords(line(speech.ui(heading)), text.strip()) for heading, text in said if text.strip())
