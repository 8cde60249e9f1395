"""Where services are kept: one protocol, two databases behind it.

Every method works on a connection that the caller opened (`Database.run`, `Database.run_now`), so that a unit of work
is one transaction. Writing in batches keeps transactions short; an import killed between two of them loses nothing and
is finished by running it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from sqlalchemy.engine import Connection

from bot.core.database import Database
from bot.directory.models import Service

MOST_CANDIDATES = 400  # that one search ranks


class Candidate(NamedTuple):
    """What ranking needs to know of a service. Texts of several values are separated by spaces."""

    id: str
    name: str
    organization_id: str
    organization: str
    status: str
    minimum_age: float | None
    maximum_age: float | None
    assured_date: str
    last_modified: str
    twin: str
    topics: str
    statutory: str
    languages: str
    areas: str
    places: str  # latitude,longitude …
    national: bool
    remote: bool
    interpreter: bool
    free: bool | None
    alert: bool
    timed: bool
    text_score: float  # 0 … 1; 0: the words do not occur

    @property
    def organization_key(self) -> str:
        """The organisation, the same in every feed."""
        return self.organization.casefold().strip() or self.organization_id


@dataclass(frozen=True)
class Looking:
    """What a search looks for: `words` of English, `pieces` of other scripts, `topics`; then the place and the person.

    Words must all occur, or one of them in a name; `is_broad`: one anywhere is enough. The store makes a search that
    finds too few broad. Without words, pieces and topics every service is relevant. Without `near` and `areas` no
    place is too far.
    """

    words: tuple[str, ...] = ()
    pieces: tuple[tuple[str, ...], ...] = ()
    topics: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    radius_metres: float = 0.0
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    age: float | None = None
    free_only: bool = False
    is_broad: bool = False
    limit: int = MOST_CANDIDATES

    @property
    def is_anywhere(self) -> bool:
        """Whether no place is asked for."""
        return self.near is None and not self.areas

    @property
    def is_everything(self) -> bool:
        """Whether nothing is asked for but a place."""
        return not (self.words or self.pieces or self.topics)


@dataclass(frozen=True)
class Filters:
    """Filters of the read API, cumulative. Times `HH:MM`; `near` with `radius_metres`; ages in years."""

    text: str = ""
    feed: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    organization_id: str = ""
    modified_after: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: str = ""
    start_time: str = ""
    end_time: str = ""
    language: str = ""
    areas: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    radius_metres: float = 0.0
    postcode: str = ""
    parent_id: str = ""
    top_only: bool = False


@dataclass(frozen=True)
class Page:
    """A page of a list: documents as Open Referral UK has them, and how many there are in all."""

    contents: list[dict[str, Any]]
    total: int


@dataclass
class Written:
    """What a batch did. `ids`: the feed's ids in it."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ids: set[str] = field(default_factory=set)

    def add(self, other: Written) -> None:
        """Add the figures of another batch."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.ids |= other.ids


class Store(Protocol):
    """The directory in a database."""

    database: Database

    def put(self, connection: Connection, feed: str, services: Iterable[Service], *, area: str = "") -> Written:
        """Add or change services of a feed; one whose content is the same is not written.

        `area`: GSS code of the feed's council, for services that name no place. An id that another feed has already
        becomes one made of feed and id.
        """

    def finish(self, connection: Connection, feed: str, seen_ids: Collection[str]) -> int:
        """Mark what a full pass no longer lists as missing; return how many are newly so. Nothing seen: no change."""

    def settle(self, connection: Connection) -> None:
        """Let the database look at what it holds, after many writes: it plans its searches by that."""

    def get(self, connection: Connection, service_id: str) -> Service:
        """Return a service.

        Raises:
            NotFound: there is none, or its feed no longer lists it.
        """

    def many(self, connection: Connection, ids: Collection[str]) -> dict[str, Service]:
        """Return the services that there are, by id."""

    def page(self, connection: Connection, filters: Filters, page: int, per_page: int) -> Page:
        """Return a page of services, by name."""

    def entities(self, connection: Connection, kind: str, filters: Filters, page: int, per_page: int) -> Page:
        """Return a page of `organizations`, `service_at_locations`, `taxonomies` or `taxonomy_terms`, by id."""

    def entity(self, connection: Connection, kind: str, entity_id: str) -> dict[str, Any]:
        """Return one of them.

        Raises:
            NotFound: there is none.
        """

    def candidates(self, connection: Connection, looking: Looking) -> list[Candidate]:
        """Return what may fit, the most relevant first. The place is only cut to a box: the caller looks closer."""

    def count(self, connection: Connection, feed: str = "") -> int:
        """Return how many services are listed, of one feed or of all."""


def open_store(database: Database) -> Store:
    """Return the directory in a database; what only that kind of database has is made or mended."""
    if database.is_sqlite:
        from bot.directory.sqlite import SqliteStore

        return SqliteStore(database)
    from bot.directory.postgres import PostgresStore

    return PostgresStore(database)
