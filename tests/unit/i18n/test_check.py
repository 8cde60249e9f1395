"""Checks of a translation, each finding with the sentence that causes it."""

from __future__ import annotations

import pytest

from bot.i18n.check import check_catalogues, check_translation
from bot.i18n.locales import get_locale
from bot.i18n.sources import SourceText


def _found(english: str, translation: str, key: str = "repairs.steps.1", locale: str = "pl") -> list[tuple[str, str]]:
    return list(check_translation(SourceText(key, english, "x.yml"), translation, get_locale(locale)))


@pytest.mark.parametrize(
    ("english", "translation"),
    [
        ("Call {phone_shelter} before 10 May.", "Zadzwoń pod {phone_shelter} przed 10 maja."),
        ("See gov.uk/council-tax. Pay 25.", "Zobacz gov.uk/council-tax. Zapłać 25."),
        ("Wait 56 days, then 8 weeks.", "انتظر ٥٦ يوما ثم ٨ أسابيع"),
        ("Chat", "Chat"),
        ("OK, thanks", "OK, thanks"),
    ],
)
def test_a_faithful_translation_has_no_problem(english: str, translation: str) -> None:
    assert _found(english, translation) == []


@pytest.mark.parametrize(
    ("english", "translation", "message"),
    [
        ("This is the English.", "This is the English.", "is the English sentence"),
        ("Call {phone_shelter} now", "Zadzwoń teraz", "lost {phone_shelter}"),
        ("Call now please", "Zadzwoń {phone_shelter}", "invents {phone_shelter}"),
        ("You have 28 days", "Masz 82 dni", "numbers: 28 became 82"),
        (
            "See gov.uk/council-tax",
            "Zobacz gov.uk/podatek",
            "addresses: gov.uk/council-tax became gov.uk/podatek",
        ),
        ("See gov.uk/council-tax", "Zobacz stronę", "addresses: gov.uk/council-tax became none"),
    ],
)
def test_a_misleading_translation_is_an_error(english: str, translation: str, message: str) -> None:
    assert ("error", message) in _found(english, translation)


def test_a_long_button_and_a_long_title_are_warnings() -> None:
    assert _found("Repairs", "n" * 25, key="repairs.button.1") == [("warning", "button of 25 characters")]
    assert _found("Repairs", "n" * 24, key="repairs.button.1") == []
    assert _found("Repairs", "n" * 61, key="repairs.title.1") == [("warning", "title of 61 characters")]


def test_a_text_message_may_lose_one_number_but_not_all() -> None:
    english = "Call {phone_shelter} or {phone_citizens_advice}."
    assert _found(english, "Zadzwoń: {phone_shelter}", key="repairs.sms.1") == []
    assert _found(english, "Zadzwoń", key="repairs.sms.1") == [("error", "lost every phone number and address")]


def test_a_text_message_of_three_parts_is_an_error() -> None:
    assert _found("Short", "ł" * 135, key="repairs.sms.1") == [("error", "is longer than two text messages")]


def test_the_real_catalogues_have_no_error() -> None:
    errors = [
        f"{problem['path']}:{problem['line']} {problem['message']}"
        for problem in check_catalogues()
        if problem["level"] == "error"
    ]
    assert errors == []
