"""Wilson's interval and the shares by name."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.accuracy import shares_by, wilson


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # the values of Newcombe (1998) and of R's binom::binom.wilson
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_it_gives_the_published_values(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 5000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_share_lies_between_its_ends(numbers: tuple[int, int]) -> None:
    right, total = numbers
    low, high = wilson(right, total)
    assert 0.0 <= low <= (right / total if total else 0.5) <= high <= 1.0


def test_more_messages_make_it_narrower() -> None:
    widths = [high - low for low, high in (wilson(n * 8, n * 10) for n in (1, 2, 10, 100))]
    assert all(wide > narrow for wide, narrow in pairwise(widths))


@pytest.mark.parametrize(("right", "total"), [(2, 1), (-1, 3)])
def test_impossible_numbers_are_refused(right: int, total: int) -> None:
    with pytest.raises(ValueError, match="of"):
        wilson(right, total)


def test_shares_are_by_name_in_order() -> None:
    shares = shares_by(["ur1", "en1", "ur0"], lambda item: item[:2], lambda item: item.endswith("1"))
    assert [(one.name, one.right, one.total, one.share) for one in shares] == [("en", 1, 1, 1.0), ("ur", 1, 2, 0.5)]
