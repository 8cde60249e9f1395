"""Passing to a person: where to find an adviser."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ADVISERS, Events, danger_of, utter
from bot.answers.say import say_topic


class ActionHandOver(Action):
    """Says who can be spoken to."""

    def name(self) -> str:
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        utter(dispatcher, tracker, say_topic(ADVISERS, danger_of(tracker)))
        return []
