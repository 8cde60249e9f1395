"""Reading where materials go: the rules for England, the schemes of councils, and the sentences that say so.

>>> load_schemes()["E08000035"].places["glass"].colour
'green'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.core.errors import DataError
from bot.core.files import load_yaml
from bot.waste.items import FOLDER, load_items, load_names

ENGLAND, TEXTS, SCHEMES = FOLDER / "england.yml", FOLDER / "texts.yml", FOLDER / "schemes"
STATUSES = frozenset({"checked_page", "cross_checked", "unverified"})
LONG_AGO = dt.date.min


@dataclass(frozen=True)
class Source:
    """Where a fact was read and when; `status` as in the README."""

    url: str
    status: str
    checked: dt.date


@dataclass(frozen=True)
class Place:
    """Where a material goes.

    Ids of sentences: `text` says that it goes there, `notes` what else to know, `if_unknown` what else where the
    council's scheme does not name the material. `since` is the first day it applies.
    """

    container: str
    text: str
    notes: tuple[str, ...] = ()
    if_unknown: tuple[str, ...] = ()
    since: dt.date = LONG_AGO
    colour: str | None = None


@dataclass(frozen=True)
class Scheme:
    """What one council collects in which container, by material."""

    council: str
    source: Source
    places: Mapping[str, Place]


@cache
def load_texts() -> Mapping[str, str]:
    """Return the English sentences and colour words by `<group>.<id>`."""
    groups = load_yaml(TEXTS)["texts"]
    return {f"{group}.{name}": text for group, texts in groups.items() for name, text in texts.items()}


@cache
def load_pictures() -> Mapping[str, str]:
    """Return container → its picture in bins.svg, without the `bin-` of the symbol's id."""
    return dict(load_yaml(ENGLAND)["containers"])


@cache
def load_sources() -> Mapping[str, Source]:
    """Return the sources of the rules for England by id.

    Raises:
        DataError: a source has an unknown status.
    """
    content = load_yaml(ENGLAND)
    return {
        name: _source(entry["url"], entry["status"], content["checked"]) for name, entry in content["sources"].items()
    }


@cache
def load_defaults() -> Mapping[str, tuple[Place, ...]]:
    """Return material → its places by the rules for England, the latest first.

    Raises:
        DataError: a row names an unknown container or sentence.
    """
    rows: dict[str, list[Place]] = {}
    for row in load_yaml(ENGLAND)["materials"]:
        place = Place(
            container=row["container"],
            text=f"place.{row['place']}",
            notes=_note_ids(row, "notes"),
            if_unknown=_note_ids(row, "if_unknown"),
            since=row.get("from", LONG_AGO),
        )
        if unknown := {place.text, *place.notes, *place.if_unknown} - set(load_texts()):
            raise DataError(f"{row['material']}: no text {sorted(unknown)}", path=str(ENGLAND))
        if place.container not in load_pictures():
            raise DataError(f"{row['material']}: no container {place.container!r}", path=str(ENGLAND))
        rows.setdefault(row["material"], []).append(place)
    return {material: tuple(sorted(places, key=_since, reverse=True)) for material, places in rows.items()}


@cache
def load_schemes() -> Mapping[str, Scheme]:
    """Return the councils' schemes by GSS code.

    Raises:
        DataError: a scheme names an unknown material, container, colour or status, or two are for one council.
    """
    schemes: dict[str, Scheme] = {}
    for path in sorted(SCHEMES.glob("*.yml")):
        content = load_yaml(path)
        council = content["council"]
        if council in schemes:
            raise DataError(f"{council} has a scheme already", path=str(path))
        places: dict[str, Place] = {}
        for material, entry in content["containers"].items():
            place = Place(entry["container"], f"place.{entry['container']}", colour=entry.get("colour"))
            if material not in load_defaults() or place.container not in load_pictures():
                raise DataError(f"unknown: {material} or {place.container}", path=str(path))
            if place.colour and f"colour.{place.colour}" not in load_texts():
                raise DataError(f"no word for the colour {place.colour!r}", path=str(path))
            places[material] = place
        schemes[council] = Scheme(council, _source(content["source"], content["status"], content["checked"]), places)
    return schemes


def check_waste() -> None:
    """Read every waste file.

    Raises:
        DataError: an item names an unknown material, sentence or source, or a file is wrong in itself.
    """
    load_schemes()
    for path in sorted((FOLDER / "names").glob("*.yml")):
        load_names(path.stem)
    for item in load_items().values():
        unknown = {*item.safety, *item.prepare, *item.notes} - set(load_texts())
        if unknown or item.material not in load_defaults() or item.source not in load_sources():
            raise DataError(f"{item.id}: unknown material, source or text {sorted(unknown)}", path=str(FOLDER))


def _source(url: str, status: str, checked: dt.date) -> Source:
    if status not in STATUSES:
        raise DataError(f"{url}: unknown status {status!r}", path=str(FOLDER))
    return Source(url, status, checked)


def _note_ids(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    return tuple(f"note.{name}" for name in row.get(field, ()))


def _since(place: Place) -> dt.date:
    return place.since
