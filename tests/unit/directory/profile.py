"""The UK profile of HSDS 3.0 as a JSON Schema, built from its field table: what an export must be valid against.

A field is `name: form`; an upper-case first letter means required. Forms: text, uuid, uri, email, date, datetime,
time, number, country, status, place, freq, an entity's name, or a list of entities `[name]`. Null is nowhere allowed;
other fields are.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

ENTITIES = {
    "service": "Id: uuid, Name: text, Status: status, Organization_id: uuid, description: text, url: uri, email: email,"
    "fees: text, accreditations: text, minimum_age: number, maximum_age: number, assured_date: date,"
    "assurer_email: email, alert: text, last_modified: datetime, schedules: [schedule], service_areas: [service_area],"
    "service_at_locations: [service_at_location], languages: [language], funding: [funding],"
    "cost_options: [cost_option], contacts: [contact], attributes: [attribute], Organization: organization,"
    "phones: [phone], eligibility_description: text, application_process: text, interpretation_services: text",
    "organization": "Id: uuid, Name: text, Description: text, email: email, website: uri, logo: uri, uri: uri,"
    "parent_organization_id: uuid, organization_identifiers: [organization_identifier]",
    "organization_identifier": "Id: uuid, Identifier_type: text, Identifier: text, identifier_scheme: text",
    "location": "Id: uuid, Location_type: place, name: text, description: text, latitude: number, longitude: number,"
    "external_identifier: text, external_identifier_type: text, addresses: [address], accessibility: [accessibility]",
    "service_at_location": "Id: uuid, Location: location, description: text, schedules: [schedule], phones: [phone]",
    "address": "Id: uuid, Address_1: text, City: text, State_province: text, Postal_code: text, Country: country,"
    "Address_type: place, attention: text, region: text",
    "phone": "Id: uuid, Number: text, description: text, languages: [language], type: text",
    "contact": "Id: uuid, name: text, title: text, email: email, phones: [phone]",
    "schedule": "Id: uuid, freq: freq, interval: number, byday: text, bymonthday: text, dtstart: date,"
    "valid_from: date, valid_to: date, opens_at: time, closes_at: time, description: text, attending_type: text,"
    "notes: text, schedule_link: uri",
    "language": "Id: uuid, name: text, code: text, note: text",
    "cost_option": "Id: uuid, valid_from: date, valid_to: date, option: text, amount: number, amount_description: text",
    "service_area": "Id: uuid, name: text, extent: text, extent_type: text, uri: uri",
    "accessibility": "Id: uuid, description: text, details: text, url: uri",
    "funding": "Id: uuid, source: text",
    "taxonomy": "Id: uuid, Name: text, Description: text, uri: uri, version: text",
    "taxonomy_term": "Id: uuid, Name: text, Description: text, parent_id: uuid, taxonomy: text, taxonomy_id: uuid,"
    "term_uri: uri, code: text",
    "attribute": "Id: uuid, link_type: text, Taxonomy_term: taxonomy_term, value: text",
}  # fmt: skip
FORMS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "uri": {"type": "string", "format": "web-address"},
    "email": {"type": "string", "format": "email"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "moment"},
    "time": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    "number": {"type": "number"},
    "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
    "status": {"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    "place": {"enum": ["physical", "postal", "virtual"]},
    "freq": {"enum": ["WEEKLY", "MONTHLY"]},
}
CHECKER = FormatChecker()


@CHECKER.checks("web-address")
def _is_web_address(value: object) -> bool:
    parts = urlsplit(str(value))
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@CHECKER.checks("moment", raises=ValueError)
def _is_moment(value: object) -> bool:
    dt.datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%S.%fZ")
    return re.fullmatch(r".*\.\d{3}Z", str(value)) is not None


def validator(entity: str) -> Draft202012Validator:
    """Return what checks a document of an entity, or a `page` of services."""
    schemas = {name: _schema(fields) for name, fields in ENTITIES.items()}
    schemas["page"] = _page()
    return Draft202012Validator({"$ref": f"#/$defs/{entity}", "$defs": schemas}, format_checker=CHECKER)


def problems(entity: str, document: Any) -> list[str]:
    """Return what is wrong with a document, nulls anywhere included."""
    found = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator(entity).iter_errors(document)]
    return [*found, *_nulls(document)]


def _schema(fields: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    for field in fields.split(","):
        name, form = (part.strip() for part in field.split(":"))
        if name[0].isupper():
            required.append(name.lower())
        properties[name.lower()] = (
            {"type": "array", "minItems": 1, "items": {"$ref": f"#/$defs/{form[1:-1]}"}} if form[0] == "["
            else FORMS.get(form) or {"$ref": f"#/$defs/{form}"}
        )  # fmt: skip
    return {"type": "object", "properties": properties, "required": required}


def _page() -> dict[str, Any]:
    counts = dict.fromkeys(("total_items", "total_pages", "page_number", "size"), {"type": "integer", "minimum": 0})
    flags = dict.fromkeys(("first_page", "last_page", "empty"), {"type": "boolean"})
    properties = {**counts, **flags, "contents": {"type": "array", "items": {"$ref": "#/$defs/service"}}}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _nulls(value: Any, path: str = "") -> list[str]:
    if value is None:
        return [f"{path}: null"]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in _nulls(item, f"{path}/{key}")]
