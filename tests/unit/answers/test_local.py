"""The local part of an answer: what is known of a council, or plainly that it is not known and whom to ask."""

from __future__ import annotations

import pytest

from bot.answers.load import get_answer
from bot.answers.local import compose_area
from bot.answers.model import Block
from bot.answers.topic import Person, compose_topic
from bot.i18n.locales import Locale
from bot.places.authorities import get_authority
from bot.places.facts import SEEN, council_fact, load_council_facts
from bot.places.lookup import find_place

LONDON = [f"E090000{number:02d}" for number in range(1, 34)]
OTHERS = ["E08000035", "E08000025", "E08000001", "E07000095", "E08000003", "E08000032", "E06000016", "E08000026"]
TOPICS = ("register_join", "cbl_bid", "homeless_tonight", "recycling_how", "esol_find")
BROXBOURNE, HERTFORDSHIRE = "E07000095", "E10000015"


def local_of(topic: str, area: str, language: str = "en") -> Block:
    """Return the local block of an answer."""
    answer = compose_topic(topic, language, person=Person(area))
    return next(block for block in answer.blocks if block.kind == "local")


@pytest.mark.parametrize("area", LONDON + OTHERS)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_named_council_has_its_part_or_says_that_it_is_not_known(topic: str, area: str) -> None:
    block = local_of(topic, area)
    known = [kind for kind in get_answer(topic).local if council_fact(area, kind)]
    missing = [kind for kind in get_answer(topic).local if kind not in known]
    names = [card.name.english for card in block.contacts]
    assert block.heading is not None
    assert get_authority(area).name in block.heading.english
    assert all(card.url or card.phone for card in block.contacts)
    if missing:
        assert "do not know" in block.lines[0].english
        assert any("council" in name for name in names)
    assert len(names) >= len(known)


@pytest.mark.parametrize("area", LONDON + OTHERS)
def test_every_named_council_has_its_register_page(area: str) -> None:
    fact = council_fact(area, "register")
    assert fact is not None
    assert fact.url.startswith("https://")


def test_no_number_is_shown_that_was_not_seen() -> None:
    for facts in load_council_facts().values():
        for fact in facts.values():
            assert not fact.phone or fact.status in SEEN, fact
            assert fact.source


def test_an_unchecked_page_says_so() -> None:
    unchecked = next(
        (area, kind) for area, facts in load_council_facts().items() for kind, fact in facts.items()
        if kind == "recycling" and not fact.is_seen
    )  # fmt: skip
    block = local_of("recycling_how", unchecked[0])
    assert any("not checked" in card.description.english for card in block.contacts)


def test_every_other_council_has_its_own_site() -> None:
    block = local_of("register_join", "E07000008")  # Cambridge: no facts of its own
    assert [card.name.english for card in block.contacts] == ["Cambridge council"]
    assert block.contacts[0].url.startswith("https://")


def test_english_classes_are_the_countys_in_two_tier_areas() -> None:
    block = local_of("esol_find", "E07000008")
    assert [card.name.english for card in block.contacts] == ["Cambridgeshire council"]


def test_the_local_part_is_in_the_persons_language(each_translation: Locale) -> None:
    block = local_of("register_join", "E08000035", each_translation.tag)
    assert block.heading is not None
    assert block.heading.text != block.heading.english
    assert "Leeds" in block.heading.text


def test_without_a_place_it_is_asked_for() -> None:
    answer = compose_topic("register_join", "en")
    block = next(block for block in answer.blocks if block.kind == "local")
    assert "postcode" in block.lines[0].english


def test_a_crisis_keeps_its_numbers_wherever_the_person_is() -> None:
    for area in (None, "E09000014", "W06000015", "E07000008"):
        answer = compose_topic("homeless_tonight", "en", person=Person(area))
        contacts = next(block for block in answer.blocks if block.kind == "contacts").contacts
        assert any(card.phone == "0808 800 4444" for card in contacts)


@pytest.mark.parametrize(
    ("typed", "said", "councils"),
    [
        ("EN8 0AA", "Which", ["Broxbourne", "Enfield"]),
        ("London", "more than one council", []),
        ("JE2 3AB", "Jersey", []),
        ("qqqqq", "do not know this place", []),
        ("lambeht", "Do you mean", ["Lambeth"]),
        ("Kent", "more than one council", []),
    ],
)
def test_a_place_that_is_not_one_council_is_asked_about(typed: str, said: str, councils: list[str]) -> None:
    answer = compose_area(find_place(typed), "en")
    assert said in answer.blocks[0].lines[0].english
    assert [choice.title.text for choice in answer.choices] == councils
