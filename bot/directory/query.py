"""What a person needs of the directory, and what excludes a service. Nothing that is unknown excludes one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bot.directory.store import Candidate


@dataclass(frozen=True)
class Query:
    """What a person needs. `near`: latitude, longitude; `areas`: GSS codes of the council, wider ones are added."""

    text: str = ""
    topic: str | None = None
    near: tuple[float, float] | None = None
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    open_at: dt.datetime | None = None  # None: now
    free_only: bool = False
    age: float | None = None
    limit: int = 5
    radius_metres: float | None = None  # None: by topic


def is_removed(candidate: Candidate, query: Query) -> bool:
    """Whether one of the filters takes a candidate away."""
    return any(excludes(candidate, query) for excludes in FILTERS.values())


def _closed_without_alert(candidate: Candidate, _query: Query) -> bool:
    return candidate.status == "temporarily closed" and not candidate.alert


def _wrong_age(candidate: Candidate, query: Query) -> bool:
    if query.age is None:
        return False
    too_young = candidate.minimum_age is not None and query.age < candidate.minimum_age
    return too_young or (candidate.maximum_age is not None and query.age > candidate.maximum_age)


def _costs_money(candidate: Candidate, query: Query) -> bool:
    return query.free_only and candidate.free is not None and not candidate.free


FILTERS: dict[str, Callable[[Candidate, Query], bool]] = {
    "status": _closed_without_alert,
    "age": _wrong_age,
    "cost": _costs_money,
}
