"""Saying a text: translated, filled in, numbers whole, the English beside it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.core.errors import NotFound
from bot.i18n.locales import Locale
from bot.i18n.speech import ISOLATE, POP_ISOLATE, Speech

DAY = dt.date(2026, 5, 1)


def _filler(name: str) -> str | None:
    return {"phone_shelter": "0808 800 4444"}.get(name)


def test_a_text_comes_in_the_language_and_in_english() -> None:
    said = Speech("pl").ui("chat.title")
    assert (said.english, said.is_translated) == ("Chat", True)
    assert said.text != ""


def test_an_unknown_text_falls_back_to_english_and_says_so() -> None:
    said = Speech("uk").say("no.such.key", "Hello")
    assert (said.text, said.english, said.is_translated) == ("Hello", "Hello", False)


def test_names_in_braces_are_filled_by_value_then_by_filler_then_left() -> None:
    said = Speech("en", _filler).say("key", "{phone_shelter} {name} {unknown}", name="Anna")
    assert said.text == "0808 800 4444 Anna {unknown}"


def test_a_value_wins_over_the_filler() -> None:
    assert Speech("en", _filler).say("key", "{phone_shelter}", phone_shelter="none").text == "none"


def test_a_value_with_braces_is_not_filled_again() -> None:
    said = Speech("en", _filler).ui("notice.operator", operator="{phone_shelter}")
    assert said.text == "It is run by {phone_shelter}."


def test_a_number_stays_whole_inside_arabic() -> None:
    said = Speech("ar", _filler).ui("danger.homeless_tonight")
    assert f"{ISOLATE}0808 800 4444{POP_ISOLATE}" in said.text
    assert ISOLATE not in said.english
    assert "0808 800 4444" in said.english


def test_english_standing_in_for_arabic_has_no_marks() -> None:
    assert Speech("ar", _filler).say("no.key", "Call {phone_shelter}").text == "Call 0808 800 4444"


def test_no_marks_in_left_to_right_languages() -> None:
    assert ISOLATE not in Speech("pl", _filler).ui("danger.homeless_tonight").text


def test_every_value_is_filled_in_every_language(each_locale: Locale) -> None:
    assert "24" in Speech(each_locale.tag).ui("notice.kept", hours=24).text
    assert "24" in Speech(each_locale.tag).response("utter_privacy", hours=24).text


@pytest.mark.parametrize("call", [lambda s: s.ui("no.such"), lambda s: s.response("utter_no_such")])
def test_a_text_that_does_not_exist_is_not_found(call: object) -> None:
    with pytest.raises(NotFound, match="no"):
        call(Speech("en"))


def test_an_unknown_language_is_not_found() -> None:
    with pytest.raises(NotFound):
        Speech("xx")


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1 May 2026"), ("pl", "1 maja 2026"), ("uk", "1 травня 2026\u202fр."), ("ar", "1 مايو 2026")],
)
def test_a_date_is_in_words(language: str, text: str) -> None:
    said = Speech(language).date(DAY)
    assert (said.text, said.english) == (text, "1 May 2026")


def test_every_language_has_dates_with_day_and_year(each_locale: Locale) -> None:
    text = Speech(each_locale.tag).date(DAY).text
    assert "2026" in text
    assert "1" in text
