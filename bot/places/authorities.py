"""Local authorities of the UK and who does what in a place.

In two-tier England the district does housing, homelessness, council tax and bins; the county does social care, schools
and English classes. Everywhere else one council does all, but for housing in Northern Ireland (the Housing Executive).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from bot.core.clock import today
from bot.core.errors import DataError, NotFound
from bot.core.paths import REFERENCE

FOLDER = REFERENCE / "places"
Kind = Literal["district", "unitary", "metropolitan", "london", "county", "wales", "scotland", "northern_ireland"]
Nation = Literal["england", "wales", "scotland", "northern_ireland"]
COUNTY = "county"
MOST_MERGERS = 5  # successors of successors
HOUSING_EXECUTIVE = "Northern Ireland Housing Executive"  # no council: all social housing and homelessness there


@dataclass(frozen=True)
class Authority:
    """A council. Coordinates in degrees (WGS84), of its main town; `county` is the GSS code of the county above it."""

    gss_code: str
    name: str
    kind: Kind
    nation: Nation
    county: str
    latitude: float
    longitude: float
    website: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    replaced_by: tuple[str, ...]
    aliases: tuple[str, ...]

    def exists(self, on: dt.date | None = None) -> bool:
        """Whether it is a council on a day (today)."""
        day = on or today()
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    @property
    def social_care_code(self) -> str:
        """The GSS code of the council for social care, schools and English classes."""
        return self.county or self.gss_code

    @property
    def housing_authority(self) -> str:
        """The name of who does housing and homelessness here."""
        return HOUSING_EXECUTIVE if self.nation == "northern_ireland" else self.name


@cache
def load_authorities() -> dict[str, Authority]:
    """Return every authority by GSS code, those that ended too.

    Raises:
        DataError: a row does not fit; the message names file and line.
    """
    return {authority.gss_code: authority for authority in map(_authority, read_table(FOLDER / "authorities.tsv"))}


def get_authority(gss_code: str) -> Authority:
    """Return an authority.

    Raises:
        NotFound: no such code.
    """
    try:
        return load_authorities()[gss_code]
    except KeyError:
        raise NotFound(f"no authority {gss_code!r}") from None


def current_authorities(gss_code: str, on: dt.date | None = None) -> tuple[Authority, ...]:
    """Return the authority of a code, or those that took its place by a day (today); empty where there is none."""
    waiting, found = [gss_code], {}
    for _ in range(MOST_MERGERS):
        known = [load_authorities()[code] for code in waiting if code in load_authorities()]
        found.update({authority.gss_code: authority for authority in known if authority.exists(on)})
        waiting = [code for authority in known if not authority.exists(on) for code in authority.replaced_by]
    return tuple(found.values())


def housing_councils(gss_codes: Iterable[str], on: dt.date | None = None) -> tuple[Authority, ...]:
    """Return the councils for housing of some codes on a day (today), each once, in order.

    A code that ended gives its successors, a county, whose districts do the housing, its districts.
    """
    found: dict[str, Authority] = {}
    for authority in (one for code in gss_codes for one in current_authorities(code, on)):
        parts = _districts(authority, on) if authority.kind == COUNTY else [authority]
        found.update({part.gss_code: part for part in parts})
    return tuple(found.values())


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a tab-separated file with a header.

    Raises:
        DataError: a row has another number of columns than the header.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise DataError("wrong number of columns", path=str(path), line=number)
    return rows


def _districts(county: Authority, on: dt.date | None) -> list[Authority]:
    return [one for one in load_authorities().values() if one.county == county.gss_code and one.exists(on)]


def _authority(row: dict[str, str]) -> Authority:
    return Authority(
        gss_code=row["gss_code"],
        name=row["name"],
        kind=row["kind"],  # type: ignore[arg-type]  # checked by tests/unit/places
        nation=row["nation"],  # type: ignore[arg-type]
        county=row["county"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        website=row["website"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        replaced_by=tuple(row["replaced_by"].split()),
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
    )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
