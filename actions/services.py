"""Places that can help: the list for the last topic or for what was written, and other views of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ADVISERS, Events, danger_of, fact_of, place_of, utter
from bot.answers.say import say_services, say_topic
from bot.directory.words import question_pieces, question_words

FIND_SERVICE = "find_service"
VIEW = "services_view"  # {"topic", "text", "view", "page"} of the list shown last
MORE = "more"


class ActionFindServices(Action):
    """Lists places; a tapped view changes the list shown last."""

    def name(self) -> str:
        return "action_find_services"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        kind, _, wanted = (fact_of(tracker) or "").partition("=")
        area, near = place_of(tracker)
        if kind == "services":
            shown = _changed(tracker.get_slot(VIEW), wanted) or {"topic": tracker.get_slot("last_topic")}
        else:
            shown = _asked_for(tracker)
            if area is None:
                utter(dispatcher, tracker, say_topic(FIND_SERVICE, danger_of(tracker)))
                return []
        utter(dispatcher, tracker, say_services(
            shown.get("topic"), shown.get("text", ""), area=area, near=near,
            view=shown.get("view", ()), page=shown.get("page", 0),
        ))  # fmt: skip
        return [SlotSet(VIEW, shown), SlotSet("area_code", area), SlotSet("near", near)]


def _asked_for(tracker: Tracker) -> dict[str, Any]:
    """Return the list to show for a message; where its words name nothing ("help near me"), that of the advisers."""
    text = str(tracker.latest_message.get("gloss") or tracker.latest_message.get("text") or "")
    return {"text": text} if question_words(text) or question_pieces(text) else {"topic": ADVISERS}


def _changed(shown: dict[str, Any] | None, wanted: str) -> dict[str, Any]:
    """Return the list to show after a tap; an empty one where none was shown yet."""
    if not shown:
        return {}
    if wanted == MORE:
        return {**shown, "page": shown.get("page", 0) + 1}
    return {**shown, "view": [wanted], "page": 0}
