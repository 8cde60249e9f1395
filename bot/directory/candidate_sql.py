"""The one statement of a search: what is relevant, what is within reach, the best first.

Only names of parameters and fixed texts are put together here; every value is bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.directory.distance import box_of
from bot.directory.store import Candidate, Looking

COLUMNS = ", ".join(f"s.{name}" for name in Candidate._fields if name != "text_score")
LISTED = "s.missing_since IS NULL AND s.status IN ('active', 'temporarily closed')"
AGED = "(s.minimum_age IS NULL OR s.minimum_age <= :age) AND (s.maximum_age IS NULL OR s.maximum_age >= :age)"
FREE = "s.free IS NOT FALSE"
TOPICAL = (
    "SELECT service AS number, CASE WHEN topic = :topic0 THEN 2 ELSE 1 END AS level, 0.0 AS text_score "
    "FROM service_topics WHERE topic IN ({topics})"
)
WORDED = "SELECT number, 0 AS level, text_score FROM words"
RELEVANT = (
    "relevant AS (SELECT number, MAX(level) AS level, MAX(text_score) AS text_score "
    "FROM ({union}) AS r GROUP BY number)"
)
NEARBY = (
    "nearby AS (SELECT p.service AS number, MIN((p.latitude - :lat) * (p.latitude - :lat) "
    "+ (p.longitude - :lon) * (p.longitude - :lon) * :squeeze) AS far {inside} GROUP BY p.service)"
)
FOR_AREA = "s.number IN (SELECT service FROM service_areas WHERE code IN ({areas}))"


def candidate_sql(
    looking: Looking, words: tuple[str, dict[str, Any]] | None, box_sql: str
) -> tuple[str, dict[str, Any]]:
    """Return the statement and its values.

    Args:
        words: a SELECT of number and text_score with its values, when words are looked for.
        box_sql: the FROM and WHERE of places `p` inside :south, :north, :west, :east.
    """
    values: dict[str, Any] = {"limit": looking.limit}
    tables: list[str] = []
    relevant: list[str] = []
    if words:
        tables.append("words AS (" + words[0] + ")")
        values.update(words[1])
        relevant.append(WORDED)
    if looking.topics:
        relevant.append(TOPICAL.format(topics=_bind(values, "topic", looking.topics)))
    if relevant:
        tables.append(RELEVANT.format(union=" UNION ALL ".join(relevant)))
    if looking.near:
        tables.append(NEARBY.format(inside=box_sql))
        values.update(box_of(looking.near, looking.radius_metres))
    order = [
        *(["relevant.level DESC", "relevant.text_score DESC"] if relevant else []),
        *(["COALESCE(nearby.far, 1e9)"] if looking.near else []),
        "s.assured_date DESC",  # of many that are equal, those somebody vouched for last
        "s.id",
    ]
    parts = [
        "WITH " + ", ".join(tables) if tables else "",
        "SELECT " + COLUMNS + (", relevant.text_score" if relevant else ", 0.0"),
        "FROM relevant JOIN services s ON s.number = relevant.number" if relevant else "FROM services s",
        "LEFT JOIN nearby ON nearby.number = s.number" if looking.near else "",
        "WHERE " + " AND ".join([LISTED, *_person_sql(looking, values)]) + _place_sql(looking, values),
        "ORDER BY " + ", ".join(order),
        "LIMIT :limit",
    ]
    return " ".join(filter(None, parts)), values


def _person_sql(looking: Looking, values: dict[str, Any]) -> list[str]:
    """Return the conditions that the age and the purse of a person make."""
    if looking.age is not None:
        values["age"] = looking.age
    return [*([AGED] if looking.age is not None else []), *([FREE] if looking.free_only else [])]


def _place_sql(looking: Looking, values: dict[str, Any]) -> str:
    """Return the condition that keeps what is near, for the area, for everybody, or not known to be elsewhere."""
    if looking.is_anywhere:
        return ""
    kept = [
        "s.national",
        "s.areas = '' AND (s.remote OR NOT s.has_place)",
        FOR_AREA.format(areas=_bind(values, "area", looking.areas))
        if looking.areas
        else "s.areas <> '' AND NOT s.has_place",
        "nearby.number IS NOT NULL" if looking.near else "s.areas = ''",
    ]
    return " AND (" + " OR ".join("(" + condition + ")" for condition in kept) + ")"


def _bind(values: dict[str, Any], name: str, items: Sequence[str]) -> str:
    """Add the items to the values; return their parameters."""
    values.update({f"{name}{at}": item for at, item in enumerate(items)})
    return ", ".join(f":{name}{at}" for at in range(len(items)))
