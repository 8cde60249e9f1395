"""Which topic a message is about.

Two views, one decision. The *surface* head sees the characters and words of every language; where it alone is sure
the message is decided (the cascade: fast). Otherwise the *full* head adds the gloss and the encoder's vector, which
understand a situation that was described without its official name.

The one-line meanings of `data/topics.yml` are training texts too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.answers.load import load_dialogue_acts, load_topics
from bot.core.spelling import fold, normalise
from bot.nlu.component import TrainedComponent
from bot.nlu.encoder import encode_cached, sentence_model
from bot.nlu.features import GROUPS, NgramGroup
from bot.nlu.fields import FOLDED, GLOSS, RANKING
from bot.nlu.heads import LinearHead
from bot.nlu.minilm import HIDDEN
from bot.nlu.storage import write_arrays
from bot.nlu.types import Array

RANKED = 5
ENCODER = "encoder"
SURFACE_GROUPS = ("characters", "words")
FULL_GROUPS = ("characters", "words", "gloss")


PARTS = ("weights", "scale", "bias")  # of a head, as they are kept


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(TrainedComponent):
    """Sets `intent` and a ranking of five topics."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # weight of each L2-normalised feature group; figures in docs/evaluation.md
            "weights": {"characters": 0.6, "words": 0.6, "gloss": 1.0, ENCODER: 2.0},
            # LinearSVC's C
            "strength": 0.5,
            # calibrated probability from which the surface head decides alone
            "cascade_threshold": 0.9,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._groups: dict[str, NgramGroup] = {}
        self._surface: LinearHead | None = None
        self._full: LinearHead | None = None

    # -- training ---------------------------------------------------------------------------------------------

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(FOLDED)] + meaning_examples()
        labels = [str(example.get(INTENT)) for example in examples]
        surface_parts: list[Any] = []
        gloss_parts: list[Any] = []
        for name in FULL_GROUPS:
            texts = [_group_text(name, example) for example in examples]
            self._groups[name], features = NgramGroup.fit(GROUPS[name], texts)
            weighted = features * self._weight(name)
            (surface_parts if name in SURFACE_GROUPS else gloss_parts).append(weighted)
        vectors = encode_cached([example.get(GLOSS) for example in examples]) * self._weight(ENCODER)
        strength = float(self._config["strength"])
        surface = sparse.hstack(surface_parts).tocsr()
        everything = sparse.hstack([*surface_parts, *gloss_parts, sparse.csr_matrix(vectors)]).tocsr()
        self._surface, self._full = LinearHead.fit_all([surface, everything], labels, strength=strength)
        self._persist()
        return self._resource

    def _persist(self) -> None:
        if self._surface is None or self._full is None:
            raise RuntimeError("nothing was trained")
        meta = {
            "classes": self._full.classes,
            "temperatures": [self._surface.temperature, self._full.temperature],
            "vocabularies": {name: group.vocabulary for name, group in self._groups.items()},
        }
        arrays: dict[str, Array] = {f"idf_{name}": group.idf for name, group in self._groups.items()}
        for name, head in (("surface", self._surface), ("full", self._full)):
            arrays |= {f"{name}_{part}": getattr(head, part) for part in PARTS}
        with self._model_storage.write_to(self._resource) as directory:
            write_arrays(directory, meta, arrays)

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        self._groups = {
            name: NgramGroup(GROUPS[name], vocabulary, arrays[f"idf_{name}"])
            for name, vocabulary in meta["vocabularies"].items()
        }
        self._surface, self._full = (
            LinearHead(
                meta["classes"],
                arrays[f"{name}_weights"],
                arrays[f"{name}_scale"],
                arrays[f"{name}_bias"],
                temperature,
            )
            for name, temperature in zip(("surface", "full"), meta["temperatures"], strict=True)
        )
        sentence_model()  # loaded with the model, so that the first message does not wait for it

    # -- deciding ---------------------------------------------------------------------------------------------

    def process(self, messages: list[Message]) -> list[Message]:
        undecided = [message for message in messages if not self._decide_by_surface(message)]
        if undecided:
            vectors = sentence_model().encode([message.get(GLOSS) or message.get(FOLDED) for message in undecided])
            for message, vector in zip(undecided, vectors, strict=True):
                self._decide_by_everything(message, vector)
        return messages

    def _decide_by_surface(self, message: Message) -> bool:
        if self._surface is None:
            raise RuntimeError("TopicClassifier is used before it was trained or loaded")
        columns, values = self._features(message, SURFACE_GROUPS)
        probabilities = self._surface.probabilities(self._surface.scores(columns, values))
        if probabilities.max() < self._config["cascade_threshold"]:
            return False
        _set_ranking(message, self._surface.classes, probabilities)
        return True

    def _decide_by_everything(self, message: Message, vector: Array) -> None:
        if self._full is None:
            raise RuntimeError("TopicClassifier is used before it was trained or loaded")
        columns, values = self._features(message, FULL_GROUPS)
        start = len(self._full.weights) - HIDDEN
        columns = np.concatenate([columns, np.arange(start, start + HIDDEN)])
        values = np.concatenate([values, vector * self._weight(ENCODER)])
        _set_ranking(message, self._full.classes, self._full.probabilities(self._full.scores(columns, values)))

    def _features(self, message: Message, names: tuple[str, ...]) -> tuple[Array, Array]:
        columns, values, offset = [], [], 0
        for name in names:
            found, strengths = self._groups[name].transform(_group_text(name, message))
            columns.append(found + offset)
            values.append(strengths * self._weight(name))
            offset += len(self._groups[name].vocabulary)
        return np.concatenate(columns), np.concatenate(values)

    def _weight(self, group: str) -> np.float32:
        return np.float32(self._config["weights"][group])


def meaning_examples() -> list[Message]:
    """Return the meanings of `data/topics.yml` as English training examples."""
    meanings = {topic.id: topic.means for topic in load_topics().values()} | load_dialogue_acts()
    examples = []
    for name, meaning in meanings.items():
        folded = fold(normalise(meaning))
        examples.append(Message({INTENT: name, FOLDED: folded, GLOSS: folded}))
    return examples


def _group_text(name: str, message: Message) -> str:
    return str(message.get(GLOSS if name == "gloss" else FOLDED) or "")


def _set_ranking(message: Message, classes: list[str], probabilities: Array) -> None:
    best = np.argsort(-probabilities)[:RANKED]
    ranking = [(classes[index], float(probabilities[index])) for index in best]
    as_rasa = [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence} for name, confidence in ranking]
    message.set(INTENT, as_rasa[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, as_rasa, add_to_output=True)
    message.set(RANKING, ranking, add_to_output=True)
