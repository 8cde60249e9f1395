"""What the actions share: reading the tracker, saying an answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.compose import compose
from bot.answers.render import render_text
from bot.answers.say import Say
from bot.i18n.locales import SOURCE_LANGUAGE

Events = list[dict[str, Any]]


def language_of(tracker: Tracker) -> str:
    """Return the language of the conversation."""
    return str(tracker.get_slot("language") or SOURCE_LANGUAGE)


def danger_of(tracker: Tracker) -> str | None:
    """Return the crisis topic whose one line goes before the answer, or None."""
    parsed = tracker.latest_message
    return parsed.get("crisis_topic") if parsed.get("crisis") == "maybe" else None


def fact_of(tracker: Tracker) -> str | None:
    """Return what a tapped answer of a form says (`nrpf=true`), or None."""
    return next(tracker.get_latest_entity_values("fact"), None)


def utter(dispatcher: CollectingDispatcher, tracker: Tracker, say: Say) -> None:
    """Say it: as text for plain Rasa channels, as data for ours."""
    dispatcher.utter_message(text=render_text(compose(say, language_of(tracker))), json_message=dict(say))
