from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import METADATA

from bot.nlu.charmodel import CharModel, ngrams
from bot.nlu.fields import LANGUAGE, LANGUAGE_HINT, LANGUAGE_SCORE
from bot.nlu.language import LanguageIdentifier, identify
from tests.unit.nlu.conftest import Bench, examples, message

DATA = examples(
    ("en", "greet", "good morning to you"),
    ("pl", "greet", "dzień dobry wszystkim"),
    ("uk", "greet", "добрий день усім"),
    ("ar", "greet", "صباح الخير يا جماعة"),
    ("ar", "greet", "saba7 el kheir ya jama3a keef 7alkom"),
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[LanguageIdentifier, LanguageIdentifier]:
    """The component as trained and as loaded; trained once, because it reads every catalogue and lexicon."""
    bench = Bench(tmp_path_factory.mktemp("language"))
    made: LanguageIdentifier = bench.create(LanguageIdentifier)
    made.train(DATA)
    return made, bench.load(LanguageIdentifier)


@pytest.fixture
def identifier(trained: tuple[LanguageIdentifier, LanguageIdentifier]) -> LanguageIdentifier:
    return trained[1]


def test_words_are_padded_and_cut_into_one_to_four_characters() -> None:
    assert ngrams("ab") == [" ", "a", "b", " ", " a", "ab", "b ", " ab", "ab ", " ab "]


def test_texts_are_told_apart_and_the_likeliest_class_is_certain() -> None:
    model = CharModel.train([("en", "the house is cold"), ("pl", "dom jest zimny")], min_count=1)
    assert identify(model, "the cold house")[0] == "en"
    assert identify(model, "zimny dom")[0] == "pl"


def test_text_without_letters_has_the_language_of_the_session() -> None:
    model = CharModel.train([("en", "a"), ("pl", "b")], min_count=1)
    assert identify(model, "12 !?", "pl") == ("pl", 0.0)
    assert identify(model, "12 !?") == ("en", 0.0)


def test_loaded_component_answers_as_the_trained_one(trained: tuple[LanguageIdentifier, LanguageIdentifier]) -> None:
    made, loaded = trained
    for text in ("dzień dobry", "good day", "добрий ранок", "صباح", "keef 7alek"):
        one, other = made.process([message(text)])[0], loaded.process([message(text)])[0]
        assert one.get(LANGUAGE) == other.get(LANGUAGE)
        assert one.get(LANGUAGE_SCORE) == pytest.approx(other.get(LANGUAGE_SCORE), abs=0.02)


@pytest.mark.parametrize(
    ("text", "language"),
    [("gdzie mogę spać dziś w nocy", "pl"), ("وين انام الليلة", "ar"),
         ("saba7 el kheir ya jama3a", "ar"),
     ("хочу знайти квартиру", "uk"), ("halkee ayaan caawa seexdaa", "so"), ("where can I sleep", "en")],
)  # fmt: skip
def test_languages_are_known_from_catalogues_and_lexicons_alone(
    identifier: LanguageIdentifier, text: str, language: str
) -> None:
    assert identifier.process([message(text)])[0].get(LANGUAGE) == language


def test_session_language_decides_what_is_ambiguous() -> None:
    model = CharModel.train([("en", "no no yes"), ("so", "no no haa")], min_count=1)
    assert identify(model, "no", "so")[0] == "so"
    assert identify(model, "no", "en")[0] == "en"


def test_hint_comes_from_the_metadata_of_the_message(identifier: LanguageIdentifier) -> None:
    assert identifier.process([message("123", **{METADATA: {LANGUAGE_HINT: "so"}})])[0].get(LANGUAGE) == "so"


def test_training_examples_keep_the_language_they_are_marked_with(bench: Bench) -> None:
    identifier = bench.create(LanguageIdentifier)
    marked = identifier.process_training_data(examples(("pl", "greet", "hello")))
    assert marked.training_examples[0].get(LANGUAGE) == "pl"


def test_use_before_training_is_an_error(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="before"):
        bench.create(LanguageIdentifier).process([message("hello")])
