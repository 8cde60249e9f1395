"""What the graph components share: how Rasa makes them, and that training data passes unless they say otherwise."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.storage import read_arrays
from bot.nlu.types import Array


class MessageComponent(GraphComponent):
    """A component that keeps nothing between runs."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageComponent:
        """Make the component; called by Rasa."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add this component's part to each message."""
        raise NotImplementedError


class TrainedComponent(MessageComponent):
    """A component that learns and stores what it learned as JSON and arrays."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config)
        self._model_storage, self._resource = model_storage, resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedComponent:
        """Make the component, to be trained; called by Rasa."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TrainedComponent:
        """Make the component from what was stored; called by Rasa."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component.restore(*read_arrays(directory))
        return component

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Take up what training stored."""
        raise NotImplementedError
