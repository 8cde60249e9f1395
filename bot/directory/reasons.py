"""Why a service is among the results, as ids and values: words for people are made where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from bot.core import clock
from bot.directory import ranking
from bot.directory.choosing import Ranked
from bot.directory.query import Query
from bot.directory.ranking import Weights

ReasonId = Literal[
    "statutory", "topic", "related_topic", "words", "distance", "area", "national", "remote", "place_unknown",
    "language", "interpreter", "open", "later_today", "opens", "closed", "check_first", "hours_unknown", "checked",
    "stale", "free", "temporarily_closed",
]  # fmt: skip


class Reason(NamedTuple):
    """Why a result is there, e.g. `("distance", "850")`: metres, a topic, a GSS code, a language, a time or a date."""

    id: ReasonId
    value: str = ""


def reasons_of(item: Ranked, query: Query, siblings: Sequence[str], weights: Weights) -> tuple[Reason, ...]:
    """Return why a service is among the results, the strongest first."""
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
