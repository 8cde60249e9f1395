"""Places, hours and contacts of a feed: the parts that services, locations and organisations share."""

from __future__ import annotations

from typing import Literal

from bot.directory import fields
from bot.directory.models import (
    Accessibility,
    Address,
    Contact,
    Frequency,
    Language,
    Location,
    LocationType,
    Phone,
    Schedule,
    ServiceAtLocation,
)
from bot.directory.node import Node

TYPES: dict[str, LocationType] = {
    "physical": "physical", "postal": "postal", "virtual": "virtual", "online": "virtual", "phone": "virtual",
}  # fmt: skip
COUNTRIES = {
    "": "GB", "uk": "GB", "united kingdom": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "gbr": "GB",
    "northern ireland": "GB", "great britain": "GB",
}  # fmt: skip
PARTS = ("address_1", "address_2", "city", "state_province", "region", "country", "attention")


def read_located(node: Node) -> tuple[ServiceAtLocation, ...]:
    """Return the places of a service; a bare list of locations is taken too."""
    found = [_located(item, at) for at, item in node.children("service_at_locations")]
    if not found:
        found = [
            ServiceAtLocation(item.id("service_at_location", "service_at_location_id", at=at), _location(item, at))
            for at, item in node.children("locations")
        ]
    unique: dict[str, ServiceAtLocation] = {}
    for item in (one for one in found if one is not None):
        if item.id in unique:
            node.note("refused.place", "service_at_locations", "twice")
        unique.setdefault(item.id, item)
    return tuple(unique.values())


def read_schedules(node: Node) -> tuple[Schedule, ...]:
    """Return the hours; rows that say nothing are left out."""
    found = (_schedule(item, at) for at, item in node.children("schedules", "schedule", "regular_schedules"))
    return tuple(item for item in found if item is not None)


def read_phones(node: Node) -> tuple[Phone, ...]:
    """Return the phone numbers; those without digits are left out."""
    phones = []
    for at, item in node.children("phones", "phone"):
        number = item.phone("number")
        if number:
            phones.append(
                Phone(
                    id=item.id("phone", at=at),
                    number=number,
                    description=item.text("description"),
                    extension=item.line("extension"),
                    type=item.line("type"),
                    languages=tuple(
                        Language(part.id("language", at=place), part.line("name"), part.line("code", "language"))
                        for place, part in item.children("languages")
                    ),
                )
            )
    return tuple(phones)


def read_contacts(node: Node) -> tuple[Contact, ...]:
    """Return the contacts; those that say nothing are left out."""
    found = (
        Contact(
            item.id("contact", at=at), item.line("name"), item.line("title"), item.email("email"), read_phones(item)
        )
        for at, item in node.children("contacts", "contact")
    )
    return tuple(item for item in found if item.name or item.title or item.email or item.phones)


def _located(item: Node, at: int) -> ServiceAtLocation | None:
    place = item.child("location")
    if place is None:
        item.note("refused.place", "location", "missing")
        return None
    return ServiceAtLocation(
        id=item.id("service_at_location", at=at),
        location=_location(place, at),
        description=item.text("description"),
        contacts=read_contacts(item),
        phones=read_phones(item),
        schedules=read_schedules(item),
    )


def _location(place: Node, at: int) -> Location:
    said = place.line("location_type").lower()
    point = fields.to_point(place.first("latitude", "lat"), place.first("longitude", "lng", "lon"))
    _note_point(place, point)
    addresses = tuple(
        found
        for number, item in place.children("addresses", "address", "physical_addresses")
        if (found := _address(item, number))
    )
    if said not in TYPES:
        place.note("mended.location_type", "location_type", said or "missing")
    return Location(
        id=place.id("location", at=at),
        location_type=TYPES.get(said, "physical"),
        name=place.line("name"),
        description=place.text("description"),
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        external_identifier=place.line("external_identifier"),
        external_identifier_type=place.line("external_identifier_type"),
        addresses=addresses,
        accessibility=tuple(
            Accessibility(
                part.id("accessibility", at=number),
                part.text("description", "accessibility"),
                part.text("details"),
                part.link("url"),
            )
            for number, part in place.children("accessibility")
        ),
        phones=read_phones(place),
        contacts=read_contacts(place),
        schedules=read_schedules(place),
    )


def _note_point(place: Node, point: tuple[float, float] | None) -> None:
    one, other = place.first("latitude", "lat"), place.first("longitude", "lng", "lon")
    if one is None and other is None:
        return
    if point is None:
        place.note("refused.coordinates", "latitude", f"{one}, {other}")
    elif point[0] == fields.to_number(other) and point[0] != point[1]:
        place.note("mended.coordinates", "latitude", f"{one}, {other}")
    elif isinstance(one, str) or isinstance(other, str):
        place.note("mended.number", "latitude", f"{one}, {other}")


def _address(item: Node, at: int) -> Address | None:
    said = item.line("postal_code", "postcode")
    postcode = fields.to_postcode(said)
    if not postcode:
        elsewhere = next((code for name in PARTS if (code := fields.to_postcode(item.raw.get(name)))), "")
        if elsewhere:
            item.note("mended.postcode", "postal_code", elsewhere)
        elif said:
            item.note("refused.postcode", "postal_code", said)
        postcode = elsewhere
    parts = {name: _without(item.line(name), postcode) for name in PARTS}
    if not postcode and not any(parts[name] for name in ("address_1", "address_2", "city")):
        return None
    country = parts["country"]
    kind = item.line("address_type").lower()
    return Address(
        id=item.id("address", at=at),
        address_1=parts["address_1"],
        city=parts["city"],
        state_province=parts["state_province"],
        postal_code=postcode,
        country=COUNTRIES.get(country.lower(), country.upper() if len(country) == 2 else "GB"),
        address_type=TYPES.get(kind, "physical"),
        attention=parts["attention"],
        region=parts["region"],
        address_2=parts["address_2"],
    )


def _without(text: str, postcode: str) -> str:
    """Return the text without a postcode that stood in the wrong field."""
    if not postcode or postcode.replace(" ", "") not in text.upper().replace(" ", ""):
        return text
    start = text.upper().find(postcode)
    compact = postcode.replace(" ", "")
    start, length = (start, len(postcode)) if start >= 0 else (text.upper().find(compact), len(compact))
    return (text[:start] + text[start + length :]).strip(" ,") if start >= 0 else text


def _schedule(item: Node, at: int) -> Schedule | None:
    opens_at, closes_at = item.time("opens_at"), item.time("closes_at")
    description = item.text("description")
    for name, read in (("opens_at", opens_at), ("closes_at", closes_at)):
        if not read and item.first(name) is not None and item.line(name) not in description:
            description = " ".join(filter(None, (description, item.line(name))))  # shown as it was written
    byday = fields.to_days(item.first("byday", "weekday"))
    freq, byday, bymonthday = _rule(item, byday, item.line("bymonthday"))
    interval, count = item.number("interval"), item.number("count")
    schedule = Schedule(
        id=item.id("schedule", at=at),
        freq=freq,
        interval=int(interval) if interval is not None and interval >= 1 else None,
        byday=byday,
        bymonthday=bymonthday,
        byweekno=item.line("byweekno"),
        byyearday=item.line("byyearday"),
        dtstart=item.date("dtstart"),
        until=item.date("until"),
        count=int(count) if count is not None and count >= 1 else None,
        wkst=fields.to_days(item.first("wkst"))[:2],
        valid_from=item.date("valid_from"),
        valid_to=item.date("valid_to"),
        opens_at=opens_at,
        closes_at=closes_at,
        description=description,
        attending_type=item.line("attending_type"),
        notes=item.text("notes"),
        schedule_link=item.link("schedule_link"),
    )
    says = (schedule.freq, schedule.byday, opens_at, closes_at, description, schedule.valid_from, schedule.notes)
    return schedule if any(says) else None


def _rule(item: Node, byday: str, bymonthday: str) -> tuple[Frequency, str, str]:
    """Return a rule that makes sense: WEEKLY with days, or MONTHLY with days of the month or numbered days."""
    said = item.line("freq").upper()
    numbered = any(char.isdigit() for char in byday)
    kind: Literal["WEEKLY", "MONTHLY"] = "MONTHLY" if numbered or (bymonthday and not byday) else "WEEKLY"
    if said == "DAILY":
        item.note("mended.rule", "freq", said)
        return "WEEKLY", ",".join(fields.DAYS), ""
    if said == "WEEKLY" and numbered:
        item.note("mended.rule", "byday", byday)
        return "WEEKLY", "".join(char for char in byday if char.isalpha() or char == ","), ""
    if said == "WEEKLY" and bymonthday:
        item.note("mended.rule", "bymonthday", bymonthday)
        return kind, byday, "" if kind == "WEEKLY" else bymonthday
    if said in ("WEEKLY", "MONTHLY"):
        raw = item.line("byday", "weekday").replace(" ", "")
        if raw and raw != byday:
            item.note("mended.rule", "byday", raw)
        return ("WEEKLY" if said == "WEEKLY" else "MONTHLY"), byday, bymonthday
    if said:
        item.note("refused.rule", "freq", said)
        return "", byday, bymonthday
    if byday or bymonthday:
        item.note("mended.rule", "freq", "missing")
        return kind, byday, bymonthday
    return "", "", ""
