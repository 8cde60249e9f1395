"""Finding services for a person: filter, then rank, and say why each is there.

Nothing that is unknown excludes a service. For no results the answer says which filter removed how many.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush
from typing import Literal, NamedTuple

from sqlalchemy.engine import Connection

from bot.core import clock
from bot.directory import ranking
from bot.directory.areas import widen
from bot.directory.models import Service
from bot.directory.ranking import OpenState, Place, State, Unknown, Weights
from bot.directory.store import Candidate, Looking, Store
from bot.directory.topicmap import load_topic_map
from bot.directory.words import question_pieces, question_words

ReasonId = Literal[
    "statutory", "topic", "related_topic", "words", "distance", "area", "national", "remote", "place_unknown",
    "language", "interpreter", "open", "later_today", "opens", "closed", "check_first", "hours_unknown", "checked",
    "stale", "free", "temporarily_closed",
]  # fmt: skip
MOST_JUDGED = 60  # services whose hours one search works out
BATCH = 6  # of them, fetched together


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


class Reason(NamedTuple):
    """Why a result is there, e.g. `("distance", "850")`: metres, a topic, a GSS code, a language, a time or a date."""

    id: ReasonId
    value: str = ""


@dataclass(frozen=True)
class Result:
    """A service found. `checked`: the day somebody last vouched for it, ISO, or an empty string."""

    service: Service
    score: float
    distance_metres: float | None
    open_state: State
    why: tuple[Reason, ...]
    checked: str

    @property
    def is_stale(self) -> bool:
        """Whether nobody vouched for it in the last six months."""
        return any(reason.id == "stale" for reason in self.why)


@dataclass(frozen=True)
class Found:
    """The results; when there are none, `removed` says how many each filter took away.

    Its keys, in the order in which they were applied: `words`, `place`, `status`, `age`, `cost`.
    """

    results: tuple[Result, ...]
    removed: dict[str, int]


@dataclass
class _Ranked:
    """A candidate on its way. Until its hours are worked out, `score` is the best it can be."""

    candidate: Candidate
    place: Place
    base: float  # the score without opening hours
    is_statutory: bool
    score: float = 0.0
    state: State = field(default_factory=Unknown)
    is_judged: bool = False

    def judge(self, state: State, moment: dt.datetime, weights: Weights) -> None:
        """Take the state of its hours in."""
        self.state = state
        self.score = self.base + weights.open * ranking.open_share(state, moment, weights)
        self.is_judged = True

    def leave(self, weights: Weights) -> None:
        """Count its hours as unknown."""
        self.score = self.base + weights.open * weights.open_unknown
        self.is_judged = True

    def order(self) -> tuple[bool, float, float, int, str, str]:
        """Sort by score; then the nearer, the one for the smaller area, name and id, so that repeats agree."""
        metres = self.place.metres if self.place.metres is not None else float("inf")
        name = self.candidate.name.casefold()
        return not self.is_statutory, -round(self.score, 9), metres, self.place.breadth, name, self.candidate.id


def search(
    connection: Connection,
    store: Store,
    query: Query,
    *,
    open_state: OpenState | None = None,
    weights: Weights | None = None,
) -> Found:
    """Return services for a query, best first, at most `query.limit`."""
    weights = weights or Weights()
    moment = query.open_at or clock.now()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.timezone.utc)
    reach = weights.reach_metres(query.topic)
    areas = widen(query.areas)
    radius = query.radius_metres if query.radius_metres is not None else reach * weights.radius_reaches
    siblings = load_topic_map().siblings(query.topic) if query.topic else ()
    looking = Looking(
        words=tuple(question_words(query.text)),
        pieces=tuple(tuple(word) for word in question_pieces(query.text)),
        topics=(query.topic, *siblings) if query.topic else (),
        near=query.near,
        radius_metres=radius,
        areas=areas,
        languages=query.languages,
        age=query.age,
        free_only=query.free_only,
    )
    if query.text.strip() and looking.is_everything:  # only stop words: they name nothing
        return Found((), {"words": store.count(connection)})
    today = clock.today()
    ranked = []
    for candidate in store.candidates(connection, looking):
        place = ranking.place_of(candidate, query.near, areas, radius)
        if place is not None and not _is_removed(candidate, query):
            ranked.append(_rank(candidate, place, query, siblings, reach, today, weights))
    if not ranked:
        return Found((), _explain(connection, store, query, looking))

    def judge(items: list[_Ranked]) -> None:
        services = store.many(connection, [item.candidate.id for item in items])
        for item in items:
            service = services.get(item.candidate.id)
            if service is not None and open_state is not None:
                item.judge(open_state(service, moment), moment, weights)

    chosen = _choose(ranked, query.limit, weights, judge if open_state else None)
    documents = store.many(connection, [item.candidate.id for item in chosen])
    results = [
        Result(
            service=documents[item.candidate.id],
            score=round(item.score, 6),
            distance_metres=item.place.metres,
            open_state=item.state,
            why=_why(item, query, siblings, weights),
            checked=item.candidate.assured_date,
        )
        for item in chosen
        if item.candidate.id in documents
    ]
    return Found(tuple(results), {})


def _is_removed(candidate: Candidate, query: Query) -> bool:
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


def _rank(
    candidate: Candidate,
    place: Place,
    query: Query,
    siblings: Sequence[str],
    reach: float,
    today: dt.date,
    weights: Weights,
) -> _Ranked:
    fits = query.topic or query.text.strip()
    base = (
        weights.topic * (ranking.topic_share(candidate, query.topic, siblings, weights) if fits else 1.0)
        + weights.near * ranking.near_share(place, reach, weights)
        + weights.language * ranking.language_share(candidate, query.languages, weights)
        + weights.fresh * ranking.fresh_share(candidate, today, weights)
    )
    is_statutory = (
        query.topic in weights.statutory_topics
        and query.topic in candidate.statutory.split()
        and place.kind in ("area", "near", "anywhere")
        and (not query.areas or bool(place.code))
    )
    return _Ranked(candidate, place, base, is_statutory)


def _choose(
    ranked: list[_Ranked], limit: int, weights: Weights, judge: Callable[[list[_Ranked]], None] | None
) -> list[_Ranked]:
    """Return the best, in order: one of each twin; more of one organisation only where nothing else is left.

    Hours are costly to work out, so that is done only for what comes to the top with the best that they could add.
    """
    for item in ranked:
        item.score = item.base + weights.open * weights.open_now
        if judge is None or not item.candidate.timed:
            item.leave(weights)
    heap = [(item.order(), at) for at, item in enumerate(ranked)]
    heapify(heap)
    chooser = _Chooser(limit, weights.per_organization)
    judged = 0
    while heap and not chooser.is_full:
        item = ranked[heap[0][1]]
        if item.is_judged:
            heappop(heap)
            chooser.offer(item)
            continue
        batch = [heappop(heap)[1]]
        while heap and len(batch) < BATCH and not ranked[heap[0][1]].is_judged:
            batch.append(heappop(heap)[1])
        judged += len(batch)
        if judge is not None and judged <= MOST_JUDGED:
            judge([ranked[at] for at in batch])
        for at in batch:
            if not ranked[at].is_judged:
                ranked[at].leave(weights)
            heappush(heap, (ranked[at].order(), at))
    return chooser.chosen


class _Chooser:
    """Takes services best first."""

    def __init__(self, limit: int, per_organization: int) -> None:
        self._limit, self._per_organization = limit, per_organization
        self._taken: list[_Ranked] = []
        self._held: list[_Ranked] = []
        self._seen: Counter[str] = Counter()
        self._twins: set[str] = set()

    @property
    def is_full(self) -> bool:
        """Whether nothing that comes later can matter."""
        return len(self._taken) == self._limit

    @property
    def chosen(self) -> list[_Ranked]:
        """What was taken, and what was held back where there is room for it."""
        return [*self._taken, *self._held][: self._limit]

    def offer(self, item: _Ranked) -> None:
        """Take the next best, hold it back, or leave it as the twin of one that is there."""
        if item.candidate.twin in self._twins:
            return
        self._twins.add(item.candidate.twin)
        key = item.candidate.organization_key
        self._seen[key] += 1
        (self._taken if self._seen[key] <= self._per_organization else self._held).append(item)


def _why(item: _Ranked, query: Query, siblings: Sequence[str], weights: Weights) -> tuple[Reason, ...]:
    candidate, place, state = item.candidate, item.place, item.state
    own, spoken = candidate.topics.split(), candidate.languages.split()
    related = [name for name in siblings if name in own]
    reasons: list[Reason] = []
    if item.is_statutory:
        reasons.append(Reason("statutory", query.topic or ""))
    if query.topic and query.topic in own:
        reasons.append(Reason("topic", query.topic))
    elif related:
        reasons.append(Reason("related_topic", related[0]))
    if candidate.text_score > 0:
        reasons.append(Reason("words", query.text.strip()))
    if place.metres is not None and place.kind == "near":
        reasons.append(Reason("distance", str(round(place.metres))))
    if place.code:
        reasons.append(Reason("area", place.code))
    elif place.kind in ("national", "remote"):
        reasons.append(Reason("national" if place.kind == "national" else "remote"))
    elif place.kind == "unknown":
        reasons.append(Reason("place_unknown"))
    languages = [code for code in query.languages if code in spoken]
    if languages:
        reasons.append(Reason("language", " ".join(languages)))
    elif candidate.interpreter:
        reasons.append(Reason("interpreter"))
    if query.free_only and candidate.free:
        reasons.append(Reason("free"))
    if candidate.status == "temporarily closed":
        reasons.append(Reason("temporarily_closed"))
    moment = state.until if state.kind == "open" else state.opens_at
    kind: ReasonId = "hours_unknown" if state.kind == "unknown" else state.kind
    reasons.append(Reason(kind, moment.isoformat(timespec="minutes") if moment else ""))
    stale = ranking.is_stale(candidate.assured_date, clock.today(), weights)
    reasons.append(Reason("stale" if stale else "checked", candidate.assured_date))
    return tuple(reasons)


def _explain(connection: Connection, store: Store, query: Query, looking: Looking) -> dict[str, int]:
    """Return how many services each filter removed, one after another, the place included."""
    total = store.count(connection)
    unfiltered = replace(looking, near=None, areas=(), age=None, free_only=False, is_broad=True, limit=total + 1)
    everywhere = store.candidates(connection, unfiltered)
    removed = {"words": total - len(everywhere)} if not looking.is_everything else {}
    areas = looking.areas
    within = [
        item for item in everywhere if ranking.place_of(item, query.near, areas, looking.radius_metres) is not None
    ]
    removed["place"] = len(everywhere) - len(within)
    for name, excludes in FILTERS.items():
        kept = [item for item in within if not excludes(item, query)]
        removed[name] = len(within) - len(kept)
        within = kept
    return {name: number for name, number in removed.items() if number}
