"""Rasa inside this process: its processor, an action endpoint without a network, a channel that collects.

What Rasa offers for this is used as it is; only the three places where it would call out or check our own results again
are replaced.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.processor import MessageProcessor
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.answers.say import Say
from bot.core.errors import ConfigError
from bot.core.memory import release_memory
from bot.nlg import CatalogueGenerator
from bot.trackers import CompactTrackerStore

CHANNEL = "doorway"


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
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the structured part; the plain text is for other channels."""
        if message.get("custom"):
            self.says.append(message["custom"])


def load_processor(model_path: Path, store: CompactTrackerStore) -> MessageProcessor:
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
    processor = MessageProcessor(
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
