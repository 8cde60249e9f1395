"""Invented services to build tests on: plainly fictional, drama numbers and example.org addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.directory.models import (
    Address,
    Attribute,
    Contact,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    TaxonomyTerm,
)
from bot.directory.oruk_writer import new_id

HACKNEY, LEEDS, ENGLAND = "E09000012", "E08000035", "E92000001"
HERE = (51.5450, -0.0560)
KILOMETRE = 1 / 111.195  # of latitude, in degrees


def make_service(key: str = "one", **changes: Any) -> Service:
    """Return a service. Short forms: `topics` (our words), `at` (points), `areas` (names), `languages` (codes)."""
    topics = changes.pop("topics", ())
    points = changes.pop("at", ())
    areas = changes.pop("areas", ())
    languages = changes.pop("languages", ())
    organization = changes.pop("organization", f"Organisation {key}")
    service = Service(
        id=new_id("test", key),
        name=changes.pop("name", f"Service {key}"),
        status=changes.pop("status", "active"),
        organization=Organization(new_id("test", "organization", organization), organization, "Helps people."),
        service_at_locations=tuple(make_place(f"{key}{number}", point) for number, point in enumerate(points)),
        service_areas=tuple(ServiceArea(new_id("test", key, name), name=name) for name in areas),
        languages=tuple(Language(new_id("test", key, code), code=code) for code in languages),
        attributes=tuple(make_attribute(key, topic) for topic in topics),
    )
    return replace(service, **changes)


def make_attribute(key: str, topic: str, link_type: str = "topic") -> Attribute:
    """Return that a word of ours (`food`, `esol` …) applies."""
    term = TaxonomyTerm(new_id("term", topic), topic, topic, code=topic, taxonomy="words", taxonomy_id=new_id("words"))
    return Attribute(new_id("test", key, "attribute", topic), term, link_type)


def make_place(key: str, point: tuple[float, float], **changes: Any) -> ServiceAtLocation:
    """Return a place at a point."""
    location = Location(new_id("location", key), "physical", latitude=point[0], longitude=point[1], **changes)
    return ServiceAtLocation(new_id("place", key), location)


def full_service() -> Service:
    """Return a service in which everything is said."""
    address = Address(new_id("a"), "1 Example Street", "London", "Greater London", "E8 1EA", "GB", "physical")
    place = make_place("full", HERE, addresses=(address,))
    weekly = Schedule(new_id("s"), freq="WEEKLY", byday="MO,TU", opens_at="09:00", closes_at="17:00")
    return make_service(
        "full",
        description="Beds for the night.",
        url="https://example.org/beds",
        email="beds@example.org",
        minimum_age=18,
        maximum_age=65.5,
        assured_date="2027-01-01",
        last_modified="2027-01-02T10:00:00.000Z",
        service_at_locations=(place,),
        schedules=(weekly,),
        areas=("Hackney",),
        languages=("pl", "so"),
        topics=("homelessness",),
        contacts=(Contact(new_id("c"), name="Desk", phones=(Phone(new_id("p"), "020 7946 0018"),)),),
        cost_options=(CostOption(new_id("m"), option="free", amount=0),),
    )


def v3_document(**changes: Any) -> dict[str, Any]:
    """Return a service as a tidy v3 feed sends it; a change to `...` leaves the field out."""
    document = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Example Food Bank",
        "status": "active",
        "description": "Food for a week.",
        "url": "https://example.org/food",
        "minimum_age": 18,
        "assured_date": "2027-01-01",
        "last_modified": "2027-01-02T10:00:00.000Z",
        "organization": {
            "id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Example Charity", "description": "A charity.",
            "website": "https://example.org",
        },
        "schedules": [{
            "id": "48b9b33e-5ae5-4ab5-9a5b-7a2b2bd0ee2a", "freq": "WEEKLY", "byday": "MO,WE", "opens_at": "10:00",
            "closes_at": "16:00",
        }],
        "service_at_locations": [{
            "id": "e94c9f38-1e8f-4564-91d4-d53501ab1765",
            "location": {
                "id": "3a4b1a5e-6a1d-4b8b-8a5e-2f1c8f4f7a11", "location_type": "physical", "latitude": 51.545,
                "longitude": -0.056, "addresses": [{
                    "id": "74706e55-df26-4b84-80fe-ecc30b5befb4", "address_1": "1 Example Street", "city": "London",
                    "state_province": "Greater London", "postal_code": "E8 1EA", "country": "GB",
                    "address_type": "physical",
                }],
            },
        }],
        "languages": [{"id": "1554bf0c-8a4c-4a4b-9d0c-1f0a7f5f9d8a", "name": "Polish", "code": "pl"}],
        "attributes": [{
            "id": "0b1c6d1e-9c58-4a4e-9d5b-5d2f5a8c1b11", "link_type": "service type", "taxonomy_term": {
                "id": "3f7b145d-84af-42d7-8fae-eaca714b02b2", "name": "Food bank", "description": "Food bank",
                "taxonomy": "Example list", "taxonomy_id": "5c4d79d7-cc55-470e-9f1f-8cad074e4892",
            },
        }],
    }  # fmt: skip
    merged = {**document, **changes}
    return {name: value for name, value in merged.items() if value is not ...}


def v1_document() -> dict[str, Any]:
    """Return the same service as a v1 feed sends it, with the nulls and empty texts such feeds have."""
    v3 = v3_document()
    place = v3["service_at_locations"][0]
    location = {**place["location"], "physical_addresses": place["location"]["addresses"]}
    for name in ("addresses", "location_type"):
        del location[name]
    address = {key: value for key, value in location["physical_addresses"][0].items() if key != "address_type"}
    organization = {**v3["organization"], "url": v3["organization"]["website"], "logo": "", "uri": None}
    del organization["website"]
    term = v3["attributes"][0]["taxonomy_term"]
    return {
        "id": v3["id"], "name": v3["name"], "status": "active", "description": v3["description"], "url": v3["url"],
        "email": None, "fees": "", "assured_date": v3["assured_date"], "last_modified": v3["last_modified"],
        "deliverable_type": None, "attending_access": None, "attending_type": None, "organization": organization,
        "regular_schedules": v3["schedules"], "holiday_schedules": [],
        "eligibilitys": [{"id": "x", "eligibility": None, "minimum_age": 18, "maximum_age": None}],
        "service_at_locations": [{"id": place["id"], "location": {**location, "physical_addresses": [address]}}],
        "languages": [{"id": v3["languages"][0]["id"], "language": "pl"}],
        "service_taxonomys": [{
            "id": v3["attributes"][0]["id"],
            "taxonomy": {"id": term["id"], "name": term["name"], "vocabulary": term["taxonomy"]},
        }],
        "reviews": None, "fundings": None, "cost_options": [], "contacts": None, "service_areas": None,
    }  # fmt: skip
