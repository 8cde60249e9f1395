"""Names of councils, towns and areas in every language, and outward codes, each with the councils they lie in.

Names are compared folded. A name in several places has several councils: who asks must choose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.core.spelling import fold, is_of_word, normalise
from bot.i18n.locales import load_locales
from bot.places.authorities import FOLDER, load_authorities, read_table

# Words that people add to a council's name.
COUNCIL_FORMS = ("{} council", "{} city council", "{} borough council", "{} district council", "{} county council",
                 "london borough of {}", "royal borough of {}", "{} london", "city of {}")  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A named place. `councils`: GSS codes as written down, the largest share first, for `housing_councils`; none where
    the name is too wide to say."""

    name: str
    councils: tuple[str, ...]
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Outward:
    """The first half of a postcode."""

    code: str
    latitude: float
    longitude: float
    councils: tuple[str, ...]


@cache
def load_places() -> dict[str, Place]:
    """Return the places by folded name. A town hides a council of the same name: it knows its namesakes."""
    found: dict[str, Place] = {}
    for place, names in (*_councils(), *_towns()):
        for name in names:
            found[key_of(name)] = place
    for english, names in _foreign_names():
        known = found.get(key_of(english))
        if known:
            for name in names:
                found.setdefault(key_of(name), known)
    return found


@cache
def load_outwards() -> dict[str, Outward]:
    """Return the outward codes of England and its borders by code."""
    rows = (
        line.split("\t")
        for path in sorted(FOLDER.glob("outward_*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    return {
        code: Outward(code, float(latitude), float(longitude), tuple(councils.split()))
        for code, latitude, longitude, councils in rows
    }


@cache
def everyday_words() -> frozenset[str]:
    """Return folded names that are everyday words too: in a sentence only "in", "near" … makes them places."""
    lines = (FOLDER / "everyday.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(key_of(line) for line in lines if line and not line.startswith("#"))


@cache
def place_names() -> tuple[str, ...]:
    """Return every folded name, for close matches."""
    return tuple(load_places())


def key_of(name: str) -> str:
    """Return a name as it is compared: folded, its words joined by one space.

    >>> key_of("St. Helen's"), key_of("Brighton & Hove"), key_of("Stoke-on-Trent, UK")
    ('st helens', 'brighton and hove', 'stoke on trent uk')
    """
    folded = fold(normalise(name)).replace("&", " and ")
    return " ".join("".join(map(_compared, folded)).split())


def _compared(char: str) -> str:
    if is_of_word(char):
        return char
    return "" if char in "'." or unicodedata.category(char) == "Cf" else " "


def _councils() -> Iterator[tuple[Place, list[str]]]:
    """Yield the councils, those that ended first: a living one of the same name takes its place."""
    for authority in sorted(load_authorities().values(), key=lambda one: one.exists()):
        names = [authority.name, *authority.aliases]
        names += [form.format(name) for name in names for form in COUNCIL_FORMS]
        yield Place(authority.name, (authority.gss_code,), authority.latitude, authority.longitude), names


def _towns() -> Iterator[tuple[Place, list[str]]]:
    for row in read_table(FOLDER / "towns.tsv"):
        councils = tuple(row["gss_codes"].split())
        place = Place(row["name"], councils, float(row["latitude"]), float(row["longitude"]))
        yield place, [row["name"], *(alias for alias in row["aliases"].split("|") if alias)]


def _foreign_names() -> Iterator[tuple[str, list[str]]]:
    for locale in load_locales():
        path = FOLDER / "names" / f"{locale.tag}.tsv"
        if not path.exists():
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            english, _, names = line.partition("\t")
            yield english, [name.strip() for name in names.split("|") if name.strip()]
