"""Figures of understanding: what is counted, and how it is drawn."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from bot.answers.load import crisis_topics

TOP = 3
CELL, MARGIN, SHOWN = 14, 190, 40  # pixels of a confusion picture; topics in it at most


@dataclass(frozen=True)
class Judged:
    """One message: what it was about and what was understood."""

    topic: str
    language: str
    found: str
    ranking: Sequence[str]
    crisis: str
    found_language: str
    confidence: float


@dataclass(frozen=True)
class Figures:
    """Shares of 1. False alarms are shares of the messages that are not about a crisis topic."""

    messages: int
    accuracy: float
    top_3: float
    language: float
    crisis_seen: float
    crisis_yes: float
    false_yes: float
    false_maybe: float


def figures_of(items: Sequence[Judged]) -> Figures:
    """Return the figures of some messages."""
    danger = set(crisis_topics())
    crisis = [item for item in items if item.topic in danger]
    others = [item for item in items if item.topic not in danger]
    return Figures(
        messages=len(items),
        accuracy=_share(item.found == item.topic for item in items),
        top_3=_share(item.topic in (item.found, *item.ranking[:TOP]) for item in items),
        language=_share(item.found_language == item.language for item in items),
        crisis_seen=_share(item.crisis != "no" for item in crisis),
        crisis_yes=_share(item.crisis == "yes" for item in crisis),
        false_yes=_share(item.crisis == "yes" for item in others),
        false_maybe=_share(item.crisis == "maybe" for item in others),
    )


def mean_figures(figures: Iterable[Figures]) -> Figures:
    """Return the mean over languages, each weighing the same; messages are summed."""
    rows = [astuple(figure) for figure in figures]
    if not rows:
        raise ValueError("no figures")
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return Figures(sum(int(row[0]) for row in rows), *means[1:])


def table_of(figures: Mapping[str, Figures]) -> str:
    """Return a Markdown table, a row a language."""
    names = [field.name for field in fields(Figures)]
    lines = [
        f"| language | {' | '.join(name.replace('_', ' ') for name in names)} |",
        "|---" * (len(names) + 1) + "|",
    ]
    for tag, figure in figures.items():
        values = [str(figure.messages), *(f"{value:.3f}" for value in astuple(figure)[1:])]
        lines.append(f"| {tag} | {' | '.join(values)} |")
    return "\n".join(lines)


def confusion_picture(items: Sequence[Judged], path: Path) -> None:
    """Draw which topics are taken for which: only those with a mistake, most mistakes first."""
    mistakes = Counter((item.topic, item.found) for item in items if item.topic != item.found)
    involved = Counter(name for pair, number in mistakes.items() for name in pair for _ in range(number))
    names = [name for name, _ in involved.most_common(SHOWN)]
    size = MARGIN + CELL * len(names) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" font-family="sans-serif" '
        'font-size="10">',
        "<title>Rows: what the message was about. Columns: what was understood.</title>",
    ]
    for index, name in enumerate(names):
        place = MARGIN + index * CELL
        label = html.escape(name)
        parts.append(f'<text x="{MARGIN - 6}" y="{place + 11}" text-anchor="end">{label}</text>')
        parts.append(f'<text transform="translate({place + 11} {MARGIN - 6}) rotate(-90)">{label}</text>')
    right = Counter(item.topic for item in items if item.topic == item.found)
    for row, truth in enumerate(names):
        for column, found in enumerate(names):
            number = right[truth] if truth == found else mistakes[truth, found]
            if number:
                colour = "#2a7f62" if truth == found else "#c0392b"
                x, y = MARGIN + column * CELL, MARGIN + row * CELL
                parts.append(f'<rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="{colour}"/>')
                parts.append(f'<text x="{x + 4}" y="{y + 10}" fill="#fff">{number}</text>')
    parts.append("</svg>")
    path.write_text("\n".join(parts), encoding="utf-8")


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
