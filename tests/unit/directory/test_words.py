"""Words and pieces that the index is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.words import (
    MOST_WORDS,
    english_words,
    fold,
    index_pieces,
    other_words,
    question_pieces,
    question_words,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Łódź", "lodz"), ("Ёлка", "елка"), ("كتاب", "کتاب"), ("Mary’s", "marys"),
     ("ＦＯＯＤ", "food"), ("Straße", "strasse")],
)  # fmt: skip
def test_variants_of_a_word_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "query"),
    [("伦敦难民中心", "难民"), ("伦敦难民中心", "难"), ("ศูนย์ผู้ลี้ภัย", "ลี้ภัย"),
     ("مركز اللاجئين", "اللاجئين"), ("የስደተኞች ማዕከል", "ማዕከል"),
     ("শরণার্থী কেন্দ্র", "কেন্দ্র")],
)  # fmt: skip
def test_a_word_of_another_script_is_found_inside_a_text(text: str, query: str) -> None:
    indexed = set(index_pieces([text]))
    assert question_pieces(query)
    assert all(set(word) <= indexed for word in question_pieces(query))


def test_a_question_keeps_few_words_and_no_stop_words() -> None:
    assert question_words("Where can I get the food bank food") == ["food", "bank"]
    assert len(question_words(" ".join(f"word{number}" for number in range(99)))) == MOST_WORDS


@given(st.text(max_size=200))
def test_every_word_is_plain_for_the_index(text: str) -> None:
    words = [*english_words(text), *(piece for word in other_words(text) for piece in word)]
    assert all(word and not any(sign in word for sign in "\"'\\&|!():* \0") for word in words)
