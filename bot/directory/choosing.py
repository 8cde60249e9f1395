"""Choosing the best of many candidates while working out as few opening hours as can be."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from bot.directory import ranking
from bot.directory.query import Query
from bot.directory.ranking import Place, State, Unknown, Weights
from bot.directory.store import Candidate

MOST_JUDGED = 60  # services whose hours one search works out
BATCH = 6  # of them, fetched together


@dataclass
class Ranked:
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


def rank(
    candidate: Candidate,
    place: Place,
    query: Query,
    siblings: Sequence[str],
    reach: float,
    today: dt.date,
    weights: Weights,
) -> Ranked:
    """Return a candidate with the score it has without its opening hours."""
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
    return Ranked(candidate, place, base, is_statutory)


def choose(
    ranked: list[Ranked], limit: int, weights: Weights, judge: Callable[[list[Ranked]], None] | None
) -> list[Ranked]:
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
        self._taken: list[Ranked] = []
        self._held: list[Ranked] = []
        self._seen: Counter[str] = Counter()
        self._twins: set[str] = set()

    @property
    def is_full(self) -> bool:
        """Whether nothing that comes later can matter."""
        return len(self._taken) == self._limit

    @property
    def chosen(self) -> list[Ranked]:
        """What was taken, and what was held back where there is room for it."""
        return [*self._taken, *self._held][: self._limit]

    def offer(self, item: Ranked) -> None:
        """Take the next best, hold it back, or leave it as the twin of one that is there."""
        if item.candidate.twin in self._twins:
            return
        self._twins.add(item.candidate.twin)
        key = item.candidate.organization_key
        self._seen[key] += 1
        (self._taken if self._seen[key] <= self._per_organization else self._held).append(item)
