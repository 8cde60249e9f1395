from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import ENTITIES

from bot.nlu.entities import EntityMarker
from tests.unit.nlu.conftest import message

MARKER = EntityMarker({})


def found(text: str) -> list[tuple[str, str, str]]:
    return [(item["entity"], item["value"], text[item["start"] : item["end"]]) for item in MARKER.find(text)]


@pytest.mark.parametrize(
    ("text", "entity", "value", "written"),
    [
        ("my postcode is sw98jh.", "postcode", "SW9 8JH", "sw98jh"),
        ("کد E8 1EA", "postcode", "E8 1EA", "E8 1EA"),
        ("po polsku proszę, Polski", "language_name", "pl", "Polski"),
        ("please speak Arabic", "language_name", "ar", "Arabic"),
        ("українська мова", "language_name", "uk", "українська"),
        ("العربية من فضلك", "language_name", "ar", "العربية"),
        ("court on 12/11/2026", "date", "12/11/2026", "12/11/2026"),
        ("since 2026-03-09", "date", "2026-03-09", "2026-03-09"),
        ("we are 5 people", "number", "5", "5"),
        ("نحن ٥ أشخاص", "number", "5", "٥"),
    ],
)
def test_entity_is_found_with_its_place(text: str, entity: str, value: str, written: str) -> None:
    assert (entity, value, written) in found(text)


@pytest.mark.parametrize("text", ["I need a B1 class", "A1 or A2 English", "the M25", "G7 summit"])
def test_levels_and_roads_are_no_postcodes(text: str) -> None:
    assert all(entity != "postcode" for entity, _, _ in found(text))


def test_number_inside_a_date_or_postcode_is_not_found_again() -> None:
    assert [entity for entity, _, _ in found("12/11/2026 SW9 8JH")] == ["date", "postcode"]


def test_component_puts_entities_on_the_message() -> None:
    assert MARKER.process([message("N1 9GU")])[0].get(ENTITIES)[0]["value"] == "N1 9GU"
