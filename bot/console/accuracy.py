"""How many of a number were right, and how sure that is: Wilson's interval, by language and by topic.

>>> [round(side, 3) for side in wilson(8, 10)]
[0.49, 0.943]
>>> wilson(0, 0)
(0.0, 1.0)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

Z = 1.959963984540054  # 95 %
T = TypeVar("T")


@dataclass(frozen=True)
class Share:
    """So many of so many were right. `low` and `high`: between these lies the true share, in 95 of 100 cases."""

    name: str
    right: int
    total: int

    @property
    def share(self) -> float:
        """The share of 1; 0 of nothing."""
        return self.right / self.total if self.total else 0.0

    @property
    def low(self) -> float:
        """Lower end of the interval, a share of 1."""
        return wilson(self.right, self.total)[0]

    @property
    def high(self) -> float:
        """Upper end of the interval, a share of 1."""
        return wilson(self.right, self.total)[1]


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return both ends of Wilson's 95 % interval for a share, each between 0 and 1.

    Raises:
        ValueError: more are right than there are, or a number is negative.
    """
    if not 0 <= right <= total:
        raise ValueError(f"{right} of {total}")
    if total == 0:
        return 0.0, 1.0
    share, square = right / total, Z * Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return middle - half if right else 0.0, middle + half if right < total else 1.0


def shares_by(items: Iterable[T], name_of: Callable[[T], str], is_right: Callable[[T], bool]) -> list[Share]:
    """Return the share of each name, in the order of the names."""
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item in items:
        numbers = counted[name_of(item)]
        numbers[0] += is_right(item)
        numbers[1] += 1
    return [Share(name, right, total) for name, (right, total) in sorted(counted.items())]
