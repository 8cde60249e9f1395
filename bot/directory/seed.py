"""The services written down by us, from `data/reference/directory/*.yml`: as they are, and in Open Referral UK's form.

A phone number is given out only when its status says that it was seen: see `SHOWN`. Hours become a rule only where they
are day and night, an area or a language only what is plainly said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.core.errors import DataError, NotFound
from bot.core.files import load_yaml
from bot.core.paths import REFERENCE
from bot.directory.areas import LONDON, NATIONAL, SEPARATORS, area_codes, widen
from bot.directory.languages import language_code
from bot.directory.models import (
    Attribute,
    Contact,
    CostOption,
    Language,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    TaxonomyTerm,
)
from bot.directory.oruk_writer import new_id
from bot.directory.topicmap import STATUTORY, load_topic_map

SHOWN = frozenset({"checked_page", "cross_checked"})
STATUSES = SHOWN | {"old_page", "one_list", "unconfirmed", "none"}
FOLDER = REFERENCE / "directory"
FEED = "doorway"
TAXONOMY = "doorway-topics"
TAXONOMY_ID = new_id(FEED, "taxonomy", TAXONOMY)
STATISTICS = "https://statistics.data.gov.uk/id/statistical-geography/"
DUTIES = frozenset({"homelessness"})  # what a council must help with by law, by our words for topics
EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
BRACKETS = re.compile(r"\([^)]*\)")
ONLINE = re.compile(r"\b(?:website|online|chat|app)\b", re.I)
INTERPRETER = re.compile(r"interpret|translat|language line", re.I)


@dataclass(frozen=True)
class SeedService:
    """A service with its contact details. Field names as in the files."""

    id: str
    name: str
    description: str
    phone: str
    phone_status: str
    text_service: str
    url: str
    hours: str
    cost: str
    languages: str
    area: str
    scope: str
    emergency: bool
    topics: tuple[str, ...]
    source: str
    checked: str

    @property
    def shown_phone(self) -> str:
        """The phone number if it may be shown, else an empty string."""
        return self.phone if self.phone_status in SHOWN else ""

    @property
    def tel(self) -> str:
        """The number as dialled: digits only."""
        return re.sub(r"\D", "", self.shown_phone)

    @property
    def day_and_night(self) -> bool:
        """Whether it is open at all hours."""
        return self.hours.startswith("24 hours, every day") or self.hours == "24 hours"


@cache
def load_services() -> dict[str, SeedService]:
    """Return the services by id.

    Raises:
        DataError: an unknown phone status, a double id or a missing field.
    """
    services: dict[str, SeedService] = {}
    for path in sorted(path for path in FOLDER.glob("*.yml") if path.name != "topics.yml"):
        content = load_yaml(path)
        for entry in content["services"]:
            try:
                service = _service(entry, str(content["checked"]))
            except KeyError as error:
                raise DataError(f"{entry.get('id')}: missing {error}", path=str(path)) from None
            if service.phone_status not in STATUSES:
                raise DataError(f"{service.id}: phone_status {service.phone_status}", path=str(path))
            if service.id in services:
                raise DataError(f"{service.id} stands twice", path=str(path))
            services[service.id] = service
    return services


def get_service(service_id: str) -> SeedService:
    """Return a service by id.

    Raises:
        NotFound: no such service.
    """
    try:
        return load_services()[service_id]
    except KeyError:
        raise NotFound(f"no service {service_id!r}") from None


def seed_services() -> list[Service]:
    """Return every service written down by us, in the order of the files, as Open Referral UK has it."""
    return [_as_service(seed) for seed in load_services().values()]


def seed_id(seed: str) -> str:
    """Return the id in the directory of a service of the files."""
    return new_id(FEED, "service", seed)


def seed_areas(area: str) -> tuple[tuple[str, str], ...]:
    """Return (name, code) of each area that a text plainly names; one without a code when it names none.

    >>> seed_areas("Haringey, also other boroughs")
    (('Haringey', 'E09000014'),)
    >>> seed_areas("Broxbourne, Hertfordshire")  # the district in its county, not the county
    (('Broxbourne', 'E07000095'),)
    >>> seed_areas("London, Greater Manchester and others")
    (('London, Greater Manchester and others', ''),)
    """
    whole = area_codes(area)
    parts = [area] if len(whole) == 1 else [part for part in SEPARATORS.split(BRACKETS.sub("", area)) if part.strip()]
    named = tuple((part.strip(), code) for part in parts for code in _codes(part))
    if not named or (not whole and area.endswith("others")):
        return ((area, ""),)
    around = {wide for _, code in named for wide in widen([code]) if wide != code}
    return tuple({code: (name, code) for name, code in named if code not in around}.values())


def _service(entry: dict[str, Any], checked: str) -> SeedService:
    return SeedService(
        id=entry["id"],
        name=entry["name"],
        description=entry["what_it_does"],
        phone=entry["phone"] or "",
        phone_status=entry["phone_status"],
        text_service=entry["text_or_whatsapp"] or "",
        url=entry["url"] or "",
        hours=entry["hours"] or "",
        cost=entry["cost"] or "",
        languages=entry["languages"] or "",
        area=entry["area"],
        scope=entry["scope"],
        emergency=bool(entry["emergency"]),
        topics=tuple(entry["topics"]),
        source=entry["source"],
        checked=checked,
    )


def _codes(part: str) -> tuple[str, ...]:
    side = re.fullmatch(r"(?:north|south|east|west)(?:ern)? london", part.strip(), re.I)
    return (LONDON,) if side else area_codes(part)


def _as_service(seed: SeedService) -> Service:
    own_id = seed_id(seed.id)
    phones = (Phone(new_id(own_id, "phone"), seed.shown_phone, type="voice"),) if seed.shown_phone else ()
    contact = Contact(new_id(own_id, "contact"), name=seed.name, phones=phones)
    spoken = _languages(seed)
    return Service(
        id=own_id,
        name=seed.name,
        status="active",
        organization=Organization(
            id=new_id(FEED, "organization", seed.id), name=seed.name, description=seed.description, website=seed.url
        ),
        description=seed.description,
        url=seed.url,
        fees=seed.cost,
        application_process=seed.text_service,
        interpretation_services=_interpreters(seed.languages),
        assured_date=seed.checked,
        schedules=_schedules(seed, own_id),
        service_areas=tuple(
            ServiceArea(
                new_id(own_id, "area", code or name),
                name=name,
                uri=STATISTICS + ("K02000001" if code == NATIONAL else code) if code else "",
            )
            for name, code in seed_areas(seed.area)
        ),
        languages=tuple(Language(new_id(own_id, "language", code), name, code) for name, code in spoken),
        cost_options=(
            (CostOption(new_id(own_id, "cost"), option="free", amount=0),) if seed.cost.startswith("free") else ()
        ),
        contacts=(contact,) if phones else (),
        attributes=tuple(_attribute(seed, own_id, word) for word in seed.topics),
    )


def _attribute(seed: SeedService, own_id: str, word: str) -> Attribute:
    is_duty = word in DUTIES and seed.scope == "local" and seed.id.endswith("_council")
    name = load_topic_map().named.get(word, word)
    return Attribute(
        id=new_id(own_id, "attribute", word),
        link_type=STATUTORY if is_duty else "topic",
        taxonomy_term=TaxonomyTerm(
            id=new_id(FEED, "term", word),
            name=name,
            description=name,
            code=word,
            taxonomy=TAXONOMY,
            taxonomy_id=TAXONOMY_ID,
        ),
    )


def _schedules(seed: SeedService, own_id: str) -> tuple[Schedule, ...]:
    if not seed.hours:
        return ()
    schedule_id = new_id(own_id, "schedule")
    attending = "phone" if seed.shown_phone else "online" if ONLINE.search(seed.hours) else ""
    if seed.day_and_night:
        return (
            Schedule(
                schedule_id, freq="WEEKLY", byday=EVERY_DAY, opens_at="00:00", closes_at="23:59",
                description=seed.hours, attending_type=attending,
            ),
        )  # fmt: skip
    return (Schedule(schedule_id, description=seed.hours, attending_type=attending),)


def _interpreters(languages: str) -> str:
    """Return what is said about interpreters, unless it is only that one may ask."""
    return languages if INTERPRETER.search(languages.split("ask if")[0]) else ""


def _languages(seed: SeedService) -> list[tuple[str, str]]:
    """Return the languages that are plainly listed as spoken: name and code."""
    parts = [part for part in SEPARATORS.split(seed.languages.split(";")[0]) if not INTERPRETER.search(part)]
    found = [(part, language_code(part)) for part in parts]
    return found if all(code for _, code in found) else []
