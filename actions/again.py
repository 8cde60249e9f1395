"""Acting on the last answer: say it again, say it more simply."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, facts_of, utter
from bot.answers.say import say_response, say_short, say_text, say_topic

NOTHING = "say.nothing_to_repeat"


class ActionRepeatAnswer(Action):
    """Says the last answer again."""

    def name(self) -> str:
        return "action_repeat_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        topic = tracker.get_slot("last_topic")
        utter(
            dispatcher,
            tracker,
            say_topic(topic, **facts_of(tracker)) if topic else say_text(NOTHING),
        )
        return []


class ActionSimplifyAnswer(Action):
    """Says the last answer in a few sentences."""

    def name(self) -> str:
        return "action_simplify_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        topic = tracker.get_slot("last_topic")
        utter(dispatcher, tracker, say_short(topic) if topic else say_response("utter_dont_know"))
        return []
