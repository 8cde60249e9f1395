"""The order of mixed text in languages written from right to left."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.i18n.speech import ISOLATE, Speech

DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize("language", ["ar", "fa", "ur"])
def test_date_runs_with_the_sentence_and_latin_text_keeps_its_own_order(language: str) -> None:
    speech = Speech(language)
    assert ISOLATE not in speech.ui("answer.checked", date=speech.date(DAY).text).text
    assert f"{ISOLATE}Leeds" in speech.ui("services.area", area="Leeds").text
    assert f"{ISOLATE}09:00" in speech.ui("services.later_today", time="09:00").text
    assert speech.comma == "، "
