"""What people asked, as tables that may be looked at: any two sides of the counts, small numbers hidden.

The totals of a side are published the same in every table of a quarter, so two tables cannot be compared to see more.
A row whose total is under the limit is not named: it stands, with all that never occurred, for `the others`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.load import get_answer, is_topic
from bot.channels.platforms import CHANNELS
from bot.channels.web import CHANNEL as WEB
from bot.console.texts import text
from bot.i18n.locales import find_locale
from bot.insight.periods import Week, week_label
from bot.insight.suppression import Cell, Margins, Published, suppress, suppress_lists
from bot.insight.tally import QUESTIONS, VOTES, Tally
from bot.places.authorities import get_authority, load_authorities

OTHER = ""  # what has no place, no topic, or a channel that is no more
MEASURES: Mapping[str, tuple[str, ...]] = {"questions": QUESTIONS, "helpful": VOTES}
KNOWN_CHANNELS = (WEB, *CHANNELS)


@dataclass(frozen=True)
class Line:
    """A row or a column of a table: its id, what it is called, its published total."""

    id: str
    name: str
    total: Cell


@dataclass(frozen=True)
class Crossing:
    """A published table of two sides."""

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: tuple[tuple[Cell, ...], ...]
    total: Cell


@dataclass(frozen=True)
class Side:
    """One way to sort what was counted."""

    of: Callable[[Tally], str]
    name: Callable[[str], str]


def topic_title(topic: str) -> str:
    """Return what a topic is called."""
    return get_answer(topic).title if is_topic(topic) else text("side.no_topic")


def area_name(code: str) -> str:
    """Return what a council is called."""
    return get_authority(code).name if code else text("side.no_area")


def language_title(tag: str) -> str:
    """Return the English name of a language."""
    locale = find_locale(tag)
    return locale.english_name if locale else tag or text("side.no_language")


SIDES: Mapping[str, Side] = {
    "topic": Side(lambda tally: tally.topic if is_topic(tally.topic) else OTHER, topic_title),
    "language": Side(lambda tally: tally.language if find_locale(tally.language) else OTHER, language_title),
    "area": Side(lambda tally: tally.area if tally.area in load_authorities() else OTHER, area_name),
    "channel": Side(
        lambda tally: tally.channel if tally.channel in KNOWN_CHANNELS else OTHER,
        lambda name: text(f"channel.{name or 'other'}"),
    ),
    "week": Side(lambda tally: week_label(dt.date.fromisoformat(tally.day)), str),
    "outcome": Side(lambda tally: tally.kind, lambda kind: text(f"outcome.{kind}")),
}


def counted(tallies: Sequence[Tally], weeks: Sequence[Week]) -> list[Tally]:
    """Return what belongs into the figures: weeks that have ended; no greetings and commands that were understood."""
    ended = {week.label for week in weeks}
    return [
        tally
        for tally in tallies
        if SIDES["week"].of(tally) in ended and (tally.kind != "asked" or is_topic(tally.topic))
    ]


def cross(tallies: Sequence[Tally], rows: str, columns: str) -> Crossing:
    """Return the table of two different sides of what was counted."""
    by_side = {name: _totals(side, tallies) for name, side in SIDES.items()}
    numbers: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        numbers[SIDES[rows].of(tally), SIDES[columns].of(tally)] += tally.number
    names = list(SIDES)
    table = _published(
        tuple(tuple(numbers[row, column] for column in by_side[columns]) for row in by_side[rows]),
        tuple(tuple(totals.values()) for totals in by_side.values()),
        (names.index(rows), names.index(columns)),
    )
    down, across = _named(rows, by_side[rows], table.row_totals), _named(columns, by_side[columns], table.column_totals)
    return Crossing(
        rows=tuple(line for _, line in down),
        columns=tuple(line for _, line in across),
        cells=tuple(tuple(table.cells[row][column] for column, _ in across) for row, _ in down),
        total=table.total,
    )


@lru_cache(maxsize=32)
def _published(
    cells: tuple[tuple[int, ...], ...], lists: tuple[tuple[int, ...], ...], sides: tuple[int, int]
) -> Published:
    """Return a table whose totals stand in all tables alike; it takes seconds where there are hundreds of rows."""
    margins = suppress_lists(lists)
    return suppress(cells, Margins((margins.lists[sides[0]], margins.lists[sides[1]]), margins.total))


def _totals(side: Side, tallies: Sequence[Tally]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for tally in tallies:
        totals[side.of(tally)] += tally.number
    return {name: totals[name] for name in sorted(totals)}


def _named(side: str, names: Iterable[str], totals: Sequence[Cell]) -> list[tuple[int, Line]]:
    """Return the lines that are named with their place: weeks by time, others by what is published of their size."""
    lines = [
        (place, Line(name, SIDES[side].name(name), total))
        for place, (name, total) in enumerate(zip(names, totals, strict=True))
        if total.state != "few"
    ]
    if side == "week":
        return lines
    return sorted(lines, key=lambda item: (item[1].total.value is None, -(item[1].total.value or 0), item[1].name))
