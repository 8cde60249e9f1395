"""Not sure: the best three are offered instead of a guess.

Runs last. Leaves the ranking as it is and sets the intent to `nlu_fallback` when the leader is weak or has a close
second that leads elsewhere; a crisis is never doubted.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.component import MessageComponent
from bot.nlu.fields import CRISIS, RANKING


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TopicFallback(MessageComponent):
    """Replaces a doubtful intent by `nlu_fallback`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # below this the leader is right less often than the three together help (docs/evaluation.md)
            "threshold": 0.4,
            # up to this a close second makes it doubtful
            "doubtful_below": 0.6,
            # how close the second must be
            "margin": 0.1,
        }

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(CRISIS) != "yes" and self._is_doubtful(message.get(RANKING)):
                confidence = message.get(INTENT)[PREDICTED_CONFIDENCE_KEY]
                doubt = {
                    INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME,
                    PREDICTED_CONFIDENCE_KEY: confidence,
                }
                message.set(INTENT, doubt, add_to_output=True)
        return messages

    def _is_doubtful(self, ranking: list[tuple[str, float]]) -> bool:
        first, second = ranking[0][1], ranking[1][1]
        if first < self._config["threshold"]:
            return True
        return first < self._config["doubtful_below"] and first - second < self._config["margin"]
