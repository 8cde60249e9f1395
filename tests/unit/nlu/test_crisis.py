from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT

from bot.nlu.crisis import CrisisGate
from bot.nlu.fallback import TopicFallback
from bot.nlu.fields import CRISIS, CRISIS_TOPIC, GLOSS, LANGUAGE, RANKING
from bot.nlu.patterns import Pattern, PatternSet, load_patterns, parse_pattern, strongest
from tests.unit.nlu.conftest import Bench, message


def patterns(*lines: tuple[str, str, str], negations: tuple[str, ...] = ("not", "don't")) -> PatternSet:
    made = tuple(Pattern(topic, level, parse_pattern(text)) for topic, level, text in lines)  # type: ignore[arg-type]
    return PatternSet(made, frozenset(negations))


WANT_TO_DIE = patterns(
    ("self_harm", "yes", "want|wish ~ die"),
    ("self_harm", "yes", "don't want to live"),
    ("emergency", "maybe", "smell* gas"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i want to die", True),
        ("i just wish i could die", True),
        ("i want a big new house and die", False),   # more than three words between
        ("i do not want to die", False),
        ("i don't really want to die", False),
        ("i don't want to live", True),              # the negation is part of the phrase
        ("there is smelling gas", True),
        ("die want", False),
    ],
)  # fmt: skip
def test_phrase_is_found_through_gaps_and_not_through_negation(text: str, found: bool) -> None:
    assert bool(WANT_TO_DIE.match(text.split())) is found


def test_one_slip_in_a_long_word_is_forgiven() -> None:
    suicide = patterns(("self_harm", "yes", "suicide thoughts"))
    assert suicide.match(["suicde", "thoughts"])
    assert not suicide.match(["suits", "thoughts"])


def test_yes_is_stronger_than_maybe() -> None:
    yes, maybe = WANT_TO_DIE.patterns[0], WANT_TO_DIE.patterns[2]
    assert strongest([maybe, yes]) is yes
    assert strongest([maybe]) is maybe
    assert strongest([]) is None


@pytest.mark.parametrize("language", ["en", "pl", "ar", "so", "uk"])
def test_every_language_has_phrases_for_each_danger(language: str) -> None:
    loaded = load_patterns(language)
    topics = [pattern.topic for pattern in loaded.patterns]
    for topic in ("homeless_tonight", "emergency", "domestic_abuse", "trafficking", "self_harm"):
        assert topics.count(topic) >= 12, topic
    assert loaded.negations


def judged(bench: Bench, text: str, language: str, ranking: list[tuple[str, float]], **config: Any) -> Any:
    gate = bench.create(CrisisGate, **config)
    made = message(
        text,
        **{
            LANGUAGE: language,
            GLOSS: "",
            RANKING: ranking,
            INTENT: {"name": ranking[0][0], "confidence": ranking[0][1]},
        },
    )
    return gate.process([made])[0]


QUIET = [("noise", 0.9), ("repairs", 0.02)]


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("en", "my husband hits me every night", "domestic_abuse"),
        ("en", "I want to kill myself", "self_harm"),
        ("pl", "chcę się zabić", "self_harm"),
        ("pl", "mąż mnie bije", "domestic_abuse"),
        ("uk", "хочу померти", "self_harm"),
        ("ar", "زوجي يضربني كل يوم", "domestic_abuse"),
        ("so", "waan is dilayaa", "self_harm"),
    ],
)
def test_danger_wins_over_any_topic(bench: Bench, language: str, text: str, topic: str) -> None:
    result = judged(bench, text, language, QUIET)
    assert (result.get(CRISIS), result.get(CRISIS_TOPIC)) == ("yes", topic)
    assert result.get(INTENT)["name"] == topic


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't want to die, I am only sad"),
        ("en", "the fire alarm test is on Monday"),
        ("en", "the noise is killing me"),
        ("en", "my phone died and the battery is dead"),
        ("pl", "nie chcę umierać, jestem tylko smutna"),
        ("uk", "сусіди гучно слухають музику"),
    ],
)
def test_ordinary_words_are_no_danger(bench: Bench, language: str, text: str) -> None:
    assert judged(bench, text, language, QUIET).get(CRISIS) != "yes"


def test_summed_probability_raises_to_maybe_and_to_yes(bench: Bench) -> None:
    little = [("repairs", 0.6), ("emergency", 0.1), ("self_harm", 0.08), ("noise", 0.1), ("pests", 0.1)]
    much = [("repairs", 0.4), ("emergency", 0.35), ("self_harm", 0.2), ("noise", 0.02), ("pests", 0.01)]
    assert judged(bench, "xyz", "en", little).get(CRISIS) == "maybe"
    assert judged(bench, "xyz", "en", little).get(INTENT)["name"] == "repairs"
    assert judged(bench, "xyz", "en", much).get(INTENT)["name"] == "emergency"


def fallback_intent(bench: Bench, ranking: list[tuple[str, float]], crisis: str = "no") -> str:
    made = message(
        "x", **{RANKING: ranking, CRISIS: crisis, INTENT: {"name": ranking[0][0], "confidence": ranking[0][1]}}
    )
    return str(bench.create(TopicFallback).process([made])[0].get(INTENT)["name"])


def test_weak_or_contested_leader_is_doubted_and_danger_never(bench: Bench) -> None:
    assert fallback_intent(bench, [("noise", 0.39), ("pests", 0.1)]) == "nlu_fallback"
    assert fallback_intent(bench, [("noise", 0.5), ("pests", 0.45)]) == "nlu_fallback"
    assert fallback_intent(bench, [("noise", 0.5), ("pests", 0.2)]) == "noise"
    assert fallback_intent(bench, [("noise", 0.7), ("pests", 0.29)]) == "noise"
    assert fallback_intent(bench, [("self_harm", 0.2), ("pests", 0.19)], "yes") == "self_harm"
