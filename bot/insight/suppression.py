"""Small numbers in tables: hidden, and so that no total gives them away.

A count under the limit is `few`: all that is told is that it is under the limit, zero included. Other numbers are
hidden with it (`covered`) where a total minus the rest would tell it. What holds for what is published:

- a hidden count could, as far as the table with its totals tells, be half as many different numbers as the limit;
- what is hidden in a row or a column whose total is shown is together at least the limit.

Where that cannot be had, hidden numbers are `blank`: nothing is told about them, not even whether they are small.

>>> table = suppress([[40, 3], [60, 70]])
>>> [[cell.state for cell in row] for row in table.cells]
[['covered', 'few'], ['covered', 'covered']]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.insight.flow import UNBOUNDED, Edge, Network

LIMIT = 10
State = Literal["shown", "few", "covered", "blank"]
TOTAL_COST = 10_000  # totals are the last to go


@dataclass(frozen=True)
class Cell:
    """A published number: `value` is None unless its state is `shown`."""

    state: State
    value: int | None = None


HIDDEN = Cell("blank")


@dataclass(frozen=True)
class Margins:
    """Published totals of several lists over the same things, and of all of it."""

    lists: tuple[tuple[Cell, ...], ...]
    total: Cell


@dataclass(frozen=True)
class Published:
    """A published table: its cells row by row, and its totals."""

    cells: tuple[tuple[Cell, ...], ...]
    row_totals: tuple[Cell, ...]
    column_totals: tuple[Cell, ...]
    total: Cell


def suppress_lists(lists: Sequence[Sequence[int]], *, limit: int = LIMIT) -> Margins:
    """Return several lists that add up to the same total, each counting the same things by something else.

    A total is shown in all of them or in none.

    Raises:
        ValueError: they do not add up to the same.
    """
    if len({sum(values) for values in lists}) > 1:
        raise ValueError("the lists do not count the same things")
    is_total_hidden = bool(lists) and sum(lists[0]) < limit
    while True:
        published = [_suppress_list(values, limit, is_total_hidden) for values in lists]
        if is_total_hidden or not any(total.is_hidden for _, total in published):
            break
        is_total_hidden = True
    cells = tuple(tuple(_cell(edge, limit) for edge in edges) for edges, _ in published)
    return Margins(cells, _cell(published[0][1], limit) if published else Cell("few"))


def suppress(cells: Sequence[Sequence[int]], margins: Margins | None = None, *, limit: int = LIMIT) -> Published:
    """Return a table (rows of the same length) as it may be published.

    `margins`: how its totals by row and by column were published, when other tables show them too; they are kept so.

    Raises:
        ValueError: `margins` are not of this table.
    """
    sums = [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]
    margins = margins or suppress_lists(sums, limit=limit)
    if [len(cells_of) for cells_of in margins.lists] != [len(sums_of) for sums_of in sums]:
        raise ValueError("the totals are of another table")
    work = _Table(cells, sums, margins, limit)
    return work.published() if work.protect() else _nothing(cells)


class _Table:
    """A table while it is worked on. Nodes: the rows, one for the totals by column, the columns, one for the others."""

    def __init__(
        self, cells: Sequence[Sequence[int]], sums: tuple[list[int], list[int]], margins: Margins, limit: int
    ) -> None:
        self._limit, self._margins = limit, margins
        self._height, self._width = len(sums[0]), len(sums[1])
        self._network = Network(self._height + self._width + 2)
        self._blank: set[int] = set()
        self._cells = [
            [self._add(row, self._column(column), value) for column, value in enumerate(values)]
            for row, values in enumerate(cells)
        ]
        totals = [(self._column(self._width), row, value, margins.lists[0][row]) for row, value in enumerate(sums[0])]
        totals += [(self._column(at), self._height, value, margins.lists[1][at]) for at, value in enumerate(sums[1])]
        totals.append((self._height, self._column(self._width), sum(sums[0]), margins.total))
        self._totals = [self._network.add(_edge(tail, head, value, limit, cell)) for tail, head, value, cell in totals]

    def protect(self) -> bool:
        """Hide what must be; False when even an empty table would tell too much."""
        self._fill_lines()
        need = _needed(self._limit)
        places = [place for row in self._cells for place in row if self._network.edges[place].is_hidden]
        hidden_totals = [place for place in self._totals if self._network.edges[place].is_hidden]
        for place in (*hidden_totals, *places):
            if not self._network.protect(place, need) and not self._give_up(place, need):
                return False
        return True

    def published(self) -> Published:
        """Return the table as it is now."""
        return Published(
            tuple(tuple(self._published(place) for place in row) for row in self._cells),
            self._margins.lists[0],
            self._margins.lists[1],
            self._margins.total,
        )

    def _add(self, tail: int, head: int, value: int) -> int:
        if value < self._limit:
            return self._network.add(Edge(tail, head, value, 0, self._limit - 1, is_hidden=True))
        return self._network.add(Edge(tail, head, value, self._limit, UNBOUNDED, cost=value))

    def _column(self, number: int) -> int:
        return self._height + 1 + number

    def _fill_lines(self) -> None:
        """Hide the smallest shown numbers of every line whose hidden ones are together under the limit."""
        columns = [list(column) for column in zip(*self._cells, strict=True)]
        for lines, totals in zip((self._cells, columns), self._margins.lists, strict=True):
            for line, total in zip(lines, totals, strict=True):
                edges = self._network.edges
                hidden = [edges[place].value for place in line if edges[place].is_hidden]
                if total.state != "shown" or not hidden or sum(hidden) >= self._limit:
                    continue
                shown = [place for place in line if not edges[place].is_hidden]
                if shown:
                    self._network.hide(min(shown, key=lambda place: edges[place].value))

    def _give_up(self, place: int, need: int) -> bool:
        """Tell nothing any more about what is hidden around a number, then about ever more, until it is safe."""
        row, column = next(
            ((row, places.index(place)) for row, places in enumerate(self._cells) if place in places), (None, None)
        )
        everything = [number for places in self._cells for number in places]
        lines = [] if row is None or column is None else [self._cells[row], [line[column] for line in self._cells]]
        for line in (*lines, everything):
            for is_all in (False, True):
                for number in line:
                    if is_all or self._network.edges[number].is_hidden:
                        self._network.hide(number)
                        self._blank.add(number)
                        self._network.edges[number].low, self._network.edges[number].high = 0, UNBOUNDED
                if self._network.protect(place, need):
                    return True
        return False

    def _published(self, place: int) -> Cell:
        return HIDDEN if place in self._blank else _cell(self._network.edges[place], self._limit)


def _suppress_list(values: Sequence[int], limit: int, is_total_hidden: bool) -> tuple[list[Edge], Edge]:
    network, total = Network(2), sum(values)
    places = [network.add(_edge(0, 1, value, limit)) for value in values]
    whole = network.add(
        _edge(1, 0, total, limit, Cell("covered") if is_total_hidden else None, cost=TOTAL_COST + total)
    )
    edges = network.edges
    hidden = [place for place in places if edges[place].is_hidden]
    shown = [place for place in places if not edges[place].is_hidden]
    if hidden and shown and not edges[whole].is_hidden and sum(edges[place].value for place in hidden) < limit:
        network.hide(min(shown, key=lambda place: edges[place].value))
    for place in (*hidden, *([whole] if edges[whole].is_hidden else [])):
        network.protect(place, _needed(limit))
    return [edges[place] for place in places], edges[whole]


def _edge(tail: int, head: int, value: int, limit: int, cell: Cell | None = None, *, cost: int | None = None) -> Edge:
    """Return a number as it is published already (`cell`), or as it has to be."""
    is_few = value < limit
    low, high = (0, limit - 1) if is_few else (limit, UNBOUNDED)
    if cell is None:
        return Edge(tail, head, value, low, high, None if is_few else cost or value, is_few)
    if cell.state == "blank":
        low, high = 0, UNBOUNDED
    return Edge(tail, head, value, low, high, None, cell.state != "shown")


def _cell(edge: Edge, limit: int) -> Cell:
    if not edge.is_hidden:
        return Cell("shown", edge.value)
    return Cell("few" if edge.value < limit else "covered")


def _needed(limit: int) -> int:
    return (limit + 1) // 2


def _nothing(cells: Sequence[Sequence[int]]) -> Published:
    columns = len(cells[0]) if cells else 0
    return Published(tuple((HIDDEN,) * columns for _ in cells), (HIDDEN,) * len(cells), (HIDDEN,) * columns, HIDDEN)
