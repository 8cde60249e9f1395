"""Things people throw away, and finding the one that a message names.

>>> item = find_item("where do I put an old pizza box?", "en")
>>> item.id, item.material
('pizza_box', 'paper_card')
>>> find_item("what is the weather like", "en") is None
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from bot.core.errors import DataError
from bot.core.files import load_yaml
from bot.core.paths import REFERENCE
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale
from bot.waste.words import phrase, words

FOLDER = REFERENCE / "waste"
ITEMS, NAMES = FOLDER / "items.yml", FOLDER / "names"
CLOSE = 88  # of 100: one letter too many or too few in a word of five, one wrong in a word of nine
SHORTEST_CLOSE = 5  # letters; shorter words resemble too many others
MOST_WORDS = 60  # of a message that are compared; what it names stands in its first sentences


@dataclass(frozen=True)
class Item:
    """One thing; `safety`, `prepare` and `notes` are ids of sentences, `source` an id in england.yml."""

    id: str
    material: str
    hazard: bool
    safety: tuple[str, ...]
    prepare: tuple[str, ...]
    notes: tuple[str, ...]
    source: str


@cache
def load_items() -> Mapping[str, Item]:
    """Return every item by its id, in file order.

    Raises:
        DataError: an item comes twice, lacks a field, or is a hazard without a safety sentence.
    """
    items: dict[str, Item] = {}
    for entry in load_yaml(ITEMS):
        try:
            item = _item(entry)
        except KeyError as error:
            raise DataError(f"{entry.get('id')}: no {error}", path=str(ITEMS)) from None
        if item.id in items:
            raise DataError(f"{item.id} comes twice", path=str(ITEMS))
        if item.hazard != bool(item.safety):
            raise DataError(f"{item.id}: a hazard, and only a hazard, has a safety sentence", path=str(ITEMS))
        items[item.id] = item
    return items


@cache
def load_names(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return what each item is called in a language, the name to show first; empty for an unknown language.

    Raises:
        DataError: a name belongs to no item or is no text.
    """
    locale = find_locale(language)
    path = NAMES / f"{locale.tag}.yml" if locale else None
    if path is None or not path.exists():
        return {}
    names: dict[str, tuple[str, ...]] = {}
    for item, given in load_yaml(path).items():
        if item not in load_items():
            raise DataError(f"no item {item!r}", path=str(path))
        if not given or not all(isinstance(name, str) and words(name) for name in given):
            raise DataError(f"{item}: names must be texts: {given}", path=str(path))
        names[item] = tuple(given)
    return names


def shown_name(item: Item, language: str) -> str:
    """Return the name to show: of the language, else in English."""
    names = load_names(language).get(item.id) or load_names(SOURCE_LANGUAGE)[item.id]
    return names[0]


def find_item(text: str, language: str) -> Item | None:
    """Return the thing that a text names, or None.

    Names of the language and English ones count. Of names that stand in the text, one inside a longer one does not
    count ("paint tin"), a hazard comes before what holds it ("needles in a jar"), then the longest wins. Where none
    stands there, it is the run of words that is closest to a name.
    """
    phrases = _phrases(language)
    said = words(text)[:MOST_WORDS]
    spans = [(start, end) for start in range(len(said)) for end in _ends(start, len(said), phrases)]
    runs = {span: " ".join(said[slice(*span)]) for span in spans}
    named = [span for span, run in runs.items() if run in phrases]
    outer = [span for span in named if not any(_is_inside(span, other) for other in named)]
    if outer:
        found = [(load_items()[phrases[runs[span]]], len(runs[span])) for span in outer]
        return max(found, key=lambda pair: (pair[0].hazard, pair[1]))[0]
    best = _closest([run for run in runs.values() if len(run) >= SHORTEST_CLOSE], phrases)
    return load_items()[phrases[best]] if best else None


def _is_inside(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]


def _closest(runs: list[str], phrases: Mapping[str, str]) -> str | None:
    best, best_rank = None, (0.0, 0)
    for run in runs:
        match = process.extractOne(run, phrases.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
        if match and (match[1], len(run)) > best_rank:
            best, best_rank = str(match[0]), (match[1], len(run))
    return best


def _ends(start: int, count: int, phrases: Mapping[str, str]) -> range:
    return range(start + 1, min(count, start + _longest(phrases)) + 1)


def _longest(phrases: Mapping[str, str]) -> int:
    return max((name.count(" ") + 1 for name in phrases), default=0)


@cache
def _phrases(language: str) -> Mapping[str, str]:
    """Return folded name → item id; a name of the language hides the same name in English, the first item wins."""
    gathered: dict[str, str] = {}
    for tag in dict.fromkeys((language, SOURCE_LANGUAGE)):
        for item, names in load_names(tag).items():
            for name in names:
                gathered.setdefault(phrase(name), item)
    return gathered


def _item(entry: Mapping[str, Any]) -> Item:
    return Item(
        id=entry["id"],
        material=entry["material"],
        hazard=entry.get("hazard", False),
        safety=_ids(entry, "safety"),
        prepare=tuple(f"prepare.{name}" for name in entry.get("prepare", ())),
        notes=_ids(entry, "note"),
        source=entry["source"],
    )


def _ids(entry: Mapping[str, Any], field: str) -> tuple[str, ...]:
    return (f"{field}.{entry[field]}",) if field in entry else ()
