"""Where the person lives: a postcode or a name becomes their council, for this chat only."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, fact_of, facts_of, named_place, utter
from bot.answers.load import get_answer
from bot.answers.say import say_kept_area, say_place, say_topic
from bot.places.authorities import load_authorities
from bot.places.lookup import Candidate, find_place

AREA = "area"


class ActionKeepArea(Action):
    """Finds the council and says the last answer again with its local part; asks when it may be several."""

    def name(self) -> str:
        return "action_keep_area"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        text = str(tracker.latest_message.get("text") or "")
        typed = named_place(tracker) or _typed(text)
        area = _tapped(tracker) or (typed.authority.gss_code if typed else None)
        near = typed.near if typed else None
        if area is None:
            utter(dispatcher, tracker, say_place(text))
            return []
        topic = tracker.get_slot("last_topic")
        if topic and "area" in get_answer(topic).needs:
            utter(dispatcher, tracker, say_topic(topic, **{**facts_of(tracker), "area": area, "near": near}))
        else:
            utter(dispatcher, tracker, say_kept_area(area))
        return [SlotSet("area_code", area), SlotSet("near", near)]


def _tapped(tracker: Tracker) -> str | None:
    name, _, value = (fact_of(tracker) or "").partition("=")
    return value if name == AREA and value in load_authorities() else None


def _typed(text: str) -> Candidate | None:
    found = find_place(text)
    return None if found.is_guess else found.only
