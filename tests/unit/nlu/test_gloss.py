from __future__ import annotations

import pytest

from bot.core.spelling import fold, normalise
from bot.nlu.fields import GLOSS, LANGUAGE
from bot.nlu.gloss import Glosser, gloss_text, load_affixes, load_lexicon_entries, make_lexicon, split_words
from bot.nlu.lexicon import Affixes, Lexicon
from tests.unit.nlu.conftest import Bench, examples, message

ENTRIES = {
    "mieszkanie": "flat",
    "na ulicy": "homeless",
    "spie": "sleep",
    "wlasciciel domu": "landlord",
    "wlasciciel domu z miasta": "big landlord",
    "wyrzucic": "throw out/evict",
}
LEXICON = Lexicon(ENTRIES, Affixes(prefixes=("wy",), suffixes=("ami", "u", "a", "e"), min_stem=4))


@pytest.mark.parametrize(
    ("word", "english"),
    [
        ("mieszkanie", "flat"),
        ("mieszkaniu", "flat"),       # another ending of the same stem
        ("mieszkaniami", "flat"),
        ("wyrzucci", "throw out/evict"),  # two letters swapped
        ("mieszkaniem", "flat"),      # a long common beginning
        ("xyz", None),
        ("12", None),
    ],
)  # fmt: skip
def test_unknown_forms_reach_their_word(word: str, english: str | None) -> None:
    assert LEXICON.find_word(word) == english


def test_longest_phrase_wins() -> None:
    words = ["wlasciciel", "domu", "z", "miasta", "spie", "na", "ulicy"]
    assert [english for _, english in LEXICON.gloss(words)] == ["big landlord", "sleep", "homeless"]


def test_names_and_english_words_pass_and_unknown_words_of_other_scripts_do_not() -> None:
    lexicon = make_lexicon({"بيت": "house"}, {})
    assert gloss_text(lexicon, "بيت leeds قققق 12", "ar") == "house leeds 12"


def test_an_english_word_inside_a_message_is_not_guessed_at() -> None:
    entries = {"maszyna": "machine", "paylasmak": "share"}
    guessing = make_lexicon(entries, {})
    knowing = make_lexicon(entries, {}, frozenset({"maszyny", "paylasma"}))
    assert gloss_text(guessing, "maszyny", "pl") == "machine"
    assert gloss_text(knowing, "maszyny maszyna", "pl") == "maszyny machine"


def test_a_hyphenated_word_is_glossed_by_its_parts_unless_it_has_an_entry() -> None:
    lexicon = Lexicon({"mandou": "sent", "me": "me", "guarda-roupa": "wardrobe", "roupa": "clothes"})
    assert lexicon.gloss(["mandou-me", "guarda-roupa"]) == [
        ("mandou", "sent"),
        ("me", "me"),
        ("guarda-roupa", "wardrobe"),
    ]


def test_alternatives_are_all_kept() -> None:
    assert gloss_text(LEXICON, "wyrzucic", "pl") == "throw out evict"


def test_punctuation_is_no_word() -> None:
    assert split_words("co? to -- tak!", "pl") == ["co", "to", "tak"]


def test_loaded_component_glosses_as_the_trained_one(bench: Bench) -> None:
    trained = bench.create(Glosser)
    trained.train(examples(("pl", "greet", "cześć")))
    loaded = bench.load(Glosser)
    for language, text in (
        ("pl", "nie mam gdzie spać"),
        ("so", "guri ma haysto"),
        ("uk", "мене виганяють"),
        ("ar", "لا اعرف"),
    ):
        one = trained.process([message(text, **{LANGUAGE: language})])[0].get(GLOSS)
        assert one
        assert loaded.process([message(text, **{LANGUAGE: language})])[0].get(GLOSS) == one


def test_english_is_its_own_gloss(bench: Bench) -> None:
    glosser = bench.create(Glosser)
    assert glosser.process([message("No HEATING", **{LANGUAGE: "en"})])[0].get(GLOSS) == "no heating"


@pytest.mark.parametrize("language", ["pl", "ar", "so", "uk"])
def test_lexicon_has_no_empty_side(language: str) -> None:
    entries = load_lexicon_entries(language)
    assert len(entries) >= 4_900
    assert all(key and english for key, english in entries.items())


@pytest.mark.parametrize(
    ("language", "key", "written"),
    [
        ("bn", "বাসা", "বাসাটা"),  # vowel signs are no letters to Python
        ("bn", "টেবিল", "টেবিলের"),
        ("fa", "خانه", "خانه\u200cها"),  # a joiner that some write and some do not
        ("fa", "می\u200cخواهم", "میخواهم"),
        ("tr", "londra", "Londra'dan"),  # an ending set apart
        ("uk", "зобов'язання", "зобов'язаннями"),
    ],
)
def test_words_are_found_in_the_writing_of_their_script(language: str, key: str, written: str) -> None:
    lexicon = make_lexicon({split(key, language)[0]: "found"}, load_affixes()[language])
    assert gloss_text(lexicon, fold(normalise(written)), language) == "found"


def split(text: str, language: str) -> list[str]:
    """Return the words of a text as the lexicon has them."""
    return split_words(fold(normalise(text)), language)
