"""Wiring a component by hand in a temporary folder, as Rasa's graph would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normalise import Normaliser


class Bench:
    """Creates, trains and loads components that share one model storage."""

    def __init__(self, folder: Path) -> None:
        self.storage = LocalModelStorage(folder)
        self.context = ExecutionContext(GraphSchema({}))

    def create(self, component: type[GraphComponent], **config: Any) -> Any:
        resource = Resource(component.__name__)
        return component.create({**component.get_default_config(), **config}, self.storage, resource, self.context)

    def load(self, component: type[GraphComponent], **config: Any) -> Any:
        resource = Resource(component.__name__)
        return component.load({**component.get_default_config(), **config}, self.storage, resource, self.context)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def examples(*rows: tuple[str, str, str]) -> TrainingData:
    """Return training data of (language, intent, text), normalised."""
    messages = [
        Message({TEXT: text, INTENT: intent, "metadata": {"intent": {"language": language}}})
        for language, intent, text in rows
    ]
    return TrainingData(Normaliser({}).process(messages))


def message(text: str, **data: Any) -> Message:
    """Return one normalised message."""
    return Normaliser({}).process([Message({TEXT: text, **data})])[0]
