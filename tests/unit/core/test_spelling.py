from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.spelling import fold, normalise
from bot.nlu.fields import FOLDED, NORMALISED
from tests.unit.nlu.conftest import message


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("  Ａ Ｂ\u00a0C  ", "a b c"),
        ("٣ ৩ ۳ ३", "3 3 3 3"),
        ("إقامة آخر أبي على", "اقامه اخر ابي علي"),
        ("عَرَبِيّ ــ", "عربي"),
        ("I’m “here” –", 'i\'m "here" -'),
        ("", ""),
    ],
)
def test_writing_variants_become_one(text: str, normalised: str) -> None:
    assert normalise(text) == normalised


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("łódź ąęśćżź", "lodz aescz" + "z"),
        ("ısı şeker ğ", "isi seker g"),
        ("άλφα", "αλφα"),
        ("їжа йод ґанок", "їжа йод ганок"),
        ("বাংলা ভাষা", "বাংলা ভাষা"),
        ("ਪੰਜਾਬੀ", "ਪੰਜਾਬੀ"),
    ],
)
def test_only_latin_and_greek_lose_their_marks(text: str, folded: str) -> None:
    assert fold(normalise(text)) == folded


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_component_adds_both_forms() -> None:
    processed = message("Łazienka")
    assert processed.get(NORMALISED) == "łazienka"
    assert processed.get(FOLDED) == "lazienka"
