"""Composing: the right blocks in the right order, in every language, with numbers that may be shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from bot.answers.blocks import directory_filler, speech_for
from bot.answers.choices import START_TOPICS, TOPIC_PAYLOAD, language_choice, start_choices
from bot.answers.compose import OFFERED, compose, compose_notice, compose_offer, compose_response
from bot.answers.load import crisis_topics, get_answer, is_topic, load_topics
from bot.answers.model import Answer, Block
from bot.answers.render import render_text
from bot.answers.say import say_english, say_languages, say_offer, say_response, say_short, say_topic
from bot.answers.topic import compose_short, compose_topic
from bot.core.errors import NotFound
from bot.i18n.locales import Locale, load_locales

UNFILLED = re.compile(r"\{\w+\}")


def _kinds(answer: Answer) -> list[str]:
    return [block.kind for block in answer.blocks]


def _block(answer: Answer, kind: str) -> Block:
    return next(block for block in answer.blocks if block.kind == kind)


def test_every_topic_can_be_told_in_every_language(each_locale: Locale) -> None:
    for topic in load_topics():
        answer = compose_topic(topic, each_locale.tag)
        assert (answer.language, answer.direction, answer.topic) == (each_locale.tag, each_locale.direction, topic)
        assert {"summary", "steps", "contacts", "desk", "sources"} <= set(_kinds(answer))
        assert not UNFILLED.search(render_text(answer))
        assert not UNFILLED.search(render_text(answer, english=True))


def test_an_ordinary_answer_has_its_blocks_in_reading_order() -> None:
    answer = compose_topic("register_join", "en")
    assert _kinds(answer) == ["summary", "steps", "local", "contacts", "desk", "nations", "sources"]


@pytest.mark.parametrize("topic", crisis_topics())
def test_a_crisis_says_what_to_do_now_before_the_steps(topic: str) -> None:
    answer = compose_topic(topic, "en")
    assert answer.urgency == "crisis"
    assert _kinds(answer).index("urgent") < _kinds(answer).index("steps")


def test_a_possible_danger_comes_first_with_a_number() -> None:
    answer = compose_topic("repairs", "en", danger="self_harm")
    assert _kinds(answer)[0] == "danger"
    assert "116 123" in answer.blocks[0].lines[0].text


def test_the_danger_is_not_said_twice_in_its_own_answer() -> None:
    assert "danger" not in _kinds(compose_topic("self_harm", "en", danger="self_harm"))


@pytest.mark.parametrize("danger", crisis_topics())
def test_every_danger_has_its_line_in_every_language(danger: str, each_locale: Locale) -> None:
    line = compose_offer(["repairs"], each_locale.tag, danger=danger).blocks[0].lines[0]
    assert "999" in line.text or "116 123" in line.text
    assert not UNFILLED.search(line.text + line.english)


def test_on_the_last_day_an_answer_is_whole_and_the_day_after_it_keeps_steps_and_contacts() -> None:
    last = get_answer("repairs").review_by
    assert "note" not in _kinds(compose_topic("repairs", "en", on=last))
    stale = compose_topic("repairs", "en", on=last + dt.timedelta(days=1))
    assert _kinds(stale)[0] == "note"
    assert "summary" not in _kinds(stale)
    assert {"steps", "contacts"} <= set(_kinds(stale))


def test_the_day_it_is_decides_when_no_day_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", "2099-01-01")
    assert "note" in _kinds(compose_topic("repairs", "en"))


def test_law_of_england_names_a_helper_in_each_other_nation() -> None:
    nations = _block(compose_topic("register_join", "en"), "nations")
    assert [card.nation for card in nations.contacts] == ["Wales", "Scotland", "Northern Ireland"]
    assert "nations" not in _kinds(compose_topic("emergency", "en"))


def test_the_council_is_a_contact_without_a_number() -> None:
    council = _block(compose_topic("register_join", "en"), "contacts").contacts[0]
    assert (council.id, council.phone, council.tel) == ("local_authority", "", "")
    assert council.url.startswith("https://")


def test_the_day_of_checking_is_written_out_in_the_language() -> None:
    sources = _block(compose_topic("register_join", "pl"), "sources")
    assert (sources.checked, sources.lines[0].english) == ("2026-11-22", "Checked on 22 November 2026")
    assert "22 listopada 2026" in sources.lines[0].text


def test_a_sentence_not_translated_is_english_and_the_answer_says_so(rewrite: Callable[..., None]) -> None:
    rewrite("repairs", desk="A sentence nobody has translated.", related=[])
    answer = compose_topic("repairs", "pl")
    assert _block(answer, "desk").lines[0].text == "A sentence nobody has translated."
    assert _kinds(answer).index("note") < _kinds(answer).index("steps")
    assert "note" not in _kinds(compose_topic("repairs", "en"))


@pytest.mark.parametrize(
    ("name", "filled"), [("phone_shelter", "0808 800 4444"), ("url_shelter", "england.shelter.org.uk")]
)
def test_names_of_services_become_number_or_short_address(name: str, filled: str) -> None:
    assert (directory_filler(name) or "").startswith(filled)


def test_another_name_is_left_to_others_and_an_unknown_service_is_not_found() -> None:
    assert directory_filler("count") is None
    with pytest.raises(NotFound):
        directory_filler("phone_nobody")


def test_related_topics_are_choices_with_their_button() -> None:
    answer = compose_topic("register_join", "en")
    assert [choice.payload for choice in answer.choices] == [
        TOPIC_PAYLOAD + topic for topic in get_answer("register_join").related
    ]


def test_the_first_screen_offers_the_start_topics_in_the_language(each_locale: Locale) -> None:
    choices = start_choices(each_locale.tag)
    assert [choice.payload.removeprefix(TOPIC_PAYLOAD) for choice in choices] == list(START_TOPICS)
    assert all(choice.title.text and choice.title.english for choice in choices)


def test_an_offer_has_three_topics_and_a_person() -> None:
    answer = compose_offer(["repairs", "noise", "pests", "voting"], "en")
    assert [choice.payload for choice in answer.choices] == [
        "topic:repairs", "topic:noise", "topic:pests", "act:human_handover",
    ]  # fmt: skip
    assert len(answer.choices) == OFFERED + 1


def test_an_offer_of_nothing_still_offers_a_person() -> None:
    assert [choice.payload for choice in compose_offer([], "so").choices] == ["act:human_handover"]


def test_a_language_is_offered_by_its_own_name() -> None:
    choice = language_choice("pl")
    assert (choice.title.text, choice.title.english, choice.payload) == ("Polski", "Polish", "language:pl")


def test_in_short_is_the_text_message_and_leads_back() -> None:
    answer = compose_short("repairs", "en")
    assert answer.blocks[-1].lines[0].text.split(".")[0] in get_answer("repairs").sms
    assert [choice.payload for choice in answer.choices] == ["topic:repairs"]


def test_a_notice_fills_its_values() -> None:
    assert "1000" in compose_notice("error.too_long", "pl", limit=1000).blocks[0].lines[0].text


def test_a_response_fills_its_values_in_both_languages() -> None:
    line = compose_response("utter_privacy", "ar", hours=24).blocks[0].lines[0]
    assert "24" in line.text
    assert "24 hours" in line.english


def test_what_an_action_wants_said_is_composed() -> None:
    assert compose(say_topic("repairs", "self_harm"), "en") == compose_topic("repairs", "en", danger="self_harm")
    assert compose(say_short("repairs"), "pl") == compose_short("repairs", "pl")
    assert compose(say_english("repairs"), "pl") == compose_topic("repairs", "en")
    assert compose(say_offer(["repairs"], "emergency"), "pl") == compose_offer(["repairs"], "pl", danger="emergency")
    assert compose(say_response("utter_thank"), "so") == compose_response("utter_thank", "so")


def test_the_languages_are_said_as_choices() -> None:
    payloads = [choice.payload for choice in compose(say_languages(), "en").choices]
    assert payloads == [f"language:{locale.tag}" for locale in load_locales()]


def test_a_greeting_comes_with_the_start_topics() -> None:
    assert compose(say_response("utter_greet"), "uk").choices == start_choices("uk")


@pytest.mark.parametrize(
    "call",
    [
        lambda: compose_topic("no_such", "en"),
        lambda: compose_topic("repairs", "xx"),
        lambda: compose_topic("repairs", "en", danger="no_such"),
        lambda: compose_short("no_such", "en"),
        lambda: compose_offer(["no_such"], "en"),
        lambda: compose_notice("no.such", "en"),
        lambda: compose_response("utter_no_such", "en"),
        lambda: speech_for("xx"),
    ],
)
def test_what_does_not_exist_is_not_found(call: Callable[[], object]) -> None:
    with pytest.raises(NotFound):
        call()


def test_only_topics_are_topics() -> None:
    assert is_topic("repairs")
    assert not is_topic("greet")
    assert not is_topic("../repairs")
