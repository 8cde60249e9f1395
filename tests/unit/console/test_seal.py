"""Sealed values come back only as they were, with the same key and for the same purpose."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.console.seal import seal, unseal

KEY = "k" * 40


@given(st.text())
def test_a_text_comes_back(text: str) -> None:
    encodable = text.encode("utf-8", "ignore").decode()
    assert unseal(KEY, "a", seal(KEY, "a", encodable)) == encodable


def test_nothing_comes_back_otherwise() -> None:
    sealed = seal(KEY, "a", "secret")
    assert "secret" not in sealed
    assert unseal("j" * 40, "a", sealed) is None
    assert unseal(KEY, "b", sealed) is None
    assert unseal(KEY, "a", sealed, within_seconds=-1) is None
    for changed in (sealed[:-2] + "AA", sealed[1:], "", "é", "x" * 500):
        assert unseal(KEY, "a", changed) is None
