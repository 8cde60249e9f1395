"""A withdrawn answer: contacts and nothing else, in every form in which the topic could be said."""

from __future__ import annotations

import pytest

from bot.answers.blocks import speech_for
from bot.answers.compose import compose
from bot.answers.load import crisis_topics, get_answer, load_topics
from bot.answers.model import Answer
from bot.answers.render import render_json, render_sms, render_text
from bot.answers.say import Say, say_class, say_english, say_outcome, say_short, say_topic
from bot.answers.withdrawn import Withdrawn
from bot.i18n.locales import Locale
from bot.i18n.speech import Speech


def kinds(answer: Answer) -> list[str]:
    return [block.kind for block in answer.blocks]


@pytest.mark.parametrize("topic", load_topics())
def test_only_contacts_are_left_of_any_topic(topic: str) -> None:
    answer = compose(say_topic(topic), "en", withdrawn={topic})
    assert set(kinds(answer)) <= {"danger", "note", "contacts"}
    assert answer.blocks[-1].contacts
    text = render_text(answer)
    assert not any(step in text for step in get_answer(topic).steps)


def test_it_says_so_in_every_language(each_locale: Locale) -> None:
    answer = compose(say_topic("repairs"), each_locale.tag, withdrawn={"repairs"})
    assert Speech(each_locale.tag).ui("answer.withdrawn").text in render_text(answer)
    assert answer.direction == each_locale.direction


@pytest.mark.parametrize(
    "say",
    [
        say_short("repairs"),
        say_english("repairs"),
        say_class({}, area=None, near=None, status=None),
        say_outcome({"status": "refugee"}),
    ],
    ids=lambda say: say["kind"],
)
def test_no_other_form_says_it_either(say: Say) -> None:
    shown = compose(say, "pl")
    answer = compose(say, "pl", withdrawn={shown.topic})
    assert "contacts" in kinds(answer)
    assert set(kinds(answer)) <= {"note", "contacts"}
    assert answer.language == shown.language


def test_other_topics_are_said_as_ever() -> None:
    assert compose(say_topic("repairs"), "en", withdrawn={"pests"}) == compose(say_topic("repairs"), "en")


@pytest.mark.parametrize("topic", crisis_topics())
def test_a_danger_keeps_its_line(topic: str) -> None:
    answer = compose(say_topic(topic), "en", withdrawn={topic})
    assert kinds(answer)[0] == "danger"
    assert answer.blocks[0].lines[0].text == speech_for("en").ui(f"danger.{topic}").text


def test_the_line_of_another_danger_stays_first() -> None:
    answer = compose(say_topic("repairs", "self_harm"), "en", withdrawn={"repairs"})
    assert kinds(answer) == ["danger", "note", "contacts"]


def test_the_council_of_the_person_is_named() -> None:
    answer = compose(say_topic("register_join", area="E08000025"), "en", withdrawn={"register_join"})
    assert "Birmingham council" in [contact.name.text for contact in answer.blocks[-1].contacts]


def test_elsewhere_the_service_of_that_nation_comes_first() -> None:
    answer = compose(say_topic("register_join", area="W06000015"), "en", withdrawn={"register_join"})
    assert kinds(answer) == ["note", "local", "contacts"]


def test_withdrawn_topics_are_not_offered_beside_it() -> None:
    related = get_answer("repairs").related
    answer = compose(say_topic("repairs"), "en", withdrawn={"repairs", related[0]})
    assert [choice.payload for choice in answer.choices] == [f"topic:{topic}" for topic in related[1:]]


def test_a_text_message_of_it_names_the_contacts() -> None:
    answer = compose(say_topic("eviction_notice"), "en", withdrawn={"eviction_notice"})
    assert "0808 800 4444" in render_sms(answer)
    assert "short" not in render_json(answer, lambda _: "")


def test_the_set_is_replaced_as_a_whole() -> None:
    withdrawn = Withdrawn()
    assert "" not in withdrawn
    withdrawn.replace(["repairs", "pests"])
    withdrawn.replace(["pests"])
    assert "repairs" not in withdrawn
    assert "pests" in withdrawn
