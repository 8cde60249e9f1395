"""The conversation itself: another language, start again, delete what I wrote."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, utter
from bot.answers.say import ask_erasure, say_english, say_languages, say_response
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale

KEPT = ("language", "session_started_metadata")


class ActionChangeLanguage(Action):
    """Shows the languages. "In English" after an answer shows that answer in English and changes nothing."""

    def name(self) -> str:
        return "action_change_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        wanted = next(tracker.get_latest_entity_values("language_name"), None)
        topic = tracker.get_slot("last_topic")
        if wanted == SOURCE_LANGUAGE and topic:
            utter(dispatcher, tracker, say_english(topic))
            return []
        if wanted and find_locale(wanted):
            switched = SlotSet("language", wanted)
            tracker.slots["language"] = wanted
            utter(dispatcher, tracker, say_response("utter_restart"))
            return [switched]
        utter(dispatcher, tracker, say_languages())
        return []


class ActionStartAgain(Action):
    """Forgets everything but the language."""

    def name(self) -> str:
        return "action_start_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return forget(tracker)


class ActionEraseConversation(Action):
    """Asks the assistant to delete all that is kept of this conversation."""

    def name(self) -> str:
        return "action_erase_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(json_message=dict(ask_erasure()))
        return forget(tracker)


def forget(tracker: Tracker) -> Events:
    """Return the events that empty every slot but the language."""
    return [SlotSet(slot, None) for slot in tracker.slots if slot not in KEPT]
