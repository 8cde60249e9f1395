"""Services as Open Referral UK 3.0 JSON: what the read API and the export give out, and what the store keeps.

Fields without a value are left out, nothing is null, ids are UUIDs, ages and coordinates are numbers.

>>> page_document([{"id": "x"}], page=2, per_page=1, total=3)["total_pages"]
3
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, cast

from bot.directory.models import (
    Address,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Service,
    Taxonomy,
    TaxonomyTerm,
)

NAMESPACE = uuid.UUID("5b0cf9d4-9d2a-5f0e-8a53-1f1f0f6f2d11")  # of ids that we make
VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org"
OPENAPI = "https://openreferraluk.org/specifications/3.0/openapi.json"
REQUIRED: dict[type, tuple[str, ...]] = {
    Service: ("id", "name", "status"),
    Organization: ("id", "name", "description"),
    OrganizationIdentifier: ("id", "identifier_type", "identifier"),
    Location: ("id", "location_type"),
    Address: ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    Phone: ("id", "number"),
    Taxonomy: ("id", "name", "description"),
    TaxonomyTerm: ("id", "name", "description"),
}


def new_id(*parts: str) -> str:
    """Return the UUID made of these parts: the same parts, the same id."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def is_uuid(text: str) -> bool:
    """Whether it is a UUID in the usual form, hyphens included."""
    try:
        return len(text) == 36 and str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def service_document(service: Service) -> dict[str, Any]:
    """Return a service with everything that belongs to it."""
    document = _document(service, (service.id or service.name,))
    document["organization_id"] = document["organization"]["id"]
    return document


def root_document() -> dict[str, str]:
    """Return what `GET /` says about the API."""
    return {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI}


def page_document(contents: Sequence[Any], *, page: int, per_page: int, total: int) -> dict[str, Any]:
    """Return the page object around `contents`. Pages count from 1; there is always one, even if it is empty."""
    pages = max(1, -(-total // per_page))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": list(contents),
    }


def _document(value: Any, path: tuple[str, ...]) -> dict[str, Any]:
    """Return an entity without what is not said. `path` leads to it, for an id where it has none."""
    kind = type(value)
    required = REQUIRED.get(kind, ("id",))
    document: dict[str, Any] = {}
    for name in _names(cast(Hashable, kind)):
        found = getattr(value, name)
        if name == "id":
            document[name] = found.lower() if is_uuid(found) else new_id(kind.__name__, *path, found)
        elif isinstance(found, tuple):
            if found:
                document[name] = [_document(item, (*path, name, str(at))) for at, item in enumerate(found)]
        elif isinstance(found, str | int | float):
            if found != "" or name in required:
                document[name] = _reference(name, found)
        elif found is not None:
            document[name] = _document(found, (*path, name))
    return document


def _reference(name: str, value: str | int | float) -> str | int | float:
    """Return a value; a reference to another entity in the form that entity's id has."""
    if name in ("taxonomy_id", "parent_id", "parent_organization_id") and not is_uuid(str(value)):
        return new_id(name, str(value))
    return value


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(spec.name for spec in fields(cast(Any, kind)))
