"""What both databases do alike. A subclass says how words are indexed and found, and how a box is cut out."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select, text, update
from sqlalchemy.engine import Connection

from bot.core.clock import today
from bot.core.database import Database, metadata
from bot.core.errors import NotFound
from bot.directory.candidate_sql import candidate_sql
from bot.directory.document import service_from_document
from bot.directory.entities import EntityPages
from bot.directory.models import Service
from bot.directory.oruk_writer import new_id
from bot.directory.store import Candidate, Filters, Looking, Page, Written
from bot.directory.tables import PARTS, Rows, Words, rows_of, service_documents, service_places, services

FEW = 25  # candidates below which a search is made broad
BATCH = 400  # rows of one statement: below every database's limit of parameters


class SqlStore(EntityPages, ABC):
    """A directory in tables."""

    def __init__(self, database: Database) -> None:
        self.database = database
        metadata.create_all(
            database.engine, tables=[services, service_documents, *PARTS]
        )  # the database may be older than this module
        database.run_alone(self._prepare)

    def put(self, connection: Connection, feed: str, services_: Iterable[Service], *, area: str = "") -> Written:
        """See `Store.put`."""
        written = Written()
        source = iter(services_)
        while batch := list(islice(source, BATCH)):
            written.add(self._put_batch(connection, feed, {service.id: service for service in batch}, area))
        return written

    def finish(self, connection: Connection, feed: str, seen_ids: Collection[str]) -> int:
        """See `Store.finish`."""
        if not seen_ids:
            return 0
        listed = select(services.c.number, services.c.feed_id).where(
            services.c.feed == feed, services.c.missing_since.is_(None)
        )
        seen = frozenset(seen_ids)
        gone = [row.number for row in connection.execute(listed) if row.feed_id not in seen]
        statement = (
            update(services).where(services.c.number == bindparam("gone")).values(missing_since=today().isoformat())
        )
        if gone:
            connection.execute(statement, [{"gone": number} for number in gone])
        return len(gone)

    def settle(self, connection: Connection) -> None:
        """See `Store.settle`."""

    def get(self, connection: Connection, service_id: str) -> Service:
        """See `Store.get`."""
        found = self.many(connection, [service_id.lower()])
        if not found:
            raise NotFound(f"no service {service_id!r}")
        return next(iter(found.values()))

    def many(self, connection: Connection, ids: Collection[str]) -> dict[str, Service]:
        """See `Store.many`."""
        found: dict[str, Service] = {}
        for part in _chunks(list(ids)):
            query = (
                select(services.c.id, service_documents.c.document)
                .join(service_documents)
                .where(services.c.id.in_(part), services.c.missing_since.is_(None))
            )
            for row in connection.execute(query):
                found[row.id] = service_from_document(json.loads(row.document))
        return found

    def page(self, connection: Connection, filters: Filters, page: int, per_page: int) -> Page:
        """See `Store.page`."""
        condition = and_(*self._conditions(filters))
        total = connection.execute(select(func.count()).select_from(services).where(condition)).scalar_one()
        query = (
            select(service_documents.c.document)
            .select_from(services.join(service_documents))
            .where(condition)
            .order_by(services.c.name, services.c.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
        return Page([json.loads(document) for (document,) in connection.execute(query)], int(total))

    def count(self, connection: Connection, feed: str = "") -> int:
        """See `Store.count`."""
        query = select(func.count()).select_from(services).where(and_(*self._conditions(Filters(feed=feed))))
        return int(connection.execute(query).scalar_one())

    def candidates(self, connection: Connection, looking: Looking) -> list[Candidate]:
        """See `Store.candidates`."""
        sql, values = candidate_sql(looking, self._words_sql, self._box_sql())
        found = [Candidate(*row) for row in connection.execute(text(sql), values)]
        if len(found) < FEW and len(looking.words) > 1 and not looking.is_broad:
            return self.candidates(connection, replace(looking, is_broad=True))
        return found

    @abstractmethod
    def _prepare(self, connection: Connection) -> None:
        """Make what only this database has; fill it anew where it does not match the services."""

    @abstractmethod
    def _index(self, connection: Connection, numbers: Sequence[int], words: Sequence[Words]) -> None:
        """Index texts, and places that were just written; what was indexed of these services before is replaced."""

    def _unindex_places(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Forget what a second index holds of the places of these services, which are about to be replaced."""

    @abstractmethod
    def _words_sql(self, looking: Looking, within: str) -> tuple[str, dict[str, Any]]:
        """Return a SELECT of number and text_score (0 … 1) and its values; numbers meet `within` (`IN (…)`) if any."""

    @abstractmethod
    def _box_sql(self) -> str:
        """Return a table of service, latitude, longitude of the places inside :south, :north, :west, :east."""

    def _put_batch(self, connection: Connection, feed: str, batch: dict[str, Service], area: str) -> Written:
        known = select(
            services.c.number, services.c.id, services.c.feed_id, services.c.digest, services.c.areas,
            services.c.missing_since,
        ).where(services.c.feed == feed, services.c.feed_id.in_(list(batch)))  # fmt: skip
        old = {row.feed_id: row for row in connection.execute(known)}
        taken = select(services.c.id).where(services.c.id.in_(list(batch)), services.c.feed != feed)
        foreign = {row.id for row in connection.execute(taken)}
        written = Written(ids=set(batch))
        new: list[dict[str, Any]] = []
        rows: dict[str, Rows] = {}
        for feed_id, service in batch.items():
            row = old.get(feed_id)
            own_id = row.id if row else new_id(feed, feed_id) if feed_id in foreign else feed_id
            made = rows_of(_with_id(service, own_id), area=area)
            if row is None:
                written.added += 1
                new.append({"id": own_id, "feed": feed, "feed_id": feed_id, **made.service})
            elif (row.digest, row.areas, row.missing_since) == (made.service["digest"], made.service["areas"], None):
                written.unchanged += 1
                continue
            else:
                written.changed += 1
                connection.execute(update(services).where(services.c.number == row.number).values(**made.service))
            rows[feed_id] = made
        if new:
            connection.execute(services.insert(), new)
        if rows:
            self._put_parts(connection, feed, rows, [old[feed_id].number for feed_id in rows if feed_id in old])
        return written

    def _put_parts(self, connection: Connection, feed: str, rows: dict[str, Rows], changed: list[int]) -> None:
        query = select(services.c.feed_id, services.c.number).where(
            services.c.feed == feed, services.c.feed_id.in_(list(rows))
        )
        numbers: dict[str, int] = {row.feed_id: row.number for row in connection.execute(query)}
        documents = [{"service": numbers[feed_id], "document": made.document} for feed_id, made in rows.items()]
        if changed:
            connection.execute(delete(service_documents).where(service_documents.c.service.in_(changed)))
        connection.execute(service_documents.insert(), documents)
        for table in PARTS:
            if changed:
                if table is service_places:
                    self._unindex_places(connection, changed)
                connection.execute(delete(table).where(table.c.service.in_(changed)))
            parts = [
                {"service": numbers[feed_id], **part}
                for feed_id, made in rows.items()
                for part in made.parts[table.name]
            ]
            if parts:
                connection.execute(table.insert(), parts)
        self._index(connection, [numbers[feed_id] for feed_id in rows], [made.words for made in rows.values()])


def _chunks(items: list[str]) -> Iterable[list[str]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))


def _with_id(service: Service, own_id: str) -> Service:
    return service if service.id == own_id else replace(service, id=own_id)
