"""What must be looked at again: past its review or near it, by kind, what is used most first.

Answers and rules say themselves until when they hold. Services, council facts and waste schemes say when they were
checked; they are looked at again after `SHELF_DAYS`. A rule or a waste row that begins or ends soon stands here too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.answers.load import load_answers
from bot.directory.seed import FEED, load_services
from bot.directory.tables import services
from bot.eligibility.load import load_rules
from bot.places.authorities import get_authority
from bot.places.facts import load_council_facts
from bot.waste.rules import load_defaults, load_schemes, load_sources

SHELF_DAYS = 183  # after half a year the directory marks an entry as not checked lately
NEAR_DAYS = 30
USE_DAYS = 90
BANDS = (10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)  # what is told of how often something is used
MOST_IMPORTED = 200
Kind = Literal["answer", "service", "imported", "council", "rule", "waste"]
KINDS: tuple[Kind, ...] = ("answer", "service", "imported", "council", "rule", "waste")
Reason = Literal["review", "begins", "ends"]


@dataclass(frozen=True)
class Stale:
    """One thing to look at. `part`: of a council's facts; `use`: as `use_band` tells it."""

    kind: Kind
    id: str
    name: str
    checked: dt.date | None  # None: nobody ever vouched for it
    due: dt.date | None
    use: int
    part: str = ""
    reason: Reason = "review"

    def is_past(self, today: dt.date) -> bool:
        """Whether its day has come."""
        return self.due is None or self.due < today


@dataclass(frozen=True)
class Use:
    """How many questions came lately by topic and by council (GSS code)."""

    topics: Mapping[str, int]
    areas: Mapping[str, int]


def use_band(number: int) -> int:
    """Return the largest step that a number reaches, so that no small or exact one is told; 0 under the first.

    >>> use_band(9), use_band(10), use_band(99)
    (0, 10, 50)
    """
    return max((band for band in BANDS if band <= number), default=0)


def find_stale(today: dt.date, use: Use) -> list[Stale]:
    """Return what is past its review or will be within `NEAR_DAYS`: what is used most first, then the oldest."""
    return sort_stale(item for item in _everything(use) if _is_due(item, today))


def find_imported(connection: Connection, today: dt.date, use: Use) -> list[Stale]:
    """Return services of other feeds for which nobody has vouched for half a year, at most `MOST_IMPORTED`."""
    columns = services.c
    edge = (today + dt.timedelta(days=NEAR_DAYS - SHELF_DAYS)).isoformat()
    statement = (
        select(columns.id, columns.name, columns.assured_date, columns.topics)
        .where(columns.feed != FEED, columns.assured_date <= edge)
        .order_by(columns.assured_date, columns.id)
        .limit(MOST_IMPORTED)
    )
    return [
        _shelved("imported", row.id, row.name, _date(row.assured_date), _use_of(use.topics, row.topics.split()))
        for row in connection.execute(statement)
    ]


def sort_stale(items: Iterator[Stale] | list[Stale]) -> list[Stale]:
    """Return what is used most first, then what is due the longest."""
    return sorted(items, key=lambda item: (-item.use, item.due or dt.date.min, item.kind, item.id, item.part))


def _everything(use: Use) -> Iterator[Stale]:
    for answer in load_answers().values():
        used = use_band(use.topics.get(answer.topic, 0))
        yield Stale("answer", answer.topic, answer.title, answer.checked, answer.review_by, used)
    named_by: dict[str, set[str]] = {}
    for answer in load_answers().values():
        for contact in answer.contacts:
            named_by.setdefault(contact, set()).add(answer.topic)
    for service in load_services().values():
        used = _use_of(use.topics, named_by.get(service.id, set()))
        yield _shelved("service", service.id, service.name, _date(service.checked), used)
    for code, facts in load_council_facts().items():
        used = use_band(use.areas.get(code, 0))
        for fact in facts.values():
            yield _shelved("council", code, get_authority(code).name, fact.checked, used, fact.kind)
    yield from _rules(use)
    yield from _waste(use)


def _rules(use: Use) -> Iterator[Stale]:
    book = load_rules()
    asking = [answer.topic for answer in load_answers().values() if "status" in answer.needs]
    used = _use_of(use.topics, asking)
    yield Stale("rule", "england", "england", book.checked, book.review_by, used)
    for rule in book.rules:
        if rule.valid_from:
            yield Stale("rule", rule.id, rule.id, book.checked, rule.valid_from, used, reason="begins")
        if rule.valid_to:
            yield Stale("rule", rule.id, rule.id, book.checked, rule.valid_to, used, reason="ends")


def _waste(use: Use) -> Iterator[Stale]:
    for code, scheme in load_schemes().items():
        yield _shelved("waste", code, get_authority(code).name, scheme.source.checked, use_band(use.areas.get(code, 0)))
    asking = [answer.topic for answer in load_answers().values() if "item" in answer.needs]
    used = _use_of(use.topics, asking)
    oldest = min(source.checked for source in load_sources().values())
    yield _shelved("waste", "england", "england", oldest, used)
    for material, places in load_defaults().items():
        for place in places:
            if place.since > dt.date.min:
                yield Stale("waste", material, material, oldest, place.since, used, reason="begins")


def _shelved(kind: Kind, item: str, name: str, checked: dt.date | None, used: int, part: str = "") -> Stale:
    due = checked + dt.timedelta(days=SHELF_DAYS) if checked else None
    return Stale(kind, item, name, checked, due, used, part)


def _is_due(item: Stale, today: dt.date) -> bool:
    if item.due is None:
        return True
    if item.reason == "begins" and item.due < today:  # long since law
        return False
    return item.due <= today + dt.timedelta(days=NEAR_DAYS)


def _use_of(use: Mapping[str, int], topics: set[str] | list[str]) -> int:
    return use_band(sum(use.get(topic, 0) for topic in topics))


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
