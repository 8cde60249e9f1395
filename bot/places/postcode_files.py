"""Reading the two official tables of postcodes: ONSPD (or NSPL), known by its header, and OS Code-Point Open, which has
none. A file, a folder or a zip. What a table says is not judged here but for its form; storing it is `imports`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO

from bot.core.errors import UserInputError
from bot.places.postcode import parse_postcode

ONSPD, CODE_POINT = "ONSPD", "Code-Point Open"
SUFFIXES = (".csv", ".txt")
PARTS_FOLDER = "multi_csv"  # ONSPD brings its one table a second time, cut in pieces
POSTCODE_COLUMNS = ("pcds", "pcd8", "pcd7", "pcd", "pcd2")
COUNCIL_COLUMN = re.compile(r"oslaua|laua|lad(?:[0-9]{2})?(?:cd)?")
CODE_POINT_COLUMNS, CODE_POINT_DISTRICT = 10, 8
LOOKED_AT = 20  # lines of a file without a header by which it is known
GSS_CODE = re.compile(r"[A-Z][0-9]{8}")


@dataclass(frozen=True)
class Columns:
    """Where in a row of ONSPD things stand; `terminated`: None where the file has live postcodes only."""

    number: int  # of columns
    postcode: int
    council: int
    latitude: int
    longitude: int
    terminated: int | None


@dataclass(frozen=True)
class PostcodeFile:
    """One table. `size`: its bytes; `columns`: of ONSPD, None for Code-Point Open."""

    name: str
    size: int
    columns: Columns | None
    open: Callable[[], AbstractContextManager[IO[str]]]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines below the header with their numbers.

        Raises:
            UserInputError: the file is damaged.
        """
        with _damage_told(self.name), self.open() as file:
            for number, line in enumerate(file, start=1):
                if number > 1 or self.columns is None:
                    yield number, line


@contextmanager
def open_tables(path: Path) -> Iterator[list[PostcodeFile]]:
    """Open a file, folder or zip and give the tables of postcodes in it; other files in a folder or zip are left out.

    Raises:
        UserInputError: it cannot be read, or nothing in it is such a table.
    """
    with ExitStack() as stack:
        with _damage_told(path.name):
            sources = list(_sources(path, stack))
            known = [table for table in (_recognise(*source) for source in sources) if table]
        whole = [table for table in known if PARTS_FOLDER not in PurePosixPath(table.name.lower()).parts]
        if not known:
            raise UserInputError("bad_request", detail=f"{path}: neither ONSPD (a header with {POSTCODE_COLUMNS[0]}, "
                                 "a council, lat and long) nor Code-Point Open")  # fmt: skip
        yield whole or known


def parse_line(line: str) -> list[str]:
    """Return the fields of a line.

    Raises:
        ValueError: it is no line of a CSV file.
    """
    try:
        return [field.strip() for field in next(csv.reader([line]), [])]
    except csv.Error as error:
        raise ValueError(str(error)) from None


Source = tuple[str, int, Callable[[], AbstractContextManager[IO[str]]]]


def _sources(path: Path, stack: ExitStack) -> Iterator[Source]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.suffix.lower() in SUFFIXES:
                yield file.relative_to(path).as_posix(), file.stat().st_size, _opener(file)
    elif zipfile.is_zipfile(path):
        archive = stack.enter_context(zipfile.ZipFile(path))
        for info in sorted(archive.infolist(), key=lambda item: item.filename):
            if not info.is_dir() and info.filename.lower().endswith(SUFFIXES):
                yield info.filename, info.file_size, _member_opener(archive, info)
    else:
        yield path.name, path.stat().st_size, _opener(path)


def _opener(file: Path) -> Callable[[], AbstractContextManager[IO[str]]]:
    return lambda: file.open(encoding="utf-8-sig", errors="replace", newline="")


def _member_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], AbstractContextManager[IO[str]]]:
    return lambda: io.TextIOWrapper(archive.open(info), encoding="utf-8-sig", errors="replace", newline="")


def _recognise(name: str, size: int, opened: Callable[[], AbstractContextManager[IO[str]]]) -> PostcodeFile | None:
    with opened() as file:
        first = list(islice(file, LOOKED_AT))
    rows = [_fields(line) for line in first]
    columns = _columns([field.lower() for field in rows[0]]) if rows else None
    if columns or any(map(_is_code_point, rows)):
        return PostcodeFile(name, size, columns, opened)
    return None


def _columns(header: list[str]) -> Columns | None:
    """Return where things stand by a header's names; None where one is missing."""
    postcode = next((header.index(name) for name in POSTCODE_COLUMNS if name in header), None)
    council = next((number for number, name in enumerate(header) if COUNCIL_COLUMN.fullmatch(name)), None)
    if postcode is None or council is None or "lat" not in header or "long" not in header:
        return None
    terminated = header.index("doterm") if "doterm" in header else None
    return Columns(len(header), postcode, council, header.index("lat"), header.index("long"), terminated)


def _is_code_point(fields: list[str]) -> bool:
    return (
        len(fields) == CODE_POINT_COLUMNS
        and parse_postcode(fields[0]) is not None
        and all(field.isdecimal() for field in fields[1:4])
        and GSS_CODE.fullmatch(fields[4]) is not None
    )


def _fields(line: str) -> list[str]:
    try:
        return parse_line(line)
    except ValueError:
        return []


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserInputError("bad_request", detail=f"{name}: {error.strerror or type(error).__name__}") from error
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise UserInputError("bad_request", detail=f"{name}: damaged, or a kind of zip that cannot be read") from error
