"""The directory as the dialogue asks it: which places help with this, for this person, now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from bot.core.database import Database
from bot.directory.hours import service_state
from bot.directory.query import Query
from bot.directory.search import Found, search
from bot.directory.store import Store

SHOWN = 3  # places beside an answer
LISTED = 5  # places of a list
NEARER_METRES = 3_000.0


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
        self.store = store

    async def find(self, wanted: Wanted) -> Found:
        """Return the places of a page, best first.

        Raises:
            SourceUnavailable: the database did not answer.
        """
        return await self._database.run(lambda connection: self._find(connection, wanted))

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
        found = search(connection, self.store, query, open_state=service_state)
        kept = [
            result
            for result in found.results
            if (not wanted.is_open or result.open_state.kind == "open")
            and (not wanted.is_spoken or any(reason.id == "language" for reason in result.why))
        ]
        return Found(tuple(kept[first : first + wanted.limit]), found.removed)
