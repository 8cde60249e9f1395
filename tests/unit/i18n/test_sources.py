"""The one list of English texts."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.answers.load import load_answers
from bot.core.paths import ROOT
from bot.directory.seed import load_services
from bot.i18n.sources import SourceText, as_list, load_domain_responses, load_interface, source_texts, text_key


def test_a_key_is_topic_field_and_number() -> None:
    assert text_key("repairs", "steps", 2) == "repairs.steps.2"


@pytest.mark.parametrize(("value", "texts"), [(None, []), ("one", ["one"]), (["one", "two"], ["one", "two"])])
def test_one_text_or_several_become_a_list(value: object, texts: list[str]) -> None:
    assert as_list(value) == texts


def test_no_key_stands_twice_and_no_text_is_empty(texts: list[SourceText]) -> None:
    assert [key for key, number in Counter(text.key for text in texts).items() if number > 1] == []
    assert [text.key for text in texts if not text.english.strip()] == []


def test_every_text_names_a_file_that_exists(texts: list[SourceText]) -> None:
    assert all((ROOT / path).is_file() for path in {text.path for text in texts})


def test_the_order_is_always_the_same(texts: list[SourceText]) -> None:
    assert list(source_texts()) == texts


def test_every_sentence_of_every_answer_is_in_it(texts: list[SourceText]) -> None:
    keys = {text.key: text.english for text in texts}
    for topic, answer in load_answers().items():
        assert keys[f"{topic}.title.1"] == answer.title
        assert keys[f"{topic}.sms.1"] == answer.sms
        assert [keys[f"{topic}.steps.{n}"] for n in range(1, len(answer.steps) + 1)] == list(answer.steps)


def test_interface_and_responses_have_their_prefix() -> None:
    assert load_interface()["ui.chat.title"] == "Chat"
    assert all(key.startswith("ui.") for key in load_interface())
    assert all(name.startswith("utter_") for name in load_domain_responses())


def test_every_service_is_described(texts: list[SourceText]) -> None:
    described = {text.key for text in texts if text.key.startswith("service.")}
    assert described == {f"service.{service}.description" for service in load_services()}
