"""How far a number in a table with totals could be another one, for somebody who sees only what is published.

A table with totals is a circulation: every cell is an edge from its row to its column, every total leads back. Rows and
columns then hold as much as they give, and how far one cell can move is a flow through the cells that are not shown.
With whole bounds every whole number in between is possible too.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

UNBOUNDED = 10**9


@dataclass
class Edge:
    """A number of a table. `low` and `high`: what it may be for who does not see it; `cost`: of hiding it."""

    tail: int
    head: int
    value: int
    low: int
    high: int
    cost: int | None = None  # None: it stays as it is
    is_hidden: bool = False

    def room(self, sign: int) -> int:
        """How far it can move up (1) or down (-1) on its own, once it is hidden."""
        return self.high - self.value if sign > 0 else self.value - self.low


class Network:
    """The numbers of a table, some hidden."""

    def __init__(self, nodes: int) -> None:
        self.edges: list[Edge] = []
        self._hidden: list[list[int]] = [[] for _ in range(nodes)]
        self._open: list[list[int]] = [[] for _ in range(nodes)]  # shown, but may be hidden

    def add(self, edge: Edge) -> int:
        """Add a number; return its place."""
        place = len(self.edges)
        self.edges.append(edge)
        if edge.is_hidden or edge.cost is not None:
            for node in (edge.tail, edge.head):
                (self._hidden if edge.is_hidden else self._open)[node].append(place)
        return place

    def hide(self, place: int) -> None:
        """Show a number no more."""
        edge = self.edges[place]
        if not edge.is_hidden:
            edge.is_hidden = True
            for node in (edge.tail, edge.head):
                self._hidden[node].append(place)
                if place in self._open[node]:
                    self._open[node].remove(place)

    def protect(self, place: int, width: int) -> bool:
        """Hide what it takes until a hidden number could be at least `width` different ones; False if nothing helps."""
        for may_hide in (False, True):
            missing, used = width - 1, set[int]()
            for sign in (1, -1):
                moved, on_the_way = self._move(place, sign, missing, may_hide)
                missing -= moved
                used |= on_the_way
            if missing <= 0:
                for other in used:
                    self.hide(other)
                return True
        return False

    def _move(self, place: int, sign: int, wanted: int, may_hide: bool) -> tuple[int, set[int]]:
        """Return how far a number can move, and which of the others must be hidden for it."""
        edge = self.edges[place]
        start, goal = (edge.head, edge.tail) if sign > 0 else (edge.tail, edge.head)
        wanted = min(wanted, edge.room(sign))
        shift: dict[int, int] = {}
        used: set[int] = set()
        moved = 0
        while moved < wanted:
            path = self._cheapest(start, goal, place, shift, used) if may_hide else self._any(start, goal, place, shift)
            if not path:
                break
            step = min(wanted - moved, *(self._room(number, way, shift) for number, way in path))
            for number, way in path:
                shift[number] = shift.get(number, 0) + way * step
                if not self.edges[number].is_hidden:
                    used.add(number)
            moved += step
        return moved, used

    def _room(self, place: int, sign: int, shift: dict[int, int]) -> int:
        return self.edges[place].room(sign) - sign * shift.get(place, 0)

    def _any(self, start: int, goal: int, without: int, shift: dict[int, int]) -> list[tuple[int, int]]:
        """Return the edges of a way (place, direction) through hidden ones; empty when there is none."""
        came: dict[int, tuple[int, int, int]] = {}
        stack = [start]
        while stack and goal not in came:
            node = stack.pop()
            for place in self._hidden[
                node
            ]:  # those hidden for others move farthest: they were added last, so tried first
                edge = self.edges[place]
                way, other = (1, edge.head) if edge.tail == node else (-1, edge.tail)
                if other in came or other == start or place == without or self._room(place, way, shift) <= 0:
                    continue
                came[other] = (place, way, node)
                stack.append(other)
                if other == goal:
                    break
        return _walk_back(came, start, goal)

    def _cheapest(
        self, start: int, goal: int, without: int, shift: dict[int, int], used: set[int]
    ) -> list[tuple[int, int]]:
        """Return the edges of a way (place, direction) that hides as little as possible; empty when there is none."""
        best: dict[int, tuple[int, int]] = {start: (0, 0)}
        came: dict[int, tuple[int, int, int]] = {}
        queue = [(0, 0, start)]
        while queue:
            cost, steps, node = heapq.heappop(queue)
            if node == goal:
                break
            if (cost, steps) > best[node]:
                continue
            for place, way, other, price in self._ways(node, used):
                if place == without or self._room(place, way, shift) <= 0:
                    continue
                offer = (cost + price, steps + 1)
                if other not in best or offer < best[other]:
                    best[other] = offer
                    came[other] = (place, way, node)
                    heapq.heappush(queue, (*offer, other))
        return _walk_back(came, start, goal)

    def _ways(self, node: int, used: set[int]) -> Iterator[tuple[int, int, int, int]]:
        """Yield (place, direction, other end, price) of the edges at a node that may move."""
        for place in self._hidden[node]:
            edge = self.edges[place]
            yield (place, 1, edge.head, 0) if edge.tail == node else (place, -1, edge.tail, 0)
        for place in self._open[node]:
            edge = self.edges[place]
            price = 0 if place in used else edge.cost or 0
            yield (place, 1, edge.head, price) if edge.tail == node else (place, -1, edge.tail, price)


def _walk_back(came: dict[int, tuple[int, int, int]], start: int, goal: int) -> list[tuple[int, int]]:
    path: list[tuple[int, int]] = []
    node = goal
    while node != start:
        if node not in came:
            return []
        place, way, node = came[node]
        path.append((place, way))
    return path
