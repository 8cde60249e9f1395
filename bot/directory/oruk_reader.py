"""Services of an Open Referral UK feed, v3 or v1, as models: tolerant of what feeds send, strict about what it keeps.

A service without an id or a name is refused and reported; everything else is mended or left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.directory.models import (
    Attribute,
    CostOption,
    Funding,
    Language,
    Organization,
    OrganizationIdentifier,
    Service,
    ServiceArea,
    Status,
    TaxonomyTerm,
)
from bot.directory.node import Node
from bot.directory.oruk_places import read_contacts, read_located, read_phones, read_schedules
from bot.directory.oruk_v1 import as_v3, is_v1
from bot.directory.oruk_writer import is_uuid, new_id
from bot.directory.report import Report

STATUSES: dict[str, Status] = {
    "active": "active", "": "active", "live": "active", "open": "active", "published": "active",
    "inactive": "inactive", "draft": "inactive", "archived": "inactive", "closed": "inactive", "expired": "inactive",
    "defunct": "defunct", "deleted": "defunct", "temporarily closed": "temporarily closed",
    "suspended": "temporarily closed", "paused": "temporarily closed",
}  # fmt: skip
OLDEST = 120


def read_services(documents: Iterable[Any], *, feed: str, report: Report) -> Iterator[Service]:
    """Yield a service for every document that can be one. `feed` is part of the ids made for those without a UUID."""
    for number, raw in enumerate(documents, start=1):
        if not isinstance(raw, dict):
            report.note("refused.service", f"#{number}", raw)
            continue
        service = read_service(raw, feed=feed, report=report)
        if service is not None:
            yield service


def read_service(raw: dict[str, Any], *, feed: str, report: Report) -> Service | None:
    """Return a service, or None when it has no id or no name."""
    if isinstance(raw.get("service"), dict):  # some lists wrap each service
        raw = raw["service"]
    where = str(raw.get("id") or raw.get("name") or "?")[:60]
    if is_v1(raw):
        raw = as_v3(raw)
    node = Node(raw, report, feed, where)
    name = node.line("name")
    if node.first("id") is None or not name:
        node.note("refused.service", "id" if name else "name")
        return None
    service_id = node.id("service")
    organization = _organization(node, name)
    minimum, maximum = _ages(node)
    return Service(
        id=service_id,
        name=name,
        status=_status(node),
        organization=organization,
        description=node.text("description"),
        alternate_name=node.line("alternate_name"),
        url=node.link("url"),
        email=node.email("email"),
        fees=node.text("fees", "fees_description"),
        accreditations=node.text("accreditations"),
        application_process=node.text("application_process"),
        eligibility_description=node.text("eligibility_description"),
        interpretation_services=node.text("interpretation_services"),
        minimum_age=minimum,
        maximum_age=maximum,
        assured_date=node.date("assured_date"),
        assurer_email=node.email("assurer_email"),
        alert=node.text("alert"),
        last_modified=node.moment("last_modified"),
        schedules=read_schedules(node),
        service_areas=tuple(_area(item, at) for at, item in node.children("service_areas")),
        service_at_locations=read_located(node),
        languages=_languages(node),
        funding=tuple(Funding(item.id("funding", at=at), item.line("source")) for at, item in node.children("funding")),
        cost_options=tuple(_cost(item, at) for at, item in node.children("cost_options")),
        contacts=read_contacts(node),
        phones=read_phones(node),
        attributes=tuple(filter(None, (_attribute(item, at) for at, item in node.children("attributes")))),
    )


def _status(node: Node) -> Status:
    said = node.line("status")
    plain = said.lower().replace("_", " ").replace("-", " ")
    status = STATUSES.get(plain, "inactive")
    if said != status:
        node.note("mended.status", "status", said or "missing")
    return status


def _ages(node: Node) -> tuple[float | None, float | None]:
    minimum, maximum = node.number("minimum_age"), node.number("maximum_age")
    minimum = None if minimum is not None and not 0 < minimum <= OLDEST else minimum
    maximum = None if maximum is not None and not 0 < maximum <= OLDEST else maximum
    if minimum is not None and maximum is not None and minimum > maximum:
        node.note("mended.ages", "minimum_age", f"{minimum} > {maximum}")
        minimum, maximum = maximum, minimum
    return minimum, maximum


def _organization(node: Node, service_name: str) -> Organization:
    item = node.child("organization", "organisation")
    if item is None:
        node.note("mended.organization", "organization", "missing")
        given = node.first("organization_id")
        known = str(given or "")
        own_id = known.lower() if is_uuid(known) else new_id(node.feed, "organization", known or node.where)
        return Organization(own_id, service_name, service_name)
    name = item.line("name") or service_name
    return Organization(
        id=item.id("organization"),
        name=name,
        description=item.text("description") or name,
        email=item.email("email"),
        website=item.link("website", "url"),
        logo=item.link("logo"),
        uri=item.link("uri"),
        parent_organization_id=_reference(item, "parent_organization_id", "organization"),
        organization_identifiers=tuple(
            OrganizationIdentifier(
                part.id("organization_identifier", at=at),
                part.line("identifier_type") or part.line("identifier_scheme"),
                part.line("identifier"),
                part.line("identifier_scheme"),
            )
            for at, part in item.children("organization_identifiers")
            if part.line("identifier")
        ),
        phones=read_phones(item),
        contacts=read_contacts(item),
    )


def _area(item: Node, at: int) -> ServiceArea:
    return ServiceArea(
        id=item.id("service_area", at=at),
        name=item.line("name", "service_area"),
        extent=item.text("extent"),
        extent_type=item.line("extent_type"),
        uri=item.link("uri"),
    )


def _languages(node: Node) -> tuple[Language, ...]:
    found = node.first("languages")
    if isinstance(found, str | list) and not any(isinstance(item, dict) for item in found):
        names = found.replace(";", ",").split(",") if isinstance(found, str) else [str(item) for item in found]
        node.note("mended.languages", "languages", found)
        return tuple(
            Language(new_id(node.where, "language", name.strip()), name.strip()) for name in names if name.strip()
        )
    return tuple(
        Language(item.id("language", at=at), item.line("name"), item.line("code", "language"), item.text("note"))
        for at, item in node.children("languages")
    )


def _cost(item: Node, at: int) -> CostOption:
    return CostOption(
        id=item.id("cost_option", at=at),
        option=item.line("option"),
        amount=item.number("amount"),
        amount_description=item.text("amount_description"),
        currency=item.line("currency"),
        valid_from=item.date("valid_from"),
        valid_to=item.date("valid_to"),
    )


def _attribute(item: Node, at: int) -> Attribute | None:
    term = item.child("taxonomy_term")
    if term is None or not (term.line("name", "term") or term.line("code")):
        item.note("refused.attribute", "taxonomy_term")
        return None
    name = term.line("name", "term") or term.line("code")
    taxonomy = term.raw.get("taxonomy")
    detail = term.child("taxonomy_detail") or (term.child("taxonomy") if isinstance(taxonomy, dict) else None)
    taxonomy_name = detail.line("name") if detail else term.line("taxonomy")
    taxonomy_id = _reference(term, "taxonomy_id", "taxonomy") or (detail.id("taxonomy") if detail else "")
    return Attribute(
        id=item.id("attribute", at=at),
        link_type=item.line("link_type"),
        value=item.text("value"),
        taxonomy_term=TaxonomyTerm(
            id=term.id("taxonomy_term") if term.first("id") else new_id(term.feed, taxonomy_name, name),
            name=name,
            description=term.text("description") or name,
            code=term.line("code"),
            parent_id=_reference(term, "parent_id", "taxonomy_term"),
            taxonomy=taxonomy_name,
            taxonomy_id=taxonomy_id or (new_id(term.feed, "taxonomy", taxonomy_name) if taxonomy_name else ""),
            term_uri=term.link("term_uri", "uri"),
        ),
    )


def _reference(node: Node, name: str, kind: str) -> str:
    """Return the id that another entity has, made in the same way as that entity's."""
    return node.id(kind, name) if node.first(name) is not None else ""
