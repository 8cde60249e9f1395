"""Answering a topic, and offering topics when a message was not understood for sure."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, danger_of, utter
from bot.answers.choices import START_TOPICS
from bot.answers.compose import OFFERED, is_topic
from bot.answers.say import say_offer, say_topic


class ActionAnswerTopic(Action):
    """Says the written answer of the recognised topic."""

    def name(self) -> str:
        return "action_answer_topic"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        topic = str(tracker.latest_message["intent"]["name"])
        utter(dispatcher, tracker, say_topic(topic, danger_of(tracker)))
        return [SlotSet("last_topic", topic)]


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
