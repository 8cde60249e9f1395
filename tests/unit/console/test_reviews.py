"""Who may approve which translation, and what reaches a file."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Connection

from bot.console.reviews import (
    APPROVED,
    TAKEN_BACK,
    approve,
    approve_present,
    checked_text,
    propose,
    refuse,
    reviews_of,
    take_back,
)
from bot.console.translation_list import count_states, export_catalogue, filter_texts, texts_of
from bot.core.errors import NotFound, UserInputError
from bot.i18n.check import check_translation
from bot.i18n.coverage import all_sources
from bot.i18n.locales import get_locale
from bot.i18n.sources import SourceText

POLISH = get_locale("pl")
SOURCE = next(source for source in all_sources() if source.key == "ui.picker.title")
OTHER = next(source for source in all_sources() if source.key == "ui.picker.back")
WORDS = "Proszę wybrać język"
NOW = 1_800_000_000.0


def proposed(connection: Connection, words: str = WORDS, author: str = "amina", source: SourceText = SOURCE) -> str:
    return propose(connection, POLISH, source, words, author=author, now=NOW).id


def code_of(problem: pytest.ExceptionInfo[UserInputError]) -> str:
    return problem.value.code


def test_somebody_else_approves(connection: Connection) -> None:
    review = approve(connection, POLISH, SOURCE, proposed(connection), by="bob", now=NOW + 1)
    assert (review.state, review.author, review.decided_by) == (APPROVED, "amina", "bob")
    assert reviews_of(connection, "pl", SOURCE.key) == [review]


def test_nobody_approves_their_own_words(connection: Connection) -> None:
    review = proposed(connection)
    with pytest.raises(UserInputError) as problem:
        approve(connection, POLISH, SOURCE, review, by="amina", now=NOW)
    assert code_of(problem) == "own_work"


def test_the_same_words_of_another_are_still_ones_own(connection: Connection) -> None:
    refuse(connection, POLISH, SOURCE.key, proposed(connection), by="bob", now=NOW)
    again = proposed(connection, author="bob")
    with pytest.raises(UserInputError) as problem:
        approve(connection, POLISH, SOURCE, again, by="amina", now=NOW)
    assert code_of(problem) == "own_work"
    assert approve(connection, POLISH, SOURCE, again, by="chidi", now=NOW).state == APPROVED


def test_ones_own_words_in_the_catalogue_are_ones_own_too(connection: Connection) -> None:
    approve(connection, POLISH, SOURCE, proposed(connection), by="bob", now=NOW)
    with pytest.raises(UserInputError) as problem:
        approve_present(connection, POLISH, SOURCE, WORDS, by="amina", now=NOW)
    assert code_of(problem) == "own_work"


def test_what_stands_in_the_catalogue_can_be_approved(connection: Connection) -> None:
    review = approve_present(connection, POLISH, SOURCE, "Wybierz swój język", by="bob", now=NOW)
    assert (review.author, review.state) == ("", APPROVED)


def test_a_decision_is_taken_once(connection: Connection) -> None:
    review = proposed(connection)
    refuse(connection, POLISH, SOURCE.key, review, by="bob", now=NOW)
    with pytest.raises(NotFound):
        approve(connection, POLISH, SOURCE, review, by="bob", now=NOW)


def test_a_proposal_belongs_to_its_text_and_language(connection: Connection) -> None:
    review = proposed(connection)
    with pytest.raises(NotFound):
        approve(connection, POLISH, OTHER, review, by="bob", now=NOW)
    with pytest.raises(NotFound):
        refuse(connection, get_locale("ar"), SOURCE.key, review, by="bob", now=NOW)


def test_only_the_author_takes_a_proposal_back(connection: Connection) -> None:
    review = proposed(connection)
    with pytest.raises(NotFound):
        take_back(connection, POLISH, SOURCE.key, review, by="bob", now=NOW)
    assert take_back(connection, POLISH, SOURCE.key, review, by="amina", now=NOW).state == TAKEN_BACK


def test_a_newer_proposal_of_the_same_person_replaces_the_older(connection: Connection) -> None:
    proposed(connection)
    proposed(connection, "Wybierz język")
    assert sorted(one.state for one in reviews_of(connection, "pl", SOURCE.key)) == ["proposed", TAKEN_BACK]


def test_a_proposal_for_an_earlier_english_is_not_approved(connection: Connection) -> None:
    earlier = SourceText(SOURCE.key, "Pick a language", SOURCE.path)
    review = proposed(connection, source=earlier)
    with pytest.raises(UserInputError) as problem:
        approve(connection, POLISH, SOURCE, review, by="bob", now=NOW)
    assert code_of(problem) == "english_changed"


def test_what_the_checks_refuse_is_not_kept(connection: Connection) -> None:
    call = next(source for source in all_sources() if source.key == "ui.contact.call")
    assert [level for level, _ in check_translation(call, "Zadzwoń", POLISH)] == ["error"]
    with pytest.raises(UserInputError) as problem:
        proposed(connection, "Zadzwoń", source=call)
    assert code_of(problem) == "translation_check"


@pytest.mark.parametrize(
    "words", ["", "  \n ", "a" * 2_001, "Wy\u202ebierz", "Wy\x00bierz", "Wy\u2066bierz", "\U000e0041a"]
)
def test_texts_that_are_none_or_hide_something_are_refused(words: str) -> None:
    with pytest.raises(UserInputError) as problem:
        checked_text(words)
    assert code_of(problem) == "translation_text"


def test_spelling_signs_stay_and_spaces_are_put_right() -> None:
    assert checked_text(" می\u200cخواهم \n  خانه ") == "می\u200cخواهم خانه"
    assert checked_text("e\u0301") == "é"


def test_states_and_filters(connection: Connection) -> None:
    proposed(connection)
    approve(connection, POLISH, OTHER, proposed(connection, "Cofnij", source=OTHER), by="bob", now=NOW)
    texts = texts_of(POLISH, reviews_of(connection, "pl"))
    numbers = count_states(texts)
    assert (numbers["proposed"], numbers["approved"], sum(numbers.values())) == (1, 1, len(all_sources()))
    assert [text.key for text in filter_texts(texts, state="proposed")] == [SOURCE.key]
    assert [text.translation for text in filter_texts(texts, words="cofnij", kind="ui")] == ["Cofnij"]
    assert filter_texts(texts, words="cofnij", kind="waste") == []


def test_only_approved_words_reach_a_file(connection: Connection) -> None:
    proposed(connection)
    approve(connection, POLISH, OTHER, proposed(connection, "Cofnij", source=OTHER), by="bob", now=NOW)
    refuse(connection, POLISH, OTHER.key, proposed(connection, "Zawróćże", source=OTHER), by="bob", now=NOW)
    texts = texts_of(POLISH, reviews_of(connection, "pl"))
    approved = export_catalogue(POLISH, texts, is_whole=False)
    assert approved.count("msgctxt") == 1
    assert 'msgstr "Cofnij"' in approved
    whole = export_catalogue(POLISH, texts, is_whole=True)
    assert whole.count("msgctxt") == len(all_sources())
    assert WORDS not in whole
    assert "Zawróćże" not in whole
