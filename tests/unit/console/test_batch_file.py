"""The CSV files of a batch test, as people and as attackers make them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.batch_file import (
    FORMULA,
    MOST_BYTES,
    MOST_ROWS,
    Asked,
    BadBatch,
    read_batch,
    safe_cell,
    write_csv,
)
from bot.core.errors import UserInputError

HEAD = "id,language,text,expected_topic\n"


def file(*rows: str, head: str = HEAD) -> bytes:
    return (head + "".join(f"{row}\n" for row in rows)).encode()


def test_rows_are_read() -> None:
    assert read_batch(file("1,pl,Mam grzyb,repairs", "2,,Mice!,", '3,en,"Two, with ""quotes""\nand a line",pests')) == [
        Asked("1", "pl", "Mam grzyb", "repairs"),
        Asked("2", "", "Mice!", ""),
        Asked("3", "en", 'Two, with "quotes"\nand a line', "pests"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + file("1,pl,Mam grzyb,repairs"),
        file("1;pl;Mam grzyb;repairs", head="id;language;text;expected_topic\n"),
        file("1,pl,Mam grzyb,repairs").replace(b"\n", b"\r\n"),
        file("Mam grzyb,1,repairs,pl,x", head="TEXT, Id ,expected_topic,language,more\n"),
        file("", " , ,,", "1,pl,Mam grzyb,repairs"),
        file("1,PL,Mam grzyb,repairs"),
    ],
    ids=["bom", "semicolon", "crlf", "other order", "empty lines", "capitals"],
)
def test_the_forms_that_spreadsheets_write_are_read(raw: bytes) -> None:
    assert read_batch(raw) == [Asked("1", "pl", "Mam grzyb", "repairs")]


def test_a_row_without_an_id_is_called_by_its_line() -> None:
    assert [row.id for row in read_batch(file(",en,Mice,", ",en,Rats,"))] == ["2", "3"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"x" * (MOST_BYTES + 1), "batch_large"),
        ("id,language,text,expected_topic\n1,pl,Pleśń,\n".encode("cp1250"), "batch_encoding"),
        ("id,language,text,expected_topic\n".encode("utf-16"), "batch_encoding"),
        (b"", "batch_columns"),
        (b"id,text\n1,a\n", "batch_columns"),
        (file("1,1,en,Mice,", head="id,id,language,text,expected_topic\n"), "batch_columns"),
        (file(), "batch_empty"),
        (file(*(f"{n},en,Mice," for n in range(MOST_ROWS + 1))), "batch_many"),
        (file('1,en,"' + "x" * 200_000 + '",'), "batch_columns"),
    ],
    ids=["large", "cp1250", "utf-16", "nothing", "columns", "column twice", "no rows", "many rows", "huge field"],
)
def test_a_file_that_cannot_be_used_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(UserInputError) as raised:
        read_batch(raw)
    assert raised.value.code == code


def test_the_most_rows_are_taken() -> None:
    assert len(read_batch(file(*(f"{n},en,Mice," for n in range(MOST_ROWS))))) == MOST_ROWS


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2,en,,repairs", "text"),
        ("2,en,\u200b,repairs", "text"),
        (f"2,en,{'x' * 1001},", "text_long"),
        (f"{'x' * 81},en,Mice,", "id_long"),
        ("1,en,Rats,", "id_twice"),
        ("2,xx,Mice,", "language"),
        ("2,en,Mice,no_such", "topic"),
        ("2", "text"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(row: str, code: str) -> None:
    with pytest.raises(BadBatch) as raised:
        read_batch(file("1,en,Mice,", row))
    assert [(problem.row, problem.code) for problem in raised.value.problems] == [(3, code)]


def test_of_many_problems_the_first_are_named() -> None:
    with pytest.raises(BadBatch) as raised:
        read_batch(file(*("x,en,," for _ in range(100))))
    assert len(raised.value.problems) == 20


# What is written


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=3, max_size=3),
        max_size=5,
    )
)
def test_no_cell_is_a_formula_and_nothing_is_lost(rows: list[list[str]]) -> None:
    written = write_csv(("a", "b", "c"), rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert not any(cell.startswith(FORMULA) for row in read for cell in row)
    kept = [[cell.removeprefix("'") if cell[1:].startswith(FORMULA) else cell for cell in row] for row in read]
    expected = [[cell.removeprefix("'") if cell[1:].startswith(FORMULA) else cell for cell in row] for row in rows]
    assert kept == expected


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil","x")'])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


def test_a_zero_byte_is_left_out() -> None:
    assert safe_cell("a\0b") == "ab"
    with pytest.raises(UserInputError, match="batch_columns"):
        read_batch(file("1,en,a\0b,"))
