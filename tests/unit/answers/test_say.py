"""What an action wants said is plain data that a tracker can hold."""

from __future__ import annotations

import json

from bot.answers.say import (
    WITH_MENU,
    ask_erasure,
    say_english,
    say_languages,
    say_offer,
    say_response,
    say_short,
    say_topic,
)
from bot.i18n.sources import load_domain_responses


def test_each_kind_carries_only_what_it_needs() -> None:
    assert say_topic("repairs") == {"kind": "topic", "topic": "repairs"}
    assert say_short("repairs") == {"kind": "short", "topic": "repairs"}
    assert say_english("repairs") == {"kind": "english", "topic": "repairs"}
    assert say_offer(("a", "b")) == {"kind": "offer", "topics": ["a", "b"]}
    assert say_languages() == {"kind": "languages"}
    assert say_response("utter_thank") == {"kind": "response", "name": "utter_thank"}


def test_a_danger_is_carried_only_when_there_is_one() -> None:
    assert say_topic("repairs", "emergency")["danger"] == "emergency"
    assert say_offer(["repairs"], "emergency")["danger"] == "emergency"
    assert "danger" not in say_topic("repairs", "")


def test_a_response_after_which_one_begins_shows_the_menu() -> None:
    assert say_response("utter_greet")["menu"] is True
    assert "menu" not in say_response("utter_thank")


def test_every_response_with_a_menu_exists() -> None:
    assert set(load_domain_responses()) >= WITH_MENU


def test_asking_for_erasure_says_nothing_else() -> None:
    assert ask_erasure() == {"kind": "erase"}


def test_all_of_it_is_json() -> None:
    said = [say_topic("a", "b"), say_offer(["a"]), say_response("utter_greet"), say_languages()]
    assert json.loads(json.dumps(said)) == said
