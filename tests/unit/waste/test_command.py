"""`doorway waste`, without the command line around it."""

from __future__ import annotations

import json

import pytest

from bot.commands.waste import waste
from bot.core.errors import UserInputError

LEEDS = "E08000035"


def test_the_answer_of_a_council_names_the_colour() -> None:
    answer = waste("empty jam jar", area=LEEDS)
    assert answer["notes"][0] == "Put it in the bin of this colour: green."
    assert {name: answer[name] for name in ("item", "material", "container", "colour", "local")} == {
        "item": "jar", "material": "glass", "container": "wheeled_bin", "colour": "green", "local": True,
    }  # fmt: skip
    assert answer["source"].startswith("https://")


def test_no_sentence_has_a_gap_left_to_fill() -> None:
    assert all("{" not in note for area in (None, LEEDS) for note in waste("old battery", area=area)["notes"])


def test_the_thing_is_named_in_the_language_and_the_answer_is_json() -> None:
    answer = json.loads(json.dumps(waste("stare baterie", language="pl")))
    assert (answer["item"], answer["name"], answer["hazard"]) == ("battery", "bateria", True)


def test_an_unknown_thing_is_refused_without_repeating_it() -> None:
    with pytest.raises(UserInputError) as caught:
        waste("qwertyuiop")
    assert (caught.value.code, caught.value.detail) == ("unknown_item", "")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UserInputError, match="unknown_language"):
        waste("jar", language="zz")
