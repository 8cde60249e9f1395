"""Pages of the read API: conditions on services, and the lists of what belongs to services."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.engine import Connection

from bot.core.errors import NotFound
from bot.directory.distance import box_of, metres_between
from bot.directory.store import Filters, Page
from bot.directory.tables import (
    service_areas,
    service_documents,
    service_hours,
    service_languages,
    service_places,
    service_terms,
    services,
)
from bot.directory.words import question_pieces, question_words

KINDS = ("organizations", "service_at_locations", "taxonomies", "taxonomy_terms")


class EntityPages:
    """Lists of organisations, services at locations, taxonomies and terms, out of the services' documents."""

    @abstractmethod
    def _matching(self, words: Sequence[str], pieces: Sequence[Sequence[str]]) -> Any:
        """Return a SELECT of the numbers of services in which any of the words or pieces occurs."""

    def entities(self, connection: Connection, kind: str, filters: Filters, page: int, per_page: int) -> Page:
        """See `Store.entities`."""
        conditions = self._conditions(filters)
        key, joined = _key_of(kind)
        if kind == "service_at_locations":
            conditions += self._place_conditions(connection, filters)
        elif kind in ("taxonomies", "taxonomy_terms"):
            conditions += _term_conditions(filters)
        source = services.join(joined) if joined is not None else services
        listed = select(key.label("key"), func.min(services.c.number).label("number")).select_from(source)
        listed = listed.where(and_(*conditions), key != "").group_by(key).subquery()
        total = connection.execute(select(func.count()).select_from(listed)).scalar_one()
        query = (
            select(listed.c.key, service_documents.c.document)
            .join(service_documents, service_documents.c.service == listed.c.number)
            .order_by(listed.c.key)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
        found = [_entity(kind, row.key, json.loads(row.document)) for row in connection.execute(query)]
        return Page(found, int(total))

    def entity(self, connection: Connection, kind: str, entity_id: str) -> dict[str, Any]:
        """See `Store.entity`."""
        key, joined = _key_of(kind)
        source = services.join(service_documents)
        source = source.join(joined, joined.c.service == services.c.number) if joined is not None else source
        query = select(service_documents.c.document).select_from(source)
        query = query.where(key == entity_id.lower(), services.c.missing_since.is_(None)).order_by(services.c.number)
        row = connection.execute(query.limit(1)).first()
        if row is None:
            raise NotFound(f"no {kind} {entity_id!r}")
        return _entity(kind, entity_id.lower(), json.loads(row.document))

    def _conditions(self, filters: Filters) -> list[Any]:
        """Return the conditions on `services` that the filters mean; what is not known excludes nobody by age."""
        conditions: list[Any] = [services.c.missing_since.is_(None)]
        if filters.text:
            words, pieces = question_words(filters.text), question_pieces(filters.text)
            conditions.append(services.c.number.in_(self._matching(words, pieces)))
        if filters.feed:
            conditions.append(services.c.feed == filters.feed)
        if filters.organization_id:
            conditions.append(services.c.organization_id == filters.organization_id.lower())
        if filters.modified_after:
            conditions.append(services.c.last_modified > filters.modified_after)
        if filters.minimum_age is not None:
            conditions.append(or_(services.c.maximum_age.is_(None), services.c.maximum_age >= filters.minimum_age))
        if filters.maximum_age is not None:
            conditions.append(or_(services.c.minimum_age.is_(None), services.c.minimum_age <= filters.maximum_age))
        if filters.taxonomy_term_id:
            conditions.append(_has(service_terms, service_terms.c.term_id == filters.taxonomy_term_id.lower()))
        if filters.taxonomy_id:
            conditions.append(_has(service_terms, service_terms.c.taxonomy_id == filters.taxonomy_id.lower()))
        if filters.language:
            conditions.append(_has(service_languages, service_languages.c.code == filters.language))
        if filters.areas:
            conditions.append(_has(service_areas, service_areas.c.code.in_(filters.areas)))
        hours = [
            *([service_hours.c.day == filters.day] if filters.day else []),
            *([service_hours.c.opens_at <= filters.start_time] if filters.start_time else []),
            *([service_hours.c.closes_at >= filters.end_time] if filters.end_time else []),
        ]
        if hours:
            conditions.append(_has(service_hours, *hours))
        return conditions

    def _place_conditions(self, connection: Connection, filters: Filters) -> list[Any]:
        """Return what cuts places to a circle, or to a postcode."""
        if filters.near is None:
            return [service_places.c.postcode == filters.postcode] if filters.postcode else []
        box = box_of(filters.near, filters.radius_metres)
        inside = select(service_places.c.number, service_places.c.latitude, service_places.c.longitude).where(
            service_places.c.latitude.between(box["south"], box["north"]),
            service_places.c.longitude.between(box["west"], box["east"]),
        )
        numbers = [
            row.number
            for row in connection.execute(inside)
            if metres_between(filters.near, (row.latitude, row.longitude)) <= filters.radius_metres
        ]
        return [service_places.c.number.in_(numbers)]


def _has(table: Any, *conditions: Any) -> Any:
    return exists().where(table.c.service == services.c.number, *conditions)


def _term_conditions(filters: Filters) -> list[Any]:
    parent = [service_terms.c.parent_id == filters.parent_id.lower()] if filters.parent_id else []
    taxonomy = [service_terms.c.taxonomy_id == filters.taxonomy_id.lower()] if filters.taxonomy_id else []
    return [*parent, *taxonomy, *([service_terms.c.parent_id == ""] if filters.top_only else [])]


def _key_of(kind: str) -> tuple[Any, Any]:
    return {
        "organizations": (services.c.organization_id, None),
        "service_at_locations": (service_places.c.id, service_places),
        "taxonomies": (service_terms.c.taxonomy_id, service_terms),
        "taxonomy_terms": (service_terms.c.term_id, service_terms),
    }[kind]


def _entity(kind: str, key: str, document: dict[str, Any]) -> dict[str, Any]:
    """Return the entity with this id out of a service's document."""
    if kind == "organizations":
        return dict(document["organization"])
    if kind == "service_at_locations":
        found = next(item for item in document["service_at_locations"] if item["id"] == key)
        return {**found, "service_id": document["id"]}
    terms = (attribute["taxonomy_term"] for attribute in document["attributes"])
    if kind == "taxonomy_terms":
        return dict(next(term for term in terms if term["id"] == key))
    name = next(term for term in terms if term.get("taxonomy_id") == key).get("taxonomy", key)
    return {"id": key, "name": name, "description": name}
