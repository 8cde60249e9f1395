"""Finding services for a person: filter, then rank, and say why each is there.

Nothing that is unknown excludes a service. For no results the answer says which filter removed how many.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from bot.core import clock
from bot.directory import ranking
from bot.directory.areas import widen
from bot.directory.choosing import Ranked, choose, rank
from bot.directory.models import Service
from bot.directory.query import FILTERS, Query, is_removed
from bot.directory.ranking import OpenState, State, Weights
from bot.directory.reasons import Reason, reasons_of
from bot.directory.store import Looking, Store
from bot.directory.topicmap import load_topic_map
from bot.directory.words import question_pieces, question_words


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
        if place is not None and not is_removed(candidate, query):
            ranked.append(rank(candidate, place, query, siblings, reach, today, weights))
    if not ranked:
        return Found((), _explain(connection, store, query, looking))

    def judge(items: list[Ranked]) -> None:
        services = store.many(connection, [item.candidate.id for item in items])
        for item in items:
            service = services.get(item.candidate.id)
            if service is not None and open_state is not None:
                item.judge(open_state(service, moment), moment, weights)

    chosen = choose(ranked, query.limit, weights, judge if open_state else None)
    documents = store.many(connection, [item.candidate.id for item in chosen])
    results = [
        Result(
            service=documents[item.candidate.id],
            score=round(item.score, 6),
            distance_metres=item.place.metres,
            open_state=item.state,
            why=reasons_of(item, query, siblings, weights),
            checked=item.candidate.assured_date,
        )
        for item in chosen
        if item.candidate.id in documents
    ]
    return Found(tuple(results), {})


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
