"""The one statement of a search: what is relevant, what is within reach, the best first.

Only names of parameters and fixed texts are put together here; every value is bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.directory.areas import NATIONAL
from bot.directory.distance import box_of
from bot.directory.store import Candidate, Looking
from bot.directory.tables import BOUNDED, LOCATED, UNPLACED

COLUMNS = ", ".join(f"s.{name}" for name in Candidate._fields if name != "text_score")
LISTED = "s.missing_since IS NULL AND s.status IN ('active', 'temporarily closed')"
AGED = "(s.minimum_age IS NULL OR s.minimum_age <= :age) AND (s.maximum_age IS NULL OR s.maximum_age >= :age)"
FREE = "s.free IS NOT FALSE"
# How far the nearest place is, in degrees of latitude, squared: enough to sort by.
FAR = (
    "COALESCE((SELECT MIN((p.latitude - :lat) * (p.latitude - :lat) + (p.longitude - :lon) * (p.longitude - :lon) "
    "* :squeeze) FROM service_places p WHERE p.service = s.number), 1e9)"
)
INSIDE = "p.latitude BETWEEN :south AND :north AND p.longitude BETWEEN :west AND :east"
PLAIN_BOX = f"(SELECT service, latitude, longitude FROM service_places p WHERE {INSIDE})"  # noqa: S608 — fixed texts
FOR_AREA = "SELECT service AS number FROM service_areas WHERE code IN ({codes})"
NEARBY = "SELECT p.service FROM {box} p"
WITHIN = "within AS ({union})"
IS_WITHIN = "IN (SELECT number FROM within)"
TOPICAL = (
    "SELECT service AS number, CASE WHEN topic = :topic0 THEN 2 ELSE 1 END AS level, 0.0 AS text_score "
    "FROM service_topics WHERE topic IN ({topics}) {kept}"
)
WORDED = "SELECT number, 0 AS level, text_score FROM words"
RELEVANT = (
    "relevant AS (SELECT number, MAX(level) AS level, MAX(text_score) AS text_score "
    "FROM ({union}) AS r GROUP BY number)"
)
SPOKEN = "s.number IN (SELECT service FROM service_languages WHERE code IN ({codes})) DESC"
WordsSql = Callable[[Looking, str], tuple[str, dict[str, Any]]]


def candidate_sql(looking: Looking, words_sql: WordsSql, box: str) -> tuple[str, dict[str, Any]]:
    """Return the statement and its values.

    Args:
        words_sql: returns a SELECT of number and text_score with its values; its second argument is a condition that
            numbers must meet, or an empty text.
        box: a table of service, latitude, longitude of the places inside :south, :north, :west, :east.
    """
    values: dict[str, Any] = {"limit": looking.limit}
    tables: list[str] = []
    relevant: list[str] = []
    source, within, columns = "services s", "", ", 0.0"
    order = ["s.assured_date DESC", "s.id"]  # of many that are equal, those somebody vouched for last
    if looking.languages:
        order.insert(0, SPOKEN.format(codes=_bind(values, "language", looking.languages)))
    if looking.near:
        values.update(box_of(looking.near, looking.radius_metres))
        order.insert(0, FAR)
    if not looking.is_anywhere:
        tables.append(_within_sql(looking, values, box))
        within = IS_WITHIN
    if looking.words or looking.pieces:
        sql, found = words_sql(looking, within)
        tables.append("words AS (" + sql + ")")
        values.update(found)
        relevant.append(WORDED)
    if looking.topics:
        kept = "AND service " + within if within else ""
        relevant.append(TOPICAL.format(topics=_bind(values, "topic", looking.topics), kept=kept))
    if relevant:
        tables.append(RELEVANT.format(union=" UNION ALL ".join(relevant)))
        source = "relevant r JOIN services s ON s.number = r.number"
        order[:0] = ["r.level DESC", "r.text_score DESC"]
        columns = ", r.text_score"
    conditions = [LISTED, *_person_sql(looking, values)]
    if within and not relevant:
        conditions.append("s.number " + within)
    parts = [
        "WITH " + ", ".join(tables) if tables else "",
        "SELECT " + COLUMNS + columns,
        "FROM " + source,
        "WHERE " + " AND ".join(conditions),
        "ORDER BY " + ", ".join(order),
        "LIMIT :limit",
    ]
    return " ".join(filter(None, parts)), values


def _within_sql(looking: Looking, values: dict[str, Any], box: str) -> str:
    """Return the table of what is within reach: for the area, for everybody, near, or not known to be elsewhere."""
    parts = [FOR_AREA.format(codes=_bind(values, "code", _codes(looking)))]
    if looking.near:
        parts.append(NEARBY.format(box=box))
    return WITHIN.format(union=" UNION ALL ".join(parts))


def _codes(looking: Looking) -> tuple[str, ...]:
    """Return the codes for which a service is kept: the person's areas, everybody's, what cannot be compared."""
    unknown = [*([] if looking.near else [LOCATED]), *([] if looking.areas else [BOUNDED])]
    return (*looking.areas, NATIONAL, UNPLACED, *unknown)


def _person_sql(looking: Looking, values: dict[str, Any]) -> list[str]:
    """Return the conditions that the age and the purse of a person make."""
    if looking.age is not None:
        values["age"] = looking.age
    return [*([AGED] if looking.age is not None else []), *([FREE] if looking.free_only else [])]


def _bind(values: dict[str, Any], name: str, items: Sequence[str]) -> str:
    """Add the items to the values; return their parameters."""
    values.update({f"{name}{at}": item for at, item in enumerate(items)})
    return ", ".join(f":{name}{at}" for at in range(len(items)))
