"""Places from the directory as a person sees them: what, where, when, in which languages, and why it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.answers.blocks import line, said_answer, speech_for
from bot.answers.choices import SERVICES_PAYLOAD, choice
from bot.answers.model import Answer, Block, Choice, ContactCard, Line
from bot.directory.areas import NATIONAL, area_codes
from bot.directory.models import Phone, Service
from bot.directory.ranking import State
from bot.directory.search import Found, Result
from bot.directory.seed import load_services, seed_id
from bot.i18n.locales import SOURCE_LANGUAGE
from bot.i18n.speech import Said, Speech
from bot.places.authorities import load_authorities

LONDON = ZoneInfo("Europe/London")
CLOSE_METRES = 1_000
MOST_LANGUAGES = 6
VIEWS = ("more", "open_now", "my_language", "nearer")
FILTERED = {"open_now": "none_open", "my_language": "none_language"}  # view → what is said when it leaves nothing
COUNCIL_CODES = frozenset({"E06", "E07", "E08", "E09", "E10", "W06", "S12", "N09"})  # beginnings of their GSS codes
# Reason of the search → the text that says it.
TOLD = {
    "topic": "because_topic",
    "distance": "because_near",
    "area": "because_area",
    "language": "because_language",
    "open": "because_open",
}


def services_block(results: Sequence[Result], speech: Speech) -> Block:
    """Return a list of places."""
    cards = tuple(service_card(result, speech) for result in results)
    return Block("services", line(speech.ui("services.near")), contacts=cards)


def compose_services(found: Found, language: str, *, is_placed: bool, view: Sequence[str] = ()) -> Answer:
    """Return the answer to "where can I go": the places, or which filter of the `view` left none.

    Raises:
        NotFound: no such language.
    """
    speech = speech_for(language)
    notes: list[Said] = []
    if not found.results:
        filtered = next((FILTERED[name] for name in view if name in FILTERED), "none")
        notes.append(speech.ui(f"services.{filtered}"))
    if not is_placed:
        notes.append(speech.ui("services.ask_place"))
    blocks = (services_block(found.results, speech), Block("note", None, tuple(line(note) for note in notes)))
    return said_answer(speech, blocks, service_choices(speech) if found.results else (), topic="find_service")


def service_choices(speech: Speech) -> list[Choice]:
    """Return the buttons that change the list."""
    return [service_choice(name, speech) for name in VIEWS]


def service_choice(view: str, speech: Speech) -> Choice:
    """Return the button of one view of the places."""
    return choice(speech.ui(f"services.{view}"), SERVICES_PAYLOAD + view)


def service_card(result: Result, speech: Speech) -> ContactCard:
    """Return one place with its details, each a line."""
    service = result.service
    number = next((phone.number for phone in _phones(service) if phone.number), "")
    key = _own_services().get(service.id, service.id)
    details = [
        *_where(result, speech),
        _hours(result.open_state, speech),
        *_languages(service, speech),
        *_because(result, speech),
        *([speech.ui("services.stale")] if result.is_stale else []),
    ]
    return ContactCard(
        id=service.id,
        name=Line(service.name, service.name),
        description=line(speech.say(f"service.{key}.description", service.description)),
        phone=number,
        tel="".join(char for char in number if char.isdigit() or char == "+"),
        url=service.url,
        checked=result.checked,
        page=_page(result),
        details=tuple(line(detail) for detail in details),
    )


@cache
def _own_services() -> dict[str, str]:
    """Return the ids in our files of the services written down by us, by their ids in the directory."""
    return {seed_id(name): name for name in load_services()}


def is_local(result: Result) -> bool:
    """Whether a place belongs to where the person lives, and is not for a whole nation."""
    codes = {reason.value for reason in result.why if reason.id == "area"}
    return result.distance_metres is not None or any(code[:3] in COUNCIL_CODES for code in codes)


def _page(result: Result) -> str:
    """Return our page of a place; it is told what the place was looked for, nothing of the person."""
    topic = next((reason.value for reason in result.why if reason.id == "topic"), "")
    return f"services/{quote(result.service.id, safe='')}" + (f"?topic={topic}" if topic else "")


def _where(result: Result, speech: Speech) -> list[Said]:
    if result.distance_metres is not None:
        if result.distance_metres < CLOSE_METRES:
            return [speech.ui("services.close")]
        return [speech.ui("services.distance", kilometres=f"{result.distance_metres / 1000:.0f}")]
    reasons = {reason.id: reason.value for reason in result.why}
    area = load_authorities().get(reasons.get("area", ""))
    if area:
        return [speech.ui("services.area", area=area.name)]
    if "remote" in reasons:
        return [speech.ui("services.remote")]
    return _served(result.service, speech)


def _served(service: Service, speech: Speech) -> list[Said]:
    """Return for whom a place is by its own account; nothing where it does not say."""
    names = [area.name for area in service.service_areas if area.name]
    if any(NATIONAL in area_codes(area.name, area.uri) for area in service.service_areas):
        return [speech.ui("services.everybody")]
    return [speech.ui("services.area", area=", ".join(names))] if names else []


def _hours(state: State, speech: Speech) -> Said:
    if state.kind == "open":
        return speech.ui("services.open_until", time=_clock(state.until)) if state.until else speech.ui("services.open")
    if state.kind == "later_today" and state.opens_at:
        return speech.ui("services.later_today", time=_clock(state.opens_at))
    if state.kind == "opens" and state.opens_at:
        day = speech.weekday(state.opens_at.astimezone(LONDON))
        time = _clock(state.opens_at)
        local = speech.ui("services.opens", day=day.text, time=time)
        return Said(local.text, speech.ui("services.opens", day=day.english, time=time).english, local.is_translated)
    is_known = state.kind in ("closed", "check_first")
    return speech.ui(f"services.{state.kind}" if is_known else "services.hours_unknown")


def _clock(moment: dt.datetime | None) -> str:
    return moment.astimezone(LONDON).strftime("%H:%M") if moment else ""


def _languages(service: Service, speech: Speech) -> Iterable[Said]:
    names = [language.name or language.code for language in service.languages][:MOST_LANGUAGES]
    if names:
        return [speech.ui("services.speaks", languages=", ".join(names))]
    return [speech.ui("services.interpreter")] if service.interpretation_services else []


def _because(result: Result, speech: Speech) -> Iterable[Said]:
    left_out = {"language"} if speech.language == SOURCE_LANGUAGE else set()
    left_out |= set() if is_local(result) else {"area"}
    told = [reason.id for reason in result.why if reason.id in TOLD and reason.id not in left_out]
    reasons = [speech.ui(f"services.{TOLD[reason]}") for reason in told]
    if not reasons:
        return []
    local = speech.ui("services.because", reasons=speech.comma.join(reason.text for reason in reasons))
    english = speech.ui("services.because", reasons=", ".join(reason.english for reason in reasons))
    return [Said(local.text, english.english, local.is_translated)]


def _phones(service: Service) -> list[Phone]:
    at_places = [phone for place in service.service_at_locations for phone in (*place.phones, *place.location.phones)]
    of_contacts = [phone for contact in service.contacts for phone in contact.phones]
    return [*service.phones, *of_contacts, *at_places, *service.organization.phones]
