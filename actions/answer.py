"""Answering a topic, and offering topics when a message was not understood for sure."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, danger_of, facts_of, language_of, place_of, utter
from bot.answers.choices import START_TOPICS
from bot.answers.compose import OFFERED
from bot.answers.load import is_topic
from bot.answers.say import say_offer, say_topic
from bot.answers.waste import ANSWERED
from bot.waste.items import find_item


class ActionAnswerTopic(Action):
    """Says the written answer of the recognised topic."""

    def name(self) -> str:
        return "action_answer_topic"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        topic = str(tracker.latest_message["intent"]["name"])
        facts = facts_of(tracker)
        facts["area"], facts["near"] = place_of(tracker)
        facts["item"] = _item_of(tracker, topic)
        facts["status"] = next(tracker.get_latest_entity_values("status"), None) or facts["status"]
        utter(dispatcher, tracker, say_topic(topic, danger_of(tracker), **facts))
        kept = {
            "services_view": None,
            "last_topic": topic,
            "item": facts["item"],
            "area_code": facts["area"],
            "near": facts["near"],
        }
        return [SlotSet(slot, value) for slot, value in kept.items()]


def _item_of(tracker: Tracker, topic: str) -> str | None:
    if topic != ANSWERED:
        return None
    item = find_item(str(tracker.latest_message.get("text") or ""), language_of(tracker))
    return item.id if item else tracker.get_slot("item")


class ActionOfferTopics(Action):
    """Offers the three topics that are nearest to the message, and a person."""

    def name(self) -> str:
        return "action_offer_topics"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        ranking = tracker.latest_message.get("topic_ranking") or []
        likely = [topic for topic, _ in ranking if is_topic(topic)]
        topics = list(dict.fromkeys((*likely, *START_TOPICS)))[:OFFERED]
        utter(dispatcher, tracker, say_offer(topics, danger_of(tracker)))
        return []
