"""The directory as people ask it: which places help with this, for this person, now; and what is known of one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from bot.core import clock
from bot.core.database import Database
from bot.directory.hours import service_state
from bot.directory.query import Query
from bot.directory.ranking import Weights, is_stale
from bot.directory.reasons import Reason
from bot.directory.search import Found, Result, search
from bot.directory.store import Store

SHOWN = 3  # places beside an answer
LISTED = 5  # places of a list
NEARER_METRES = 3_000.0
LOOKED_THROUGH = 60  # results of a search in which one service is looked for


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `near`: latitude, longitude of the person's postcode district; `page` counts from 0."""

    topic: str | None = None
    text: str = ""
    area_code: str | None = None
    near: tuple[float, float] | None = None
    language: str = ""
    is_open: bool = False
    is_spoken: bool = False
    is_nearer: bool = False
    page: int = 0
    limit: int = LISTED


class Signposts:
    """Search over the directory of a database. `store`: its services."""

    def __init__(self, database: Database, store: Store) -> None:
        self._database = database
        self._store = store

    async def find(self, wanted: Wanted) -> Found:
        """Return the places of a page, best first.

        Raises:
            SourceUnavailable: the database did not answer.
        """
        return await self._database.run(lambda connection: self._find(connection, wanted))

    async def get(self, service_id: str, wanted: Wanted | None = None) -> Result:
        """Return one service as it stands now; with `wanted` also why a search for that shows it, when it does.

        Raises:
            NotFound: there is none, or its feed no longer lists it.
            SourceUnavailable: the database did not answer.
        """
        return await self._database.run(lambda connection: self._get(connection, service_id, wanted))

    def _get(self, connection: Connection, service_id: str, wanted: Wanted | None) -> Result:
        service = self._store.get(connection, service_id)
        if wanted:
            found = self._find(connection, replace(wanted, page=0, limit=LOOKED_THROUGH))
            shown = next((result for result in found.results if result.service.id == service.id), None)
            if shown:
                return shown
        why = (Reason("stale"),) if is_stale(service.assured_date, clock.today(), Weights()) else ()
        return Result(service, 0.0, None, service_state(service, clock.now()), why, service.assured_date)

    def _find(self, connection: Connection, wanted: Wanted) -> Found:
        first = wanted.page * wanted.limit
        query = Query(
            text=wanted.text,
            topic=wanted.topic,
            near=wanted.near,
            areas=(wanted.area_code,) if wanted.area_code else (),
            languages=(wanted.language,) if wanted.language else (),
            limit=(first + wanted.limit) * (4 if wanted.is_open or wanted.is_spoken else 1),
            radius_metres=NEARER_METRES if wanted.is_nearer else None,
        )
        found = search(connection, self._store, query, open_state=service_state)
        kept = [
            result
            for result in found.results
            if (not wanted.is_open or result.open_state.kind == "open")
            and (not wanted.is_spoken or any(reason.id == "language" for reason in result.why))
        ]
        return Found(tuple(kept[first : first + wanted.limit]), found.removed)
