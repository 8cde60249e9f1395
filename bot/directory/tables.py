"""The tables of the directory, and what of a service goes into their columns.

The document is the truth; every other column and table is made from it, for finding and ranking without reading it.
Tables that only one database knows (full text, boxes) are made by `sqlite` and `postgres`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from bot.core.database import metadata
from bot.directory.areas import NATIONAL, area_codes
from bot.directory.languages import language_code
from bot.directory.models import Schedule, Service
from bot.directory.oruk_writer import service_document
from bot.directory.topicmap import load_topic_map
from bot.directory.words import fold

services = Table(
    "services",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("feed", String(255), nullable=False),
    Column("feed_id", String(36), nullable=False),  # the id in the feed: `id`, unless another feed had that one first
    Column("name", Text, nullable=False),
    Column("organization_id", String(36), nullable=False, index=True),
    Column("organization", Text, nullable=False),
    Column("status", String(24), nullable=False),
    Column("minimum_age", Float),
    Column("maximum_age", Float),
    Column("assured_date", String(10), nullable=False),
    Column("last_modified", String(32), nullable=False, index=True),
    Column("missing_since", String(10)),  # day of the first full pass that no longer listed it
    Column("digest", String(64), nullable=False),
    Column("twin", String(32), nullable=False),  # the same for one service in several feeds
    Column("topics", Text, nullable=False),  # separated by spaces, as are the next four
    Column("statutory", Text, nullable=False),  # topics that a council must help with by law
    Column("languages", Text, nullable=False),
    Column("areas", Text, nullable=False),
    Column("places", Text, nullable=False),  # latitude,longitude …
    Column("has_place", Boolean, nullable=False),
    Column("national", Boolean, nullable=False),
    Column("remote", Boolean, nullable=False),  # by phone or online
    Column("interpreter", Boolean, nullable=False),
    Column("free", Boolean),  # NULL: not said
    Column("alert", Boolean, nullable=False),
    Column("timed", Boolean, nullable=False),  # hours or an alert are stated
    Index("services_feed", "feed", "feed_id", unique=True),
)
service_documents = Table(  # apart, so that the rows that a search reads lie close together
    "service_documents",
    metadata,
    Column("service", Integer, ForeignKey("services.number", ondelete="CASCADE"), primary_key=True),
    Column("document", Text, nullable=False),
)


def _part(name: str, *columns: Column[Any]) -> Table:
    owner = Column("service", Integer, ForeignKey("services.number", ondelete="CASCADE"), nullable=False, index=True)
    return Table(name, metadata, Column("number", Integer, primary_key=True), owner, *columns)


service_places = _part(
    "service_places",
    Column("id", String(36), nullable=False, index=True),  # of the service at location
    Column("latitude", Float),
    Column("longitude", Float),
    Column("postcode", String(12), nullable=False),
)
Index("service_places_box", service_places.c.latitude, service_places.c.longitude)
service_areas = _part("service_areas", Column("code", String(16), nullable=False, index=True))
service_topics = _part("service_topics", Column("topic", String(64), nullable=False, index=True))
service_languages = _part("service_languages", Column("code", String(16), nullable=False, index=True))
service_terms = _part(
    "service_terms",
    Column("term_id", String(36), nullable=False, index=True),
    Column("taxonomy_id", String(36), nullable=False, index=True),
    Column("parent_id", String(36), nullable=False),
)
service_hours = _part(
    "service_hours",
    Column("day", String(2), nullable=False, index=True),  # MO … SU
    Column("opens_at", String(5), nullable=False),
    Column("closes_at", String(5), nullable=False),
)
UNPLACED = "unplaced"  # no area, and no place or by phone: for everybody
LOCATED = "located"  # a place, no area
BOUNDED = "bounded"  # an area, no place
PARTS = (service_places, service_areas, service_topics, service_languages, service_terms, service_hours)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REMOTE = ("phone", "online", "virtual", "video", "web")


@dataclass(frozen=True)
class Words:
    """The texts of a service that full-text search looks at."""

    name: str
    organization: str
    topics: str
    description: str


@dataclass(frozen=True)
class Rows:
    """A service as rows: one of `services` without number, feed and id; its document; the parts by table name."""

    service: dict[str, Any]
    document: str
    parts: dict[str, list[dict[str, Any]]]
    words: Words


def digest_of(document: dict[str, Any]) -> tuple[str, str]:
    """Return a document as text and the digest that tells whether it changed."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def rows_of(service: Service, *, area: str = "") -> Rows:
    """Return the rows of a service. `area`: GSS code of the feed's council, for services that name no place at all."""
    document = service_document(service)
    text, digest = digest_of(document)
    topic_map = load_topic_map()
    topics = topic_map.of_service(service)
    places = [item for item in service.service_at_locations if item.location.latitude is not None]
    stated = tuple(dict.fromkeys(code for item in service.service_areas for code in area_codes(item.name, item.uri)))
    areas = stated or ((area,) if area and not places else ())
    codes = tuple(dict.fromkeys(filter(None, (language_code(item.code or item.name) for item in service.languages))))
    schedules = _schedules(service)
    row = {
        "name": service.name,
        "organization_id": document["organization_id"],
        "organization": service.organization.name,
        "status": service.status,
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "assured_date": service.assured_date,
        "last_modified": service.last_modified,
        "missing_since": None,
        "digest": digest,
        "twin": _twin(service),
        "topics": " ".join(topics),
        "statutory": " ".join(topic_map.of_service(service, statutory=True)),
        "languages": " ".join(codes),
        "areas": " ".join(areas),
        "places": " ".join(f"{place.location.latitude},{place.location.longitude}" for place in places),
        "has_place": bool(places),
        "national": NATIONAL in areas,
        "remote": _is_remote(service, schedules),
        "interpreter": bool(service.interpretation_services),
        "free": _is_free(service),
        "alert": bool(service.alert),
        "timed": bool(schedules or service.alert),
    }
    terms = {
        attribute["taxonomy_term"]["id"]: attribute["taxonomy_term"] for attribute in document.get("attributes", ())
    }
    located = zip(document.get("service_at_locations", ()), service.service_at_locations, strict=True)
    parts = {
        "service_places": [
            {
                "id": written["id"],
                "latitude": item.location.latitude,
                "longitude": item.location.longitude,
                "postcode": _postcode(item.location.addresses[0].postal_code if item.location.addresses else ""),
            }
            for written, item in located
        ],
        "service_areas": [{"code": code} for code in (*areas, *_placing(areas, row))],
        "service_topics": [{"topic": topic} for topic in topics],
        "service_languages": [{"code": code} for code in codes],
        "service_terms": [
            {"term_id": key, "taxonomy_id": term.get("taxonomy_id", ""), "parent_id": term.get("parent_id", "")}
            for key, term in terms.items()
        ],
        "service_hours": [hours for schedule in schedules for hours in _hours(schedule)],
    }
    names = [attribute.taxonomy_term.name for attribute in service.attributes]
    words = Words(
        name=f"{service.name} {service.alternate_name}".strip(),
        organization=service.organization.name,
        topics=" ".join([*names, *(topic.replace("_", " ") for topic in topics)]),
        description=f"{service.description} {service.eligibility_description}".strip(),
    )
    return Rows(row, text, parts, words)


def _placing(areas: tuple[str, ...], row: dict[str, Any]) -> tuple[str, ...]:
    """Return the code under which a service is kept for people whose place or area it cannot be compared with."""
    if areas:
        return () if row["has_place"] else (BOUNDED,)
    return (UNPLACED,) if row["remote"] or not row["has_place"] else (LOCATED,)


def _schedules(service: Service) -> list[Schedule]:
    at_places = [
        schedule for item in service.service_at_locations for schedule in (*item.schedules, *item.location.schedules)
    ]
    return [*service.schedules, *at_places]


def _is_remote(service: Service, schedules: list[Schedule]) -> bool:
    virtual = any(item.location.location_type == "virtual" for item in service.service_at_locations)
    return virtual or any(word in schedule.attending_type.lower() for schedule in schedules for word in REMOTE)


def _is_free(service: Service) -> bool | None:
    """Return whether there is a way to pay nothing; None when nobody said what it costs."""
    amounts = [option.amount for option in service.cost_options if option.amount is not None]
    words = [option.option.casefold().strip() for option in service.cost_options] + [service.fees.casefold().strip()]
    if any(amount == 0 for amount in amounts) or any(word == "free" or word.startswith("free ") for word in words):
        return True
    return False if amounts else None


def _hours(schedule: Schedule) -> list[dict[str, str]]:
    if schedule.freq != "WEEKLY" or not (schedule.opens_at and schedule.closes_at):
        return []
    days = [day for day in schedule.byday.split(",") if day in DAYS]
    return [{"day": day, "opens_at": schedule.opens_at, "closes_at": schedule.closes_at} for day in days]


def _twin(service: Service) -> str:
    codes = sorted(
        _postcode(address.postal_code) for item in service.service_at_locations for address in item.location.addresses
    )
    parts = (fold(service.organization.name), fold(service.name), codes[0] if codes else "")
    plain = "\x1f".join(" ".join("".join(char if char.isalnum() else " " for char in part).split()) for part in parts)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _postcode(text: str) -> str:
    return "".join(text.split()).upper()[:12]
