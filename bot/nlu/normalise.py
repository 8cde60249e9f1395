"""The first step of understanding: the message in one spelling (`bot.core.spelling`), with and without diacritics."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.spelling import fold, normalise
from bot.nlu.component import MessageComponent
from bot.nlu.fields import FOLDED, NORMALISED


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(MessageComponent):
    """Adds `normalised` and `folded` to every message."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            normalised = normalise(message.get(TEXT) or "")
            message.set(NORMALISED, normalised)
            message.set(FOLDED, fold(normalised))
        return messages
