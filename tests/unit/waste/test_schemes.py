"""Where things go: the five schemes, the rule for England, hazards first."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from bot.core.errors import DataError
from bot.waste import rules
from bot.waste.items import Item, load_items
from bot.waste.rules import (
    check_waste,
    load_defaults,
    load_pictures,
    load_schemes,
    load_sources,
    load_texts,
)
from bot.waste.schemes import find_scheme, where

BIRMINGHAM, BROXBOURNE, HARINGEY, LEEDS, NEWHAM = "E08000025", "E07000095", "E09000014", "E08000035", "E09000025"
COUNCILS = (BIRMINGHAM, BROXBOURNE, HARINGEY, LEEDS, NEWHAM)
CARDIFF = "W06000015"
HOME_CONTAINERS = {
    "recycling_bin",
    "rubbish_bin",
    "garden_bin",
    "wheeled_bin",
    "communal_bin",
    "box",
    "bag",
    "food_caddy",
}
DANGEROUS = {
    "battery", "car_battery", "ebike_battery", "vape", "phone", "laptop", "fluorescent_tube", "needles", "medicines",
    "paint", "paint_tin", "garden_chemicals", "cleaning_chemicals", "motor_oil", "gas_cylinder", "nitrous_oxide",
    "fire_extinguisher",
}  # fmt: skip
MAX_LENGTH, MAX_SENTENCES = 90, 70


def item(name: str) -> Item:
    return load_items()[name]


def test_every_file_fits_the_others() -> None:
    check_waste()
    assert set(load_schemes()) == set(COUNCILS)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("area", [None, *COUNCILS, CARDIFF])
def test_every_item_has_a_place_with_sentences_and_a_source(area: str | None) -> None:
    for thing in load_items().values():
        there = where(thing, area)
        assert there.container in load_pictures()
        assert set(there.instructions) <= set(load_texts())
        assert there.place in there.instructions
        assert len(set(there.instructions)) == len(there.instructions), there
        assert re.match(r"https?://", there.source)
        assert ("{colour}" in load_texts()[there.place]) == bool(there.colour), there


@pytest.mark.parametrize("area", [None, *COUNCILS, CARDIFF])
def test_a_hazard_starts_with_its_safety_and_goes_in_no_bin_at_home(area: str | None) -> None:
    hazards = {thing.id: where(thing, area) for thing in load_items().values() if thing.hazard}
    assert set(hazards) == DANGEROUS
    for there in hazards.values():
        assert there.hazard
        assert there.instructions[0].startswith("safety.")
        assert there.container not in HOME_CONTAINERS, there


def test_what_is_no_hazard_starts_with_its_place() -> None:
    assert where(item("newspaper")).instructions[0] == "place.paper"


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("area", "thing", "container", "colour"),
    [
        (BIRMINGHAM, "newspaper", "wheeled_bin", "green"),
        (BIRMINGHAM, "cans", "wheeled_bin", "blue"),
        (BIRMINGHAM, "food_waste", "food_caddy", "brown"),
        (BROXBOURNE, "jar", "box", None),
        (BROXBOURNE, "grass", "wheeled_bin", "green"),
        (BROXBOURNE, "crisp_packet", "wheeled_bin", "black"),
        (HARINGEY, "food_waste", "food_caddy", "green"),
        (HARINGEY, "leaves", "wheeled_bin", None),
        (LEEDS, "glass_bottle", "wheeled_bin", "green"),
        (LEEDS, "plastic_bag", "wheeled_bin", "green"),
        (LEEDS, "food_waste", "wheeled_bin", "black"),
        (LEEDS, "battery", "shop", None),
        (NEWHAM, "foil", "wheeled_bin", "orange"),
        (NEWHAM, "nappies", "wheeled_bin", "green"),
    ],
)
def test_a_council_has_the_last_word(area: str, thing: str, container: str, colour: str | None) -> None:
    there = where(item(thing), area)
    assert (there.container, there.colour, there.is_local) == (container, colour, True)
    assert there.source == load_schemes()[area].source.url


def test_a_gss_code_may_be_typed_in_small_letters() -> None:
    assert find_scheme(LEEDS.lower()) == find_scheme(LEEDS)
    assert find_scheme(LEEDS) is not None


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("area", [None, "", "E06000001", NEWHAM])
def test_where_no_scheme_speaks_the_rule_for_england_does_and_says_that_councils_differ(area: str | None) -> None:
    there = where(item("juice_carton"), area)
    assert (there.container, there.is_local) == ("recycling_bin", False)
    assert there.instructions[-1] == "about.councils_differ"


def test_other_parts_of_the_uk_are_told_that_the_rule_is_englands() -> None:
    assert where(item("jar"), CARDIFF).instructions[-1] == "about.other_nation"


def test_a_scheme_that_is_not_sure_says_so_and_a_sure_one_does_not() -> None:
    assert where(item("jar"), BIRMINGHAM).instructions[-1] == "about.unsure"
    assert not [name for name in where(item("jar"), LEEDS).instructions if name.startswith("about.")]


def test_a_known_scheme_says_nothing_of_what_other_councils_do() -> None:
    assert "note.food_later" in where(item("bread")).instructions
    assert "note.food_later" not in where(item("bread"), HARINGEY).instructions


@pytest.mark.parametrize(("day", "container"), [("2027-03-30", "rubbish_bin"), ("2027-03-31", "recycling_bin")])
def test_plastic_film_is_recycled_from_its_day_on(monkeypatch: pytest.MonkeyPatch, day: str, container: str) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", day)
    assert where(item("plastic_bag")).container == container


@pytest.mark.parametrize(("day", "is_local"), [("2027-03-30", True), ("2027-03-31", False)])
def test_an_old_scheme_does_not_outlive_a_new_rule(monkeypatch: pytest.MonkeyPatch, day: str, is_local: bool) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", day)
    assert where(item("plastic_bag"), HARINGEY).is_local is is_local
    assert where(item("jar"), HARINGEY).is_local is True


def test_sentences_are_short_and_few() -> None:
    sentences = {name: text for name, text in load_texts().items() if not name.startswith("colour.")}
    assert {name for name, text in sentences.items() if len(text) > MAX_LENGTH} == set()
    assert len(sentences) <= MAX_SENTENCES


def test_every_sentence_is_said_somewhere() -> None:
    said = {"about.unknown", "about.unsure", "about.other_nation", "about.councils_differ"}
    said |= {name for thing in load_items().values() for name in (*thing.safety, *thing.prepare, *thing.notes)}
    for places in load_defaults().values():
        said |= {name for place in places for name in (place.text, *place.notes, *place.if_unknown)}
    said |= {f"place.{container}" for container in load_pictures()}
    assert {name for name in load_texts() if not name.startswith("colour.")} - said == set()


def test_every_source_is_used() -> None:
    assert {thing.source for thing in load_items().values()} == set(load_sources())


def test_only_the_sentences_with_a_colour_have_a_place_for_it() -> None:
    fields = {name: set(re.findall(r"{(\w*)}", text)) for name, text in load_texts().items() if "{" in text}
    assert set(map(frozenset, fields.values())) == {frozenset({"colour"})}
    assert all(name.removeprefix("place.") in load_pictures() for name in fields)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("moon_dust: {container: box}", "moon_dust"),
        ("glass: {container: rocket}", "rocket"),
        ("glass: {container: box, colour: mauve}", "mauve"),
    ],
)
def test_a_wrong_scheme_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, complaint: str) -> None:
    head = "council: E06000001\nsource: https://example.org\nchecked: 2026-11-25\nstatus: checked_page\ncontainers:\n"
    (tmp_path / "a.yml").write_text(f"{head}  {line}\n", encoding="utf-8")
    monkeypatch.setattr(rules, "SCHEMES", tmp_path)
    with pytest.raises(DataError, match=complaint):
        load_schemes.__wrapped__()


def test_schemes_and_sources_were_checked_on_a_day_that_is_past() -> None:
    days = [scheme.source.checked for scheme in load_schemes().values()]
    days += [source.checked for source in load_sources().values()]
    assert all(dt.date(2026, 1, 1) < day <= dt.date.today() for day in days)
