"""The crisis gate: danger is seen first, and rather once too often.

`yes` answers the crisis topic; `maybe` keeps the topic's answer and puts one line with the right number before it.
Sources: phrases (bot/nlu/patterns.py) on the text in the message's language, on the English gloss, and in English for
mixed messages; and the classifier's summed probability of the five crisis topics. The gate raises, never lowers.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.answers.load import crisis_topics
from bot.i18n.locales import SOURCE_LANGUAGE, load_locales
from bot.nlu.component import MessageComponent
from bot.nlu.fields import CRISIS, CRISIS_TOPIC, FOLDED, GLOSS, LANGUAGE, RANKING
from bot.nlu.gloss import split_words
from bot.nlu.patterns import PatternSet, load_patterns, strongest


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CrisisGate(MessageComponent):
    """Adds `crisis` and `crisis_topic`; switches the intent when the answer is yes."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # a crisis topic that leads is answered from this probability on, or when a phrase agrees; below it is
            # offered, with the line (measured: yes seen .96, false yes .008; without this bound 1.0 and .015)
            "sure": 0.45,
            # summed probability of the five crisis topics from which a line comes before the answer: low on purpose,
            # a line too many costs little (false maybe ≤ 8 %, docs/evaluation.md)
            "maybe_threshold": 0.15,
            # and from which the crisis topic that leads is answered even when another topic is a little ahead
            "yes_threshold": 0.5,
            # by the boundaries of data/topics.yml: where the classifier is at least this sure of one of these, a
            # phrase about having no place tonight is a line before the answer and not another answer
            "yields_to": {"homeless_tonight": ["illegal_eviction", "rough_sleeper_report", "temporary_accommodation"]},
            "yields_from": 0.5,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._crisis_topics = frozenset(crisis_topics())
        self._patterns = {locale.tag: load_patterns(locale.tag) for locale in load_locales()}

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            level, topic = self.judge(message)
            message.set(CRISIS, level, add_to_output=True)
            message.set(CRISIS_TOPIC, topic, add_to_output=True)
            if level == "yes" and topic != message.get(INTENT)[INTENT_NAME_KEY]:
                confidence = dict(message.get(RANKING)).get(topic, 0.0)
                message.set(INTENT, {INTENT_NAME_KEY: topic, PREDICTED_CONFIDENCE_KEY: confidence}, add_to_output=True)
        return messages

    def judge(self, message: Message) -> tuple[str, str | None]:
        """Return ("yes" | "maybe" | "no", the crisis topic or None)."""
        ranking = {topic: share for topic, share in message.get(RANKING) if topic in self._crisis_topics}
        likeliest = max(ranking, key=lambda topic: ranking[topic], default=None)
        total = sum(ranking.values())
        leader, share = message.get(RANKING)[0]
        found = strongest(self._matches(message))
        if leader in self._crisis_topics and (found or share >= self._config["sure"]):
            return "yes", leader
        if found and found.level == "yes" and not self._yields(found.topic, message):
            return "yes", found.topic
        if total >= self._config["yes_threshold"]:
            return "yes", likeliest
        if found:
            return "maybe", found.topic
        if total >= self._config["maybe_threshold"]:
            return "maybe", likeliest
        return "no", None

    def _yields(self, topic: str, message: Message) -> bool:
        leader, share = message.get(RANKING)[0]
        return leader in self._config["yields_to"].get(topic, ()) and share >= self._config["yields_from"]

    def _matches(self, message: Message) -> list[Any]:
        language = message.get(LANGUAGE) or SOURCE_LANGUAGE
        words = split_words(message.get(FOLDED) or "", language)
        matches = self._set(language).match(words)
        if language != SOURCE_LANGUAGE:
            matches += self._set(SOURCE_LANGUAGE).match(words)
            matches += self._set(SOURCE_LANGUAGE).match((message.get(GLOSS) or "").split())
        return matches

    def _set(self, language: str) -> PatternSet:
        return self._patterns.get(language) or PatternSet((), frozenset())
