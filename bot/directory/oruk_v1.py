"""A service of a v1 feed in the shape of v3, so that one reader reads both.

Only names and nesting change here; values are mended by `oruk_reader`.
"""

from __future__ import annotations

from typing import Any

from bot.directory.oruk_writer import is_uuid

SIGNS = (
    "regular_schedules", "holiday_schedules", "eligibilitys", "eligibilities", "service_taxonomys",
    "service_taxonomies", "fundings", "attending_type", "attending_access", "deliverable_type",
)  # fmt: skip


def is_v1(raw: dict[str, Any]) -> bool:
    """Whether a service has fields that only v1 knows."""
    return any(sign in raw for sign in SIGNS)


def as_v3(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a v1 service as v3. Fields of v3 that are there already win."""
    service = dict(raw)
    ages = _items(raw, "eligibilitys", "eligibilities")
    service.setdefault("minimum_age", _first(ages, "minimum_age"))
    service.setdefault("maximum_age", _first(ages, "maximum_age"))
    told = "; ".join(str(item["eligibility"]) for item in ages if item.get("eligibility"))
    service.setdefault("eligibility_description", told)
    service["schedules"] = _schedules(raw)
    service["attributes"] = [
        *_items(raw, "attributes"),
        *map(_attribute, _items(raw, "service_taxonomys", "service_taxonomies")),
    ]
    service["funding"] = _items(raw, "funding", "fundings")
    organization = raw.get("organization")
    if isinstance(organization, dict):
        service["organization"] = {"website": organization.get("url"), **organization}
    service["service_at_locations"] = [_located(item) for item in _items(raw, "service_at_locations")]
    if raw.get("attending_access") and not service.get("application_process"):
        service["application_process"] = raw["attending_access"]
    return service


def _schedules(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return regular hours, then exceptions: a holiday is a schedule of its own with the days on which it holds."""
    attending = raw.get("attending_type")
    regular = [
        {"attending_type": attending, **item} if attending else item
        for item in _items(raw, "schedules", "regular_schedules")
    ]
    return [*regular, *map(_holiday, _items(raw, "holiday_schedules"))]


def _holiday(item: dict[str, Any]) -> dict[str, Any]:
    closed = str(item.get("closed")).lower() in ("true", "1", "yes")
    return {
        "id": item.get("id"),
        "valid_from": item.get("start_date"),
        "valid_to": item.get("end_date"),
        "notes": "closed" if closed else "",
        **(
            {}
            if closed
            else {"opens_at": item.get("opens_at") or item.get("open_at"), "closes_at": item.get("closes_at")}
        ),
    }


def _attribute(item: dict[str, Any]) -> dict[str, Any]:
    found = item.get("taxonomy")
    term: dict[str, Any] = found if isinstance(found, dict) else {}
    code = term.get("code") or ("" if is_uuid(str(term.get("id"))) else term.get("id"))  # "esdServiceTypes:1001"
    return {
        "id": item.get("id"),
        "link_type": item.get("link_type"),
        "taxonomy_term": {**term, "taxonomy": term.get("vocabulary"), "code": code},
    }


def _located(item: dict[str, Any]) -> dict[str, Any]:
    place = item.get("location")
    located = {**item, "schedules": _schedules(item)}
    if isinstance(place, dict):
        addresses = [
            {"address_type": "physical" if "physical" in key else "postal", **address}
            for key in ("physical_addresses", "postal_addresses")
            for address in _items(place, key)
        ]
        located["location"] = {
            **place,
            "addresses": [*_items(place, "addresses"), *addresses],
            "accessibility": [
                *_items(place, "accessibility"),
                *(
                    {"description": item.get("accessibility"), **item}
                    for item in _items(place, "accessibility_for_disabilities")
                ),
            ],
        }
    return located


def _items(raw: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """Return the entries under all of these names."""
    found: list[dict[str, Any]] = []
    for name in names:
        value = raw.get(name)
        found += [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
    return found


def _first(items: list[dict[str, Any]], name: str) -> Any:
    return next((item[name] for item in items if item.get(name) not in (None, "")), None)
