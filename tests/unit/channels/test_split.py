"""Cutting texts: nothing lost, nothing too long, no address and no number torn."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.split import first_part, split, utf16
from bot.i18n.sms import segments

LINK = "https://england.shelter.org.uk/housing_advice/homelessness/emergency_housing"
words = st.lists(
    st.sampled_from(["home", "dom.", "بيت", "ঘর।", "\n\n", "\n", "0808 800 4444", LINK, "999.", "👩‍👩‍👧", "a" * 30]),
    max_size=60,
).map(" ".join)


@given(text=words, limit=st.integers(90, 400))
def test_parts_fit_and_together_are_the_text(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < utf16(part) <= limit for part in parts)
    assert all(part == part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(text=words, limit=st.integers(90, 400))
def test_no_address_and_no_number_is_torn(text: str, limit: int) -> None:
    parts = split(text, limit)
    for whole in (LINK, "0808 800 4444"):
        assert sum(part.count(whole) for part in parts) == text.count(whole)


def test_a_paragraph_is_the_first_choice_then_a_line_then_a_sentence() -> None:
    assert split("First one.\n\nSecond one. Third.", 20) == ["First one.", "Second one. Third."]
    assert split("First line\nsecond line", 15) == ["First line", "second line"]
    assert split("One two. Three four.", 12) == ["One two.", "Three four."]
    assert split("one two three", 8) == ["one two", "three"]


def test_a_tiny_first_paragraph_does_not_stand_alone() -> None:
    assert split("A\n\n" + "word " * 30 + "end. " + "more " * 30, 200)[0].startswith("A\n\nword")


def test_length_is_counted_as_platforms_count_it() -> None:
    assert utf16("👍") == 2
    assert [utf16(part) for part in split("👍" * 10, 6)] == [6, 6, 6, 2]


def test_a_text_message_is_measured_in_segments() -> None:
    head, rest = first_part("word " * 100, 1, segments)
    assert segments(head) == 1
    assert segments(f"{head} word") == 2
    assert len(re.findall("word", head + rest)) == 100


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing_gives_nothing(text: str) -> None:
    assert split(text, 10) == []
