"""Checks of the answers: each rule is broken once and must be noticed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bot.answers.check import check_answers
from bot.answers.load import load_topics

STEPS = ["Write to the landlord.", "Wait a week.", "Call the council."]


def _messages(level: str = "error") -> list[str]:
    found = [problem["message"] for problem in check_answers() if problem["level"] == level]
    return [message for message in found if not message.endswith("has no answer")]


def test_the_real_answers_have_no_error() -> None:
    assert [problem for problem in check_answers() if problem["level"] == "error"] == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": "t" * 46}, "title of 46 characters"),
        ({"button": "b" * 21}, "button of 21 characters"),
        ({"steps": STEPS[:2]}, "2 steps"),
        ({"steps": STEPS * 3}, "9 steps"),
        ({"steps": [*STEPS, "word " * 39]}, "step of 39 words"),
        ({"summary": ["word " * 43]}, "long summary"),
        ({"urgent": ["Call now."]}, "an urgent topic needs `urgent`, another must not have it"),
        ({"sources": []}, "no source"),
        ({"contacts": ["shelter", "nobody"]}, "unknown contact nobody"),
        ({"contacts": ["local_authority"]}, "no contact beside the council"),
        ({"local": ["weather"]}, "unknown local fact weather"),
        ({"related": ["greet"]}, "unknown related topic greet"),
        ({"related": ["noise", "pests", "voting", "food_help", "ni_number"]}, "too many related topics"),
        ({"sms": "a" * 307}, "sms longer than two messages"),
        ({"desk": "Call 0808 800 4444."}, "a typed phone number in 'Call 0808 800 4444.'; use {phone_<id>}"),
        ({"desk": "Call {phone_nobody}."}, "{phone_nobody} stands for nothing that may be shown"),
        ({"desk": "Hello {name}."}, "{name} stands for nothing that may be shown"),
    ],
)
def test_a_broken_rule_is_an_error(fields: dict[str, Any], message: str, rewrite: Callable[..., None]) -> None:
    rewrite("repairs", **fields)
    assert f"repairs: {message}" in _messages()


def test_a_topic_without_an_answer_is_an_error(rewrite: Callable[..., None]) -> None:
    rewrite("repairs")
    missing = [problem["message"] for problem in check_answers() if problem["message"].endswith("has no answer")]
    assert len(missing) == len(load_topics()) - 1


def test_an_urgent_topic_without_its_urgent_lines_is_an_error(rewrite: Callable[..., None]) -> None:
    rewrite("homeless_tonight", urgent=None)
    assert _messages() == ["homeless_tonight: an urgent topic needs `urgent`, another must not have it"]


def test_a_number_that_may_not_be_shown_cannot_be_used(rewrite: Callable[..., None]) -> None:
    rewrite("repairs", desk="Call {phone_live_fear_free}.")  # phone_status: one_list
    assert _messages() == ["repairs: {phone_live_fear_free} stands for nothing that may be shown"]


def test_a_review_is_due_on_the_day_after_the_last(rewrite: Callable[..., None], today: dt.date) -> None:
    rewrite("repairs", review_by=today)
    assert _messages("warning") == []
    rewrite("repairs", review_by=today - dt.timedelta(days=1))
    assert _messages("warning") == [f"repairs should have been reviewed by {today - dt.timedelta(days=1)}"]


def test_in_some_years_every_answer_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", "2099-01-01")
    assert len(_messages("warning")) == len(load_topics())
