"""Where a service is for: words and codes of feeds → GSS codes, and the areas that a council lies in.

Codes are those of councils (`E09000012`), counties (`E10…`), the region London, nations (`E92000001`), or `NATIONAL`.

>>> area_codes("Hackney and Leeds"), area_codes("England and Wales"), area_codes("UK (London office)")
(('E09000012', 'E08000035'), ('E92000001', 'W92000004'), ('national',))
>>> widen(["E07000095"])
('E07000095', 'E10000015', 'E92000001')
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache

from bot.core.paths import REFERENCE

TABLE = REFERENCE / "places" / "authorities.tsv"
NATIONAL = "national"
LONDON = "E12000007"
NATIONS = {"E": "E92000001", "W": "W92000004", "S": "S92000003", "N": "N92000002"}
NAMED = {
    "uk": (NATIONAL,), "united kingdom": (NATIONAL,), "national": (NATIONAL,), "nationwide": (NATIONAL,),
    "great britain": (NATIONS["E"], NATIONS["W"], NATIONS["S"]), "england": (NATIONS["E"],),
    "wales": (NATIONS["W"],), "scotland": (NATIONS["S"],), "northern ireland": (NATIONS["N"],),
    "ni": (NATIONS["N"],), "london": (LONDON,), "greater london": (LONDON,),
}  # fmt: skip
CODED = {
    "K02000001": (NATIONAL,),
    "K03000001": NAMED["great britain"],
    "K04000001": (NATIONS["E"], NATIONS["W"]),
}
GSS = re.compile(r"(?<![A-Z0-9])[EWSNK]\d{8}(?!\d)")
BRACKETS = re.compile(r"\([^)]*\)")
SEPARATORS = re.compile(r"\s*(?:,|;|/|\||\band\b|&|\n)\s*", re.I)
DRESSING = re.compile(
    r"\b(?:london borough of|royal borough of|city of|borough of|county of|metropolitan borough|city council|"
    r"county council|district council|borough council|council|all of|across|residents of)\b"
)


def area_codes(text: str, uri: str = "") -> tuple[str, ...]:
    """Return the codes that a service area means, in order, none twice; empty when it is prose we cannot read."""
    found: list[str] = GSS.findall(f"{uri} {text}".upper())
    if found:
        return _once(code for raw in found for code in CODED.get(raw, _current(raw)))
    return _named(text) or _named(BRACKETS.sub(" ", text))


def widen(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes and those of the county, London and the nation around each."""
    wide: list[str] = []
    for code in codes:
        for current in _current(code):
            county = _counties().get(current)
            nation = NATIONS.get(current[:1])
            wide += [current, *([county] if county else []), *([LONDON] if current.startswith("E09") else [])]
            wide += [nation] if nation else []
    return _once(wide)


def _named(text: str) -> tuple[str, ...]:
    """Return the codes of a name, or of a list of names when every one of them is known."""
    whole = _one(text)
    if whole:
        return whole
    parts = [part for part in SEPARATORS.split(text.strip()) if part]
    found = [_one(part) for part in parts]
    return _once(code for codes in found for code in codes) if len(parts) > 1 and all(found) else ()


def _one(text: str) -> tuple[str, ...]:
    name = _plain(text)
    return NAMED.get(name) or _names().get(name) or _names().get(_plain(DRESSING.sub(" ", name)), ())


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("&", " and ").strip(" .").split())


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _current(code: str) -> tuple[str, ...]:
    """Return what a code is called today: one or, after a division, several."""
    return _replaced().get(code, (code,))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            {name: value or "" for name, value in row.items() if name} for row in csv.DictReader(file, delimiter="\t")
        )


@cache
def _replaced() -> dict[str, tuple[str, ...]]:
    return {row["gss_code"]: tuple(row["replaced_by"].split()) for row in _rows() if row["replaced_by"]}


@cache
def _counties() -> dict[str, str]:
    return {row["gss_code"]: row["county"] for row in _rows() if row["county"]}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Codes by name and alias; a name of today beats an old one, the name itself an alias."""
    names: dict[str, tuple[str, ...]] = {}
    for row in sorted(_rows(), key=lambda row: bool(row["replaced_by"])):
        names.setdefault(_plain(row["name"]), _current(row["gss_code"]))
    for row in sorted(_rows(), key=lambda row: bool(row["replaced_by"])):
        for alias in filter(None, row["aliases"].split("|")):
            names.setdefault(_plain(alias), _current(row["gss_code"]))
    return names
