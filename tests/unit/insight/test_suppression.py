"""What is published tells no small number: every filling that fits is tried on small tables."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insight.suppression import Cell, Margins, Published, suppress, suppress_lists

LIMIT = 3
WIDTH = 2  # different numbers that a small one could be: half the limit
ABOVE = 4  # so far above the true number a hidden one is tried


def values(cell: Cell, true: int, limit: int) -> Sequence[int]:
    """Return what a number may be for a reader who knows what the marks mean, cut off far above the true one."""
    if cell.state == "shown":
        return (true,)
    low, high = {"few": (0, limit - 1), "covered": (limit, true + ABOVE), "blank": (0, true + ABOVE)}[cell.state]
    return range(low, high + 1)


def fits(cell: Cell, number: int, limit: int) -> bool:
    """Whether a number is one that a published one may stand for."""
    if cell.state == "shown":
        return number == cell.value
    return cell.state == "blank" or (number < limit) == (cell.state == "few")


def fillings(table: Published, true: Sequence[Sequence[int]], limit: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield tables that fit everything that is published."""
    rows = [
        [
            row
            for row in itertools.product(*(values(cell, is_, limit) for cell, is_ in zip(cells, line, strict=True)))
            if fits(total, sum(row), limit)
        ]
        for cells, line, total in zip(table.cells, true, table.row_totals, strict=True)
    ]
    for filling in itertools.product(*rows):
        columns = [sum(column) for column in zip(*filling, strict=True)]
        if fits(table.total, sum(columns), limit) and all(
            fits(total, number, limit) for total, number in zip(table.column_totals, columns, strict=True)
        ):
            yield filling


def small_numbers(true: Sequence[Sequence[int]], limit: int) -> list[tuple[int | None, int | None]]:
    """Return the places of the small numbers; None stands for all rows or all columns."""
    sums = [(None, at, sum(column)) for at, column in enumerate(zip(*true, strict=True))]
    sums += [(row, None, sum(line)) for row, line in enumerate(true)] + [(None, None, sum(map(sum, true)))]
    cells = [(row, at, number) for row, line in enumerate(true) for at, number in enumerate(line)]
    return [(row, at) for row, at, number in (*cells, *sums) if number < limit]


def number_at(filling: Sequence[Sequence[int]], row: int | None, column: int | None) -> int:
    lines = filling if row is None else [filling[row]]
    return sum(sum(line) if column is None else line[column] for line in lines)


def told(table: Published, true: Sequence[Sequence[int]], limit: int) -> list[tuple[int | None, int | None]]:
    """Return the small numbers that a reader can work out, more or less."""
    wanted = {place: set[int]() for place in small_numbers(true, limit)}
    needed = (limit + 1) // 2
    for filling in fillings(table, true, limit):
        for place in [place for place, seen in wanted.items() if len(seen) < needed]:
            wanted[place].add(number_at(filling, *place))
        if all(len(seen) >= needed for seen in wanted.values()):
            return []
    return [place for place, seen in wanted.items() if len(seen) < needed]


def shown(table: Published) -> list[int]:
    """Return every number that is published."""
    cells = (*itertools.chain(*table.cells), *table.row_totals, *table.column_totals, table.total)
    return [cell.value for cell in cells if cell.value is not None]


def tables(rows: int, columns: int, highest: int) -> st.SearchStrategy[list[list[int]]]:
    number = st.one_of(st.integers(0, highest), st.integers(0, LIMIT))
    return st.lists(st.lists(number, min_size=columns, max_size=columns), min_size=rows, max_size=rows)


SIZES = [(1, 1), (1, 3), (3, 1), (2, 2), (2, 3), (3, 2)]


@pytest.mark.parametrize(("rows", "columns"), SIZES)
@given(data=st.data())
@settings(max_examples=150)
def test_no_filling_of_a_published_table_gives_a_small_number_away(
    rows: int, columns: int, data: st.DataObject
) -> None:
    true = data.draw(tables(rows, columns, 9))
    table = suppress(true, limit=LIMIT)
    assert told(table, true, LIMIT) == [], table
    assert all(number >= LIMIT for number in shown(table))


@pytest.mark.parametrize(
    "true", [[[5, 2, 2], [3, 4, 0]], [[2, 5], [5, 3], [2, 0]], [[2, 0], [4, 3], [2, 3]], [[5, 3], [0, 0], [3, 3]]]
)
def test_numbers_about_which_nothing_is_told_are_safe_too(true: list[list[int]]) -> None:
    table = suppress(true, limit=LIMIT)
    assert any(cell.state == "blank" for cell in itertools.chain(*table.cells))
    assert told(table, true, LIMIT) == []


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@given(data=st.data())
@settings(max_examples=150)
def test_a_list_with_its_total_gives_no_small_number_away(size: int, data: st.DataObject) -> None:
    numbers = data.draw(tables(1, size, 9))[0]
    margins = suppress_lists([numbers], limit=LIMIT)
    alone = Published((margins.lists[0],), (margins.total,), margins.lists[0], margins.total)
    assert told(alone, [numbers], LIMIT) == [], margins


@given(tables(3, 3, 30))
@settings(max_examples=200)
def test_what_is_hidden_in_a_line_with_a_total_is_together_no_small_number(true: list[list[int]]) -> None:
    table = suppress(true, limit=LIMIT)
    lines = [*zip(table.cells, true, table.row_totals, strict=True)]
    lines += [*zip(zip(*table.cells, strict=True), zip(*true, strict=True), table.column_totals, strict=True)]
    for cells, numbers, total in lines:
        hidden = [number for cell, number in zip(cells, numbers, strict=True) if cell.state != "shown"]
        assert total.state != "shown" or not hidden or sum(hidden) >= LIMIT, table


@given(tables(3, 4, 30))
@settings(max_examples=200)
def test_marks_and_numbers_are_true(true: list[list[int]]) -> None:
    table = suppress(true, limit=LIMIT)
    for cells, numbers in zip(table.cells, true, strict=True):
        for cell, number in zip(cells, numbers, strict=True):
            assert fits(cell, number, LIMIT), (cell, number)
    assert all(fits(total, sum(row), LIMIT) for total, row in zip(table.row_totals, true, strict=True))


def test_a_total_hidden_elsewhere_cannot_be_added_up_here() -> None:
    margins = suppress_lists([[40, 3, 60], [50, 53]])
    assert [cell.state for cell in margins.lists[0]] == ["covered", "few", "shown"]
    table = suppress([[20, 20], [1, 2], [29, 31]], margins)
    assert any(cell.state != "shown" for cell in table.cells[0])


def test_large_numbers_stay_as_they_are() -> None:
    table = suppress([[100, 20], [30, 40]])
    assert shown(table) == [100, 20, 30, 40, 120, 70, 130, 60, 190]


def test_one_small_number_hides_no_more_than_it_needs() -> None:
    table = suppress([[500, 120, 4], [300, 80, 60], [200, 90, 40]])
    assert table.cells[0][2] == Cell("few")
    assert sum(cell.state != "shown" for cell in itertools.chain(*table.cells)) == 4
    assert all(cell.state == "shown" for cell in (*table.row_totals, *table.column_totals, table.total))


def test_totals_of_another_table_are_refused() -> None:
    with pytest.raises(ValueError, match="another table"):
        suppress([[1, 2]], Margins(((Cell("few"),),), Cell("few")))
    with pytest.raises(ValueError, match="same things"):
        suppress_lists([[1], [2]])


def test_a_table_of_every_topic_and_forty_councils_takes_seconds() -> None:
    random = Random(7)
    weights = [random.paretovariate(0.8) for _ in range(40)]
    true = [[int(random.paretovariate(0.7) * weight / 2) for weight in weights] for _ in range(80)]
    begun = time.perf_counter()
    table = suppress(true)
    assert time.perf_counter() - begun < 20
    assert sum(cell.state == "shown" for cell in itertools.chain(*table.cells)) > 100
