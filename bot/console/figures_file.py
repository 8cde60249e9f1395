"""Figures as CSV: the same marks as on the page, and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

from bot.console.batch_file import write_csv
from bot.console.insight import Crossing
from bot.console.texts import text
from bot.insight.suppression import LIMIT, Cell


def shown_cell(cell: Cell) -> str:
    """Return what is shown of a number: itself, "fewer than 10" or "hidden"."""
    return str(cell.value) if cell.value is not None else few() if cell.state == "few" else text("figure.hidden")


def few() -> str:
    """Return what is shown for a count under the limit."""
    return text("figure.few", limit=LIMIT)


def write_crossing(crossing: Crossing, corner: str) -> bytes:
    """Return a table with its totals. `corner`: the heading of the first column."""
    rows = [
        [line.name, *(shown_cell(cell) for cell in cells), shown_cell(line.total)]
        for line, cells in zip(crossing.rows, crossing.cells, strict=True)
    ]
    rows.append([text("insight.others"), *(few() for _ in crossing.columns), text("figure.few_each", limit=LIMIT)])
    totals = (shown_cell(line.total) for line in crossing.columns)
    rows.append([text("insight.total"), *totals, shown_cell(crossing.total)])
    return write_csv((corner, *(line.name for line in crossing.columns), text("insight.total")), rows)


def write_needs(crossing: Crossing) -> bytes:
    """Return the need map (councils by topics): a row for every council, and every topic of which it has a number."""
    rows: list[list[str]] = []
    for council, cells in zip(crossing.rows, crossing.cells, strict=True):
        about = [council.id, council.name]
        rows.append([*about, "", text("insight.total"), shown_cell(council.total)])
        rows += [
            [*about, topic.id, topic.name, shown_cell(cell)]
            for topic, cell in zip(crossing.columns, cells, strict=True)
            if cell.state == "shown"
        ]
    return write_csv([text(f"needs.{name}") for name in ("gss_code", "council", "topic", "title", "questions")], rows)
