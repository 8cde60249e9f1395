"""The CSV package of HSDS: a folder or zip with `datapackage.json` and one file for each entity, joined by id columns.

Rows become the same nested documents that a feed sends, so that `oruk_reader` reads both.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from bot.core.errors import UserInputError

MOST_BYTES = 500_000_000  # of all files together, unpacked
Row = dict[str, Any]
Tables = dict[str, list[Row]]

# What hangs on what: entity → where its rows go: (column, owner, field).
PARTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "language": (
        ("phone_id", "phone", "languages"), ("location_id", "location", "languages"),
        ("service_id", "service", "languages"),
    ),
    "phone": (
        ("contact_id", "contact", "phones"), ("service_at_location_id", "service_at_location", "phones"),
        ("location_id", "location", "phones"), ("service_id", "service", "phones"),
        ("organization_id", "organization", "phones"),
    ),
    "contact": (
        ("service_at_location_id", "service_at_location", "contacts"), ("location_id", "location", "contacts"),
        ("service_id", "service", "contacts"), ("organization_id", "organization", "contacts"),
    ),
    "schedule": (
        ("service_at_location_id", "service_at_location", "schedules"), ("location_id", "location", "schedules"),
        ("service_id", "service", "schedules"),
    ),
    "address": (("location_id", "location", "addresses"),),
    "accessibility": (("location_id", "location", "accessibility"),),
    "organization_identifier": (("organization_id", "organization", "organization_identifiers"),),
    "service_area": (("service_id", "service", "service_areas"),),
    "funding": (("service_id", "service", "funding"),),
    "cost_option": (("service_id", "service", "cost_options"),),
    "attribute": (("link_id", "service", "attributes"), ("service_id", "service", "attributes")),
}  # fmt: skip
NAMES = {
    "services": "service", "organizations": "organization", "organisations": "organization", "locations": "location",
    "services_at_location": "service_at_location", "services_at_locations": "service_at_location",
    "service_at_locations": "service_at_location", "schedules": "schedule", "regular_schedule": "schedule",
    "regular_schedules": "schedule", "languages": "language", "phones": "phone", "contacts": "contact",
    "addresses": "address", "physical_address": "address", "physical_addresses": "address",
    "postal_address": "address", "postal_addresses": "address", "accessibilities": "accessibility",
    "accessibility_for_disabilities": "accessibility", "service_areas": "service_area", "fundings": "funding",
    "cost_options": "cost_option", "attributes": "attribute", "service_attribute": "attribute",
    "service_attributes": "attribute", "service_taxonomy": "attribute", "service_taxonomies": "attribute",
    "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term", "organization_identifiers": "organization_identifier",
}  # fmt: skip


def is_csv_package(path: Path) -> bool:
    """Whether a path is a folder or a zip file."""
    return path.is_dir() or zipfile.is_zipfile(path)


def read_csv_package(path: Path) -> Iterator[Row]:
    """Yield the services of a package as nested documents.

    Raises:
        UserInputError: there is no services file, it is too large, or a file is not UTF-8 CSV.
    """
    tables = _load(path)
    if not tables.get("service"):
        raise UserInputError("bad_request", detail=f"{path}: no services.csv")
    yield from nest(tables)


def nest(tables: Tables) -> Iterator[Row]:
    """Yield services out of tables that are joined by id columns (`tabular.json` has the same)."""
    owners = {name: {str(row["id"]): row for row in rows if row.get("id")} for name, rows in tables.items()}
    terms, taxonomies = owners.get("taxonomy_term", {}), owners.get("taxonomy", {})
    for term in terms.values():
        taxonomy = taxonomies.get(str(term.get("taxonomy_id")))
        if taxonomy and not term.get("taxonomy"):
            term["taxonomy"] = taxonomy.get("name")
    for row in tables.get("attribute", ()):
        key = str(row.get("taxonomy_term_id") or row.get("taxonomy_id") or "")
        found = terms.get(key) or taxonomies.get(key)
        if found:
            row["taxonomy_term"] = found
    for entity, places in PARTS.items():
        for row in tables.get(entity, ()):
            _hang(row, places, owners)
    located: defaultdict[str, list[Row]] = defaultdict(list)
    for row in tables.get("service_at_location", ()):
        place = owners.get("location", {}).get(str(row.get("location_id")))
        located[str(row.get("service_id"))].append({**row, "location": place} if place else row)
    for service in tables.get("service", ()):
        organization = owners.get("organization", {}).get(str(service.get("organization_id")))
        yield {
            **service,
            **({"organization": organization} if organization else {}),
            **({"service_at_locations": located[str(service.get("id"))]} if str(service.get("id")) in located else {}),
        }


def entity_name(name: str) -> str:
    """Return the entity that a file or a list is of, by its name."""
    plain = PurePosixPath(name).stem.lower().replace("-", "_").strip()
    return NAMES.get(plain, plain)


def _hang(row: Row, places: tuple[tuple[str, str, str], ...], owners: dict[str, dict[str, Row]]) -> None:
    for column, owner, field in places:
        found = owners.get(owner, {}).get(str(row.get(column) or ""))
        if found is not None:
            found.setdefault(field, [])
            if isinstance(found[field], list):
                found[field].append(row)
            return


def _load(path: Path) -> Tables:
    tables: Tables = {}
    for name, size, read in _files(path):
        if size > MOST_BYTES:
            raise UserInputError("too_large", detail=f"{path}: {name}")
        try:
            text = read().decode("utf-8-sig")
            rows = [{key: value for key, value in row.items() if key} for row in csv.DictReader(io.StringIO(text))]
        except (UnicodeDecodeError, csv.Error) as error:
            raise UserInputError("bad_request", detail=f"{path}: {name}: {error}") from None
        tables.setdefault(entity_name(name), []).extend(rows)
    return tables


def _files(path: Path) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    """Yield name, size when all before it are added, and how to read each CSV file."""
    total = 0
    if path.is_dir():
        for file in sorted(path.rglob("*.csv")):
            total += file.stat().st_size
            yield file.name, total, file.read_bytes
        return
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename.lower().endswith(".csv") and not member.is_dir():
                total += member.file_size
                yield member.filename, total, lambda member=member: archive.read(member)  # type: ignore[misc]
