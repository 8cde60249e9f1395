"""Reading topics and answers: a wrong file fails and is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.answers.load import crisis_topics, get_answer, load_answers, load_dialogue_acts, load_topics
from bot.core.errors import DataError, NotFound


def test_topics_know_theme_urgency_and_needs() -> None:
    topic = load_topics()["homeless_tonight"]
    assert (topic.theme, topic.urgency, topic.needs, topic.is_crisis) == ("homelessness", "crisis", ("area",), True)
    assert not load_topics()["repairs"].is_crisis


def test_the_crisis_topics_are_these_five() -> None:
    assert set(crisis_topics()) == {"homeless_tonight", "emergency", "domestic_abuse", "trafficking", "self_harm"}


def test_there_are_81_topics_and_20_dialogue_acts_and_no_name_in_both() -> None:
    assert (len(load_topics()), len(load_dialogue_acts())) == (81, 20)
    assert not set(load_topics()) & set(load_dialogue_acts())


def test_an_answer_is_read_with_its_sources_and_dates() -> None:
    answer = get_answer("register_join")
    assert answer.title == "Join the housing register"
    assert answer.sources[0].url.startswith("https://www.gov.uk/")
    assert answer.review_by > answer.checked


def test_an_unknown_topic_is_not_found() -> None:
    with pytest.raises(NotFound, match="no_such"):
        get_answer("no_such")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": None}, r"missing \['title'\]"),
        ({"colour": "red"}, r"unknown \['colour'\]"),
        ({"checked": "yesterday"}, "checked must be a date"),
        ({"review_by": 2027}, "review_by must be a date"),
    ],
)
def test_a_wrong_answer_fails_and_names_file_and_topic(
    fields: dict[str, Any], message: str, rewrite: Callable[..., None]
) -> None:
    rewrite("repairs", **fields)
    with pytest.raises(DataError, match=f"repairs: .*{message}") as caught:
        load_answers()
    assert caught.value.path.endswith("renting.yml")


def test_an_optional_field_may_be_missing(rewrite: Callable[..., None]) -> None:
    rewrite("homeless_tonight", urgent=None)
    assert get_answer("homeless_tonight").urgent == ()


@pytest.mark.parametrize(
    ("name", "topic", "message"),
    [
        ("renting.yml", "no_such", "no_such is not in data/topics.yml"),
        ("waste.yml", "repairs", "repairs belongs into renting.yml"),
    ],
)
def test_an_answer_in_the_wrong_place_fails(
    name: str, topic: str, message: str, tmp_path: Path, rewrite: Callable[..., None]
) -> None:
    (tmp_path / name).write_text(f"{topic}: {{title: x}}\n", encoding="utf-8")
    load_answers.cache_clear()
    with pytest.raises(DataError, match=message):
        load_answers()
