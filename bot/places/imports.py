"""Filling the table of exact postcodes from ONSPD or Code-Point Open.

Repeating an import changes nothing more. Every batch is one transaction: what was stored before a stop stays, and the
next run goes on over it. A row that cannot be used is counted and named, the rest goes in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pyproj import Transformer
from sqlalchemy.engine import Connection

from bot.core.database import Database
from bot.places.exact import DEGREE, postcodes
from bot.places.postcode import parse_postcode
from bot.places.postcode_files import (
    CODE_POINT,
    CODE_POINT_COLUMNS,
    CODE_POINT_DISTRICT,
    ONSPD,
    Columns,
    PostcodeFile,
    open_tables,
    parse_line,
)

BATCH = 5_000  # rows of a transaction
NAMED = 20  # broken rows that a report names; all are counted
OLD_FORM = re.compile(r"(?:NPT|GIR) *[0-9][A-Z]{2}")  # in ONSPD still, in no use: not in the grammar
COUNCIL_CODE = re.compile(r"[EWSN](?!99999999)[0-9]{8}")
NO_LATITUDE = 99.0  # ONSPD's 99.999999: no location
SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -9.0, 2.5  # the UK in degrees
NATIONAL_GRID, WGS84 = "EPSG:27700", "EPSG:4326"
Progress = Callable[[int, float], None]


@dataclass
class Imported:
    """What an import did. `rows` = `stored` + `without_place` + `broken`; a postcode may be in several rows."""

    source: str = ""
    rows: int = 0
    stored: int = 0
    terminated: int = 0  # of those stored
    without_place: int = 0  # no location or no council: Crown dependencies, forms of long ago
    broken: int = 0
    broken_rows: list[str] = field(default_factory=list)  # "file:line: why", the first of them

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


class _Row(NamedTuple):
    """A usable row: degrees, or metres of the National Grid as (north, east)."""

    postcode: str
    gss_code: str
    north: float
    east: float
    is_terminated: bool


def import_postcodes(database: Database, path: Path, progress: Progress | None = None) -> Imported:
    """Store the postcodes of a file, folder or zip and return what happened.

    Args:
        progress: called after every batch with rows read and the share of the whole (0 … 1).

    Raises:
        UserInputError: it cannot be read or holds no such table (nothing was changed), or is damaged midway.
        SourceUnavailable: the database did not answer.
    """
    with open_tables(path) as tables:
        done = Imported(source=", ".join(sorted({ONSPD if table.columns else CODE_POINT for table in tables})))
        total, before = sum(table.size for table in tables) or 1, 0
        for table in tables:
            read = [0]
            lines = _counted(table.lines(), read)
            while batch := list(islice(lines, BATCH)):
                rows = _rows(table, batch, done)
                if rows:
                    database.run_now(lambda connection: _store(database, connection, rows))  # noqa: B023 — run at once
                if progress:
                    progress(done.rows, min(1.0, (before + read[0]) / total))
            before += table.size
    return done


def _counted(lines: Iterator[tuple[int, str]], read: list[int]) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        read[0] += len(line)
        if line.strip():
            yield number, line


def _store(database: Database, connection: Connection, rows: list[dict[str, Any]]) -> None:
    statement = database.insert(postcodes)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "postcode"}
    connection.execute(statement.on_conflict_do_update(index_elements=["postcode"], set_=changed), rows)


def _rows(table: PostcodeFile, batch: list[tuple[int, str]], done: Imported) -> list[dict[str, Any]]:
    """Return the rows of the table `postcodes`, each postcode once, and count."""
    usable: list[tuple[int, _Row]] = []
    for number, line in batch:
        done.rows += 1
        try:
            fields = parse_line(line)
            row = _onspd_row(fields, table.columns) if table.columns else _code_point_row(fields)
        except ValueError as error:
            _note(done, table, number, str(error))
            continue
        if row:
            usable.append((number, row))
        else:
            done.without_place += 1
    found: dict[str, dict[str, Any]] = {}
    for (number, row), (latitude, longitude) in zip(usable, _degrees(table, [row for _, row in usable]), strict=True):
        if not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
            _note(done, table, number, "not in the United Kingdom")
            continue
        done.stored += 1
        done.terminated += row.is_terminated
        found[row.postcode] = {
            "postcode": row.postcode,
            "gss_code": row.gss_code,
            "latitude": round(latitude * DEGREE),
            "longitude": round(longitude * DEGREE),
            "is_terminated": row.is_terminated,
        }
    return list(found.values())


def _onspd_row(fields: list[str], columns: Columns) -> _Row | None:
    """Return what a row says; None where it has no place.

    Raises:
        ValueError: the row is broken.
    """
    if len(fields) != columns.number:
        raise ValueError(f"{len(fields)} columns")
    if OLD_FORM.fullmatch(fields[columns.postcode]):
        return None
    postcode, gss_code = _postcode(fields[columns.postcode]), fields[columns.council]
    latitude, longitude = fields[columns.latitude], fields[columns.longitude]
    terminated = columns.terminated is not None and bool(fields[columns.terminated])
    if not (latitude and longitude) or not COUNCIL_CODE.fullmatch(gss_code) or _number(latitude) > NO_LATITUDE:
        return None
    return _Row(postcode, gss_code, _number(latitude), _number(longitude), terminated)


def _code_point_row(fields: list[str]) -> _Row | None:
    """Return what a row says; None where it has no place.

    Raises:
        ValueError: the row is broken.
    """
    if len(fields) != CODE_POINT_COLUMNS:
        raise ValueError(f"{len(fields)} columns")
    postcode, gss_code = _postcode(fields[0]), fields[CODE_POINT_DISTRICT]
    easting, northing = _number(fields[2]), _number(fields[3])
    if not (easting and northing) or not COUNCIL_CODE.fullmatch(gss_code):
        return None
    return _Row(postcode, gss_code, northing, easting, is_terminated=False)


def _postcode(text: str) -> str:
    postcode = parse_postcode(text)
    if not postcode:
        raise ValueError("not a postcode")
    return postcode.replace(" ", "")


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("not a number")
    return number


def _degrees(table: PostcodeFile, rows: list[_Row]) -> list[tuple[float, float]]:
    if table.columns or not rows:
        return [(row.north, row.east) for row in rows]
    latitudes, longitudes = _to_degrees().transform([row.east for row in rows], [row.north for row in rows])
    return list(zip(latitudes, longitudes, strict=True))


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(NATIONAL_GRID, WGS84)


def _note(done: Imported, table: PostcodeFile, line: int, why: str) -> None:
    done.broken += 1
    if len(done.broken_rows) < NAMED:
        done.broken_rows.append(f"{table.name}:{line}: {why}")
