"""The files of a batch test: the CSV that is read, and the one with the results that is written.

Read: UTF-8 with or without BOM, comma or semicolon, the columns `id,language,text,expected_topic` in any order.
Written: UTF-8 with BOM, so that spreadsheets show every script, and with no cell that one would take for a formula.

>>> safe_cell("=1+1"), safe_cell("repairs")
("'=1+1", 'repairs')
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.console.flags import is_expected
from bot.core.errors import UserInputError
from bot.core.text import clean
from bot.i18n.locales import find_locale

MOST_ROWS, MOST_BYTES = 5_000, 2_000_000
LONGEST_ID, LONGEST_TEXT = 80, 1_000
COLUMNS = ("id", "language", "text", "expected_topic")
RESULT_COLUMNS = (*COLUMNS, "topic", "confidence", "second", "third", "detected_language", "crisis", "right")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHOWN_PROBLEMS = 20


@dataclass(frozen=True)
class Asked:
    """One row of the file. `language`: a hint, empty for none; `expected`: a topic, empty for none."""

    id: str
    language: str
    text: str
    expected: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: its number in the file (the header is 1) and the key `batch_problem.<code>`."""

    row: int
    code: str


class BadBatch(UserInputError):
    """A file with rows that cannot be used; the first of them are named."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("batch_rows", status=422)
        self.problems = tuple(problems[:SHOWN_PROBLEMS])


def read_batch(raw: bytes) -> list[Asked]:
    """Return the rows of a file.

    Raises:
        UserInputError: `batch_large`, `batch_encoding`, `batch_columns`, `batch_many`, `batch_empty`, or `BadBatch`.
    """
    if len(raw) > MOST_BYTES:
        raise UserInputError("batch_large", status=413)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserInputError("batch_encoding", status=422) from None
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error:
        raise UserInputError("batch_columns", status=422) from None
    names = [name.strip().casefold() for name in lines[0][1]] if lines else []
    if any(names.count(column) != 1 for column in COLUMNS):
        raise UserInputError("batch_columns", status=422)
    rows = [(number, line) for number, line in lines[1:] if any(cell.strip() for cell in line)]
    if len(rows) > MOST_ROWS:
        raise UserInputError("batch_many", status=422)
    if not rows:
        raise UserInputError("batch_empty", status=422)
    return _checked(rows, {column: names.index(column) for column in COLUMNS})


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file with every cell safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe_cell(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = str(cell).replace("\0", "")
    return f"'{text}" if text.startswith(FORMULA) else text


def _checked(rows: Sequence[tuple[int, list[str]]], places: Mapping[str, int]) -> list[Asked]:
    asked: list[Asked] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, line in rows:
        values = {name: line[place].strip() if place < len(line) else "" for name, place in places.items()}
        row_id, locale = clean(values["id"]) or str(number), find_locale(values["language"])
        text = clean(values["text"])
        code = _problem(values, row_id, text, has_locale=locale is not None, is_seen=row_id in seen)
        if code:
            problems.append(Problem(number, code))
            continue
        seen.add(row_id)
        asked.append(Asked(row_id, locale.tag if locale else "", text, values["expected_topic"]))
    if problems:
        raise BadBatch(problems)
    return asked


def _problem(values: Mapping[str, str], row_id: str, text: str, *, has_locale: bool, is_seen: bool) -> str:
    if not text:
        return "text"
    if len(text) > LONGEST_TEXT:
        return "text_long"
    if len(row_id) > LONGEST_ID:
        return "id_long"
    if is_seen:
        return "id_twice"
    if values["language"] and not has_locale:
        return "language"
    if values["expected_topic"] and not is_expected(values["expected_topic"]):
        return "topic"
    return ""
