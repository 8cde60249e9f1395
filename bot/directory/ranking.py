"""How services are ordered: five shares of a score between 0 and 1, and what each is worth.

Settings of an operator are the fields of `Weights`; nothing here knows a database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp
from typing import Literal, Protocol

from bot.directory.distance import metres_between
from bot.directory.models import Service
from bot.directory.store import Candidate

EVERYWHERE = 99
StateKind = Literal["open", "later_today", "opens", "closed", "check_first", "unknown"]
PlaceKind = Literal["near", "area", "national", "remote", "unknown", "anywhere"]


class State(Protocol):
    """Whether a service is open: `until` when it closes, `opens_at` when it opens next."""

    @property
    def kind(self) -> StateKind: ...

    @property
    def until(self) -> dt.datetime | None: ...

    @property
    def opens_at(self) -> dt.datetime | None: ...


class OpenState(Protocol):
    """Says whether a service is open at a moment: `bot.directory.hours.open_state`."""

    def __call__(self, service: Service, moment: dt.datetime, /) -> State: ...


@dataclass(frozen=True)
class Unknown:
    """The state of a service that states no hours."""

    kind: StateKind = "unknown"
    until: dt.datetime | None = None
    opens_at: dt.datetime | None = None


@dataclass(frozen=True)
class Weights:
    """What counts how much. Shares are of 1; distances in metres; times in months."""

    topic: float = 0.40
    near: float = 0.25
    language: float = 0.15
    open: float = 0.10
    fresh: float = 0.10

    same_topic: float = 1.0
    related_topic: float = 0.7
    everywhere: float = 0.5  # near: for an area, by phone, online
    nowhere: float = 0.2  # near: no place stated that could be compared
    spoken: float = 1.0
    interpreted: float = 0.6
    language_unknown: float = 0.3
    open_now: float = 1.0
    open_later_today: float = 0.8
    open_unknown: float = 0.5
    open_in_two_days: float = 0.4
    open_later: float = 0.2
    fresh_months: float = 6.0
    stale_months: float = 24.0
    modified: float = 0.5  # how much a change counts beside a check

    reach: float = 5_000.0  # metres after which `near` falls to 1/e
    reach_of: dict[str, float] = field(
        default_factory=lambda: {
            **dict.fromkeys(
                ("esol_find", "esol_level", "esol_cost", "esol_conversation", "esol_citizenship", "community_groups",
                 "volunteering", "food_help", "gp_register", "school_place"), 2_000.0
            ),
            **dict.fromkeys(
                ("find_adviser", "immigration_advice", "eviction_notice", "illegal_eviction", "nrpf_lift"), 10_000.0
            ),
        }
    )  # fmt: skip
    radius_reaches: float = 3.0  # the radius of a search, in reaches
    statutory_topics: frozenset[str] = frozenset({"homeless_tonight"})  # the council's duty goes above any score
    per_organization: int = 2  # in the results

    def reach_metres(self, topic: str | None) -> float:
        """Return how far people go for a topic."""
        return self.reach_of.get(topic or "", self.reach)


@dataclass(frozen=True)
class Place:
    """Why a service is within reach: `metres` to its nearest location, or the `code` of the area it is for.

    `breadth`: 0 for the person's own council, more for county, nation, everywhere.
    """

    kind: PlaceKind
    metres: float | None = None
    code: str = ""
    breadth: int = EVERYWHERE


def place_of(
    candidate: Candidate, near: tuple[float, float] | None, areas: Sequence[str], radius_metres: float
) -> Place | None:
    """Return why a service is within reach, or None when it is not. What is unknown excludes nothing."""
    points = candidate.places.split()
    metres = min((metres_between(near, _point(point)) for point in points), default=None) if near else None
    own = candidate.areas.split()
    if near is None and not areas:
        return Place("anywhere")
    if metres is not None and metres <= radius_metres:
        return Place("near", metres, next((code for code in areas if code in own), ""))
    for breadth, code in enumerate(areas):
        if code in own:
            return Place("area", metres, code, breadth)
    if candidate.national:
        return Place("national", metres)
    if candidate.remote and not own:
        return Place("remote", metres)
    undecided = (not own and not points) or (not own and near is None) or (own and not points and not areas)
    return Place("unknown", metres) if undecided else None


def near_share(place: Place, reach_metres: float, weights: Weights) -> float:
    """Return how near, 0 … 1; being for the person's area counts like living within reach."""
    wide = {"near": weights.everywhere if place.code else 0.0, "unknown": weights.nowhere}.get(
        place.kind, weights.everywhere
    )
    return max(wide, exp(-place.metres / reach_metres) if place.metres is not None and place.kind == "near" else 0.0)


def topic_share(candidate: Candidate, topic: str | None, siblings: Sequence[str], weights: Weights) -> float:
    """Return how well it fits what is asked for, 0 … 1."""
    own = candidate.topics.split()
    if topic and topic in own:
        return weights.same_topic
    related = weights.related_topic if any(name in own for name in siblings) else 0.0
    return max(related, candidate.text_score)


def language_share(candidate: Candidate, languages: Sequence[str], weights: Weights) -> float:
    """Return whether one of the languages is spoken there, 0 … 1."""
    if any(code in languages for code in candidate.languages.split()):
        return weights.spoken
    return weights.interpreted if candidate.interpreter and languages else weights.language_unknown


def open_share(state: State, moment: dt.datetime, weights: Weights) -> float:
    """Return whether it is open, or how soon, 0 … 1."""
    if state.kind == "open":
        return weights.open_now
    if state.kind == "later_today":
        return weights.open_later_today
    if state.kind in ("check_first", "unknown"):
        return weights.open_unknown
    if state.opens_at is None:
        return weights.open_later
    opens_at = state.opens_at if state.opens_at.tzinfo else state.opens_at.replace(tzinfo=moment.tzinfo)
    soon = opens_at - moment <= dt.timedelta(days=2)
    return weights.open_in_two_days if soon else weights.open_later


def fresh_share(candidate: Candidate, today: dt.date, weights: Weights) -> float:
    """Return how recently it was checked, 0 … 1; a mere change counts half; a future date is no date."""
    checked = _freshness(candidate.assured_date, today, weights)
    return max(checked, weights.modified * _freshness(candidate.last_modified[:10], today, weights))


def is_stale(assured_date: str, today: dt.date, weights: Weights) -> bool:
    """Whether nobody vouched for it lately."""
    months = _months_since(assured_date, today)
    return months is None or months > weights.fresh_months


def _freshness(date: str, today: dt.date, weights: Weights) -> float:
    months = _months_since(date, today)
    if months is None:
        return 0.0
    return min(1.0, max(0.0, (weights.stale_months - months) / (weights.stale_months - weights.fresh_months)))


def _point(text: str) -> tuple[float, float]:
    latitude, _, longitude = text.partition(",")
    return float(latitude), float(longitude)


@lru_cache(4096)  # dates repeat
def _months_since(date: str, today: dt.date) -> float | None:
    try:
        days = (today - dt.date.fromisoformat(date[:10])).days
    except ValueError:
        return None
    return days / 30.44 if days >= 0 else None
