"""The check of answers on channels finds what a platform would refuse, and finds nothing in what is written."""

from __future__ import annotations

import pytest

from bot.answers.model import Answer, Block, Choice, Line
from bot.channels import check, split, twilio
from bot.channels.check import check_answer, check_channels
from bot.channels.platforms import CHANNELS, load_platforms, missing_settings
from bot.core.settings import load_settings


def _answer(text: str, *titles: str) -> Answer:
    choices = tuple(Choice(Line(title, title), "topic:x") for title in titles)
    return Answer("en", "ltr", blocks=(Block("text", lines=(Line(text, text),)),), choices=choices)


def test_every_topic_in_every_language_fits_every_channel() -> None:
    assert check_channels() == []


@pytest.mark.parametrize("channel", check.RENDERERS)
def test_a_plain_answer_has_no_problem(channel: str) -> None:
    assert list(check_answer(_answer("Call 0808 800 4444 or https://a.org/x.", "Yes", "No"), channel)) == []


@pytest.mark.parametrize("channel", check.RENDERERS)
def test_an_empty_answer_is_a_problem(channel: str) -> None:
    assert list(check_answer(Answer("en", "ltr"), channel)) == ["says nothing"]


@pytest.mark.parametrize("channel", ["telegram", "messenger", "whatsapp_twilio", "sms"])
def test_a_torn_address_is_a_problem(channel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "WHOLE", split.re.compile("(?!)"))
    monkeypatch.setattr(split, "BREAKS", (split.re.compile("/"),))
    address = "https://a.org/" + "long/" * 900
    assert any("torn" in problem for problem in check_answer(_answer(address), channel))


def test_a_dear_text_message_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twilio, "NEXT_SEGMENTS", 4)
    monkeypatch.setattr(check.twilio, "MENU_SEGMENTS", 0)
    assert list(check_answer(_answer("Text"), "sms")) != []


# Which platforms are on


def test_a_channel_is_on_when_its_settings_are_complete() -> None:
    settings = load_settings({}, telegram_token="1:T", telegram_secret="s", twilio_account="AC", twilio_token="t")
    assert list(load_platforms(settings)) == ["telegram"]
    assert missing_settings(settings, "sms") == ["twilio_sms_from", "public_url"]


def test_nothing_is_on_by_default() -> None:
    assert load_platforms(load_settings({})) == {}
    assert set(CHANNELS) == set(check.RENDERERS)
