"""Which language a message is in.

A naive Bayes over character n-grams, trained at build time on the training messages, the catalogues and the
lexicons; the session's and the browser's language come in as a prior. Romanised writing is a class of its own
that maps to the language.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.spelling import normalise
from bot.i18n.catalogue import load_catalogue
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale, load_locales
from bot.i18n.sources import source_texts
from bot.nlu.charmodel import CharModel
from bot.nlu.component import TrainedComponent
from bot.nlu.fields import LANGUAGE, LANGUAGE_HINT, LANGUAGE_SCORE, NORMALISED
from bot.nlu.gloss import load_lexicon_keys
from bot.nlu.storage import write_arrays
from bot.nlu.types import Array

SESSION_PRIOR = 2.5  # log-odds in favour of the language of the session; two clear words outweigh it
ROMANISED = "-Latn"  # suffix of the classes for romanised writing


def example_language(message: Message) -> str:
    """Return the language a training example is marked with (`metadata: {language: pl}` at its intent)."""
    metadata = message.get("metadata") or {}
    for level in ("example", "intent"):
        language = (metadata.get(level) or {}).get("language")
        if language:
            return str(language)
    return "en"


def identify(model: CharModel, normalised: str, hint: str | None = None) -> tuple[str, float]:
    """Return (language, probability) of a normalised text. Without letters the hint, or English, is returned."""
    if not any(char.isalpha() for char in normalised):
        return hint or "en", 0.0
    scores = model.scores(normalised)
    best: dict[str, float] = {}
    for label, score in zip(model.classes, scores.tolist(), strict=True):
        language = label.removesuffix(ROMANISED)
        best[language] = max(score, best.get(language, -np.inf))
    if hint in best:
        best[hint] += SESSION_PRIOR
    languages, values = zip(*sorted(best.items(), key=lambda item: -item[1]), strict=True)
    shifted = np.exp(np.array(values) - values[0])
    return languages[0], float(1 / shifted.sum())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(TrainedComponent):
    """Adds `language` and `language_score`."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._model: CharModel | None = None

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        self._model = CharModel(meta["classes"], meta["vocabulary"], arrays["log_probs"], arrays["unseen"])

    def train(self, training_data: TrainingData) -> Resource:
        self._model = CharModel.train(training_texts(training_data.training_examples))
        with self._model_storage.write_to(self._resource) as directory:
            write_arrays(
                directory,
                {"classes": self._model.classes, "vocabulary": self._model.vocabulary},
                {"log_probs": self._model.log_probs.astype(np.float16), "unseen": self._model.unseen},
            )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            message.set(LANGUAGE, example_language(message))
            message.set(LANGUAGE_SCORE, 1.0)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("LanguageIdentifier is used before it was trained or loaded")
        for message in messages:
            language, score = identify(
                self._model, message.get(NORMALISED), (message.get(METADATA) or {}).get(LANGUAGE_HINT)
            )
            message.set(LANGUAGE, language)
            message.set(LANGUAGE_SCORE, score)
        return messages


def training_texts(examples: Iterable[Message]) -> Iterable[tuple[str, str]]:
    """Yield (class, normalised text): training messages, catalogue texts in both languages and lexicon keys."""
    for message in examples:
        language = example_language(message)
        text = message.get(NORMALISED) or ""
        yield _writing_class(language, text), text
    for source in source_texts():
        yield SOURCE_LANGUAGE, normalise(source.english)
    for locale in load_locales():
        for text in load_catalogue(locale.tag).texts():
            normalised = normalise(text)
            yield _writing_class(locale.tag, normalised), normalised
        for key in load_lexicon_keys(locale.tag):
            yield _writing_class(locale.tag, key), key


def _writing_class(language: str, text: str) -> str:
    """Romanised writing of a language that has another script is a class of its own."""
    locale = find_locale(language)
    if locale is None or not locale.romanised:
        return language
    letters = [char for char in text if char.isalpha()]
    latin = sum(char < "\u0250" for char in letters)
    return language + ROMANISED if letters and latin > len(letters) / 2 else language
