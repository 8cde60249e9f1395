"""Things people throw away: complete in every language, and found however they are written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import DataError
from bot.i18n.locales import Locale, load_locales
from bot.waste import items as module
from bot.waste.items import find_item, load_items, load_names, shown_name
from bot.waste.words import phrase

MIN_NAMES = 2


@pytest.fixture
def items_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "items.yml"
    monkeypatch.setattr(module, "ITEMS", path)
    return path


def test_every_item_has_names_in_every_language(each_locale: Locale) -> None:
    names = load_names(each_locale.tag)
    assert set(names) == set(load_items())
    assert [item for item, given_names in names.items() if len(given_names) < MIN_NAMES] == []


def test_a_name_means_one_thing_in_a_language(each_locale: Locale) -> None:
    owners: dict[str, set[str]] = {}
    for item, names in load_names(each_locale.tag).items():
        for name in names:
            owners.setdefault(phrase(name), set()).add(item)
    assert {name: items for name, items in owners.items() if len(items) > 1} == {}


def test_every_name_finds_its_item(each_locale: Locale) -> None:
    wrong = {
        name: found.id if (found := find_item(name, each_locale.tag)) else None
        for item, names in load_names(each_locale.tag).items()
        for name in names
        if (found := find_item(name, each_locale.tag)) is None or found.id != item
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "language", "item"),
    [
        ("Where do I put an old pizza box?", "en", "pizza_box"),
        ("can I recycle glass bottles", "en", "glass_bottle"),
        ("PHONE CHARGER broken", "en", "charger"),  # the longer name wins over "phone"
        ("paint tin with some paint left", "en", "paint_tin"),
        ("do którego kosza wyrzucić karton po pizzy?", "pl", "pizza_box"),
        ("gdzie wyrzucic zuzyte baterie", "pl", "battery"),
        ("unde arunc o saltea veche", "ro", "mattress"),
        ("куди викинути старий холодильник", "uk", "fridge"),
        ("dónde tiro las pilas", "es", "battery"),
        ("em que caixote vai o óleo de cozinha?", "pt", "cooking_oil"),
        ("bitmiş pilleri nereye atayım", "tr", "battery"),
        ("xagee ku tuuraa xafaayadda", "so", "nappies"),
        ("وين أرمي البطاريات القديمة؟", "ar", "battery"),
        ("الدواء القديم وين أحطه", "ar", "medicines"),
        ("باتری‌های کهنه را کجا بیندازم", "fa", "battery"),
        ("پرانی بیٹری کہاں پھینکیں", "ur", "battery"),
        ("purani dawai kahan phenkun", "ur", "medicines"),
        ("পুরানো ব্যাটারি কোথায় ফেলব", "bn", "battery"),
        ("plastic botol kothay felbo", "bn", "plastic_bottle"),
        ("gdzie oddać vape", "pl", "vape"),
        ("wo kommt cardboard hin", "de", "cardboard_box"),  # a language we have no names of: English
    ],
)
def test_a_thing_is_found_in_a_sentence(text: str, language: str, item: str) -> None:
    found = find_item(text, language)
    assert found is not None
    assert found.id == item


@pytest.mark.parametrize(
    ("text", "language", "item"),
    [
        ("old batteris", "en", "battery"),
        ("carboard box", "en", "cardboard_box"),
        ("where does the mattres go", "en", "mattress"),
        ("news papers", "en", "newspaper"),
        ("stare gazetyy", "pl", "newspaper"),
        ("eski buzdolabıı", "tr", "fridge"),
        ("mi frigorificos viejo", "es", "fridge"),
        ("холодильника", "uk", "fridge"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven(text: str, language: str, item: str) -> None:
    found = find_item(text, language)
    assert found is not None
    assert found.id == item


@pytest.mark.parametrize(
    ("text", "language", "item"),
    [
        ("insulin needles in a plastic bottle", "en", "needles"),
        ("a cardboard box full of old pills", "en", "medicines"),
        ("cały słoik igieł", "pl", "needles"),
        ("an empty bleach bottle", "en", "cleaning_bottle"),  # "bleach" is only part of the name
    ],
)
def test_a_hazard_comes_before_what_holds_it(text: str, language: str, item: str) -> None:
    found = find_item(text, language)
    assert found is not None
    assert found.id == item


def test_a_name_of_the_language_hides_an_english_one() -> None:
    spanish, english = find_item("pan", "es"), find_item("frying pan", "en")
    assert spanish is not None
    assert english is not None
    assert (spanish.id, english.id) == ("bread", "pans")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("?!", "en"),
        ("how can I ask the council", "en"),  # "can" is no can
        ("which colour is the recycling bin", "en"),
        ("¿en qué cubo lo tiro?", "es"),
        ("do którego pojemnika to wrzucić", "pl"),
        ("hangi çöp kutusuna atayım, yardım et", "tr"),
        ("بأي سطل أرميه", "ar"),
        ("سطل چه رنگ است", "fa"),
        ("তার কী করব", "bn"),
        ("یہ ری سائیکل ہوتا ہے؟", "ur"),
    ],
)
def test_what_names_no_thing_finds_none(text: str, language: str) -> None:
    assert find_item(text, language) is None


@given(st.text(max_size=300), st.sampled_from([locale.tag for locale in load_locales()]))
def test_any_text_is_searched_without_failing(text: str, language: str) -> None:
    found = find_item(text, language)
    assert found is None or found.id in load_items()


def test_a_long_message_does_not_hold_up_the_others() -> None:
    find_item("warm", "bn")
    began = time.perf_counter()
    find_item("neither of these words is known here " * 200, "bn")
    assert time.perf_counter() - began < 1


def test_the_shown_name_is_the_first_of_the_language_and_english_without_one() -> None:
    battery = load_items()["battery"]
    assert [shown_name(battery, tag) for tag in ("pl", "xx")] == ["bateria", "battery"]


def test_a_path_is_no_language() -> None:
    assert load_names("../names/en") == {}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("- {id: a, source: x}", "'material'"),
        ("- {id: a, material: general, hazard: true, source: x}", "safety"),
        ("- {id: a, material: general, safety: fire, source: x}", "safety"),
        ("- {id: a, material: general, source: x}\n- {id: a, material: food, source: x}", "twice"),
    ],
)
def test_a_wrong_item_is_named(items_file: Path, content: str, complaint: str) -> None:
    items_file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        load_items.__wrapped__()
