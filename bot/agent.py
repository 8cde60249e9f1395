"""Rasa inside this process: its processor, an action endpoint without a network, a channel that collects.

What Rasa offers for this is used as it is; replaced is only where it would call out, check or copy our own results
again, or schedule a graph of ten components anew for each prediction.
"""

from __future__ import annotations

import tarfile
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.answers.say import RASA_CHANNEL, Say
from bot.core.errors import ConfigError
from bot.core.memory import release_memory
from bot.nlg import CatalogueGenerator
from bot.trackers import CompactTrackerStore


class InProcessActions(EndpointConfig):
    """An action endpoint whose request runs the rasa-sdk executor here instead of over HTTP."""

    def __init__(self) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """Run the action named in `json` and return events and responses."""
        return await self._executor.run(kwargs["json"])


class SayCollector(OutputChannel):
    """Collects what the actions want said."""

    def __init__(self) -> None:
        self.says: list[Say] = []

    @classmethod
    def name(cls) -> str:
        """Name of the channel in Rasa."""
        return RASA_CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the structured part; the plain text is for other channels."""
        if message.get("custom"):
            self.says.append(message["custom"])


class PlainGraphRunner(DaskGraphRunner):
    """Rasa's graph of components, run one after the other.

    Dask plans the same few nodes anew at each prediction: two or three times a turn, a tenth of it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Return the outputs of the target nodes by name. `inputs`: values by the name of their placeholder."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = self._order(list(wanted))
        outputs = dict(inputs or {})
        for name, needs in self._orders[wanted]:
            _, outputs[name] = self._instantiated_nodes[name](*[(need, outputs[need]) for need in needs])
        return {name: outputs[name] for name in wanted}

    def _order(self, targets: list[str]) -> list[tuple[str, list[str]]]:
        """Return (node, the names of what it needs) for each node that the targets need, needed ones first."""
        nodes = self._graph_schema.minimal_graph_schema(targets).nodes
        needs = {name: list(node.needs.values()) for name, node in nodes.items()}
        return [(name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in needs]


class Processor(MessageProcessor):
    """Rasa's processor without the deep copies it makes of every event for a debug log that nobody reads."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with TemporaryDirectory() as folder:
            try:
                metadata, runner = loader.load_predict_graph_runner(
                    Path(folder), Path(model_path), LocalModelStorage, PlainGraphRunner
                )
            except tarfile.ReadError as error:
                raise ConfigError(f"{model_path} is no model; run `doorway train`") from error
        return Path(model_path).name, metadata, runner

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event] | None, prediction: PolicyPrediction
    ) -> None:
        happened = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in happened):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(happened, self.domain)


def load_processor(model_path: Path, store: CompactTrackerStore) -> Processor:
    """Return Rasa's processor with a model, our tracker store and the actions in this process.

    Raises:
        ConfigError: there is no model.
    """
    if not model_path.exists():
        raise ConfigError(f"no model at {model_path}; run `doorway train`")
    endpoint = InProcessActions()
    agent = Agent(
        generator=CatalogueGenerator(), tracker_store=store, action_endpoint=endpoint, lock_store=InMemoryLockStore()
    )
    _trust_own_actions()
    _remember_event_types()
    processor = Processor(
        model_path=model_path,
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=endpoint,
        generator=agent.nlg,
    )
    agent.tracker_store.domain = store.domain = processor.domain
    release_memory()
    return processor


def _trust_own_actions() -> None:
    """Leave out Rasa's check of every action result against a JSON schema: rasa-sdk built it a moment before, here.

    It took two thirds of an ordinary turn and nine tenths of a form's. Forms make their actions themselves, so the
    method is replaced and not the class.
    """
    RemoteAction._validate_action_result = lambda self, result: True


def _remember_event_types() -> None:
    """Look a type of event up once: Rasa walks the whole tree of classes for each event of each action."""
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))
