"""Rasa's tracker store with one small row per conversation.

What the rules and forms need of the past is the slots and the active form, so only these are kept: turn 200 costs
what turn 5 costs, and no sentence of a person is stored here. Rasa's own SQL store keeps a row per event.

Inside a `Turn` the state is staged and written by the caller in its own transaction, together with the inbox and
outbox rows; outside (`rasa shell`) it is written at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import Column, Float, String, Table, Text, delete, select
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.database import Database, default_url, metadata, upsert
from bot.core.paths import ROOT
from bot.core.settings import load_settings

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", Float, nullable=False, index=True),
)


@dataclass
class Turn:
    """The state of one conversation while one message is answered: read before, written after."""

    conversation_id: str
    state: str | None


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)


def read_state(connection: Connection, conversation_id: str) -> str | None:
    """Return the stored state of a conversation, or None for a new one."""
    return connection.execute(select(conversations.c.state).where(conversations.c.id == conversation_id)).scalar()


def write_state(connection: Connection, conversation_id: str, state: str) -> None:
    """Store the state of a conversation."""
    row = {"id": conversation_id, "state": state, "updated_at": timestamp()}
    changes = (("state", "excluded.state"), ("updated_at", "excluded.updated_at"))
    connection.execute(upsert(conversations, ("id",), changes), row)


def erase_state(connection: Connection, conversation_id: str) -> int:
    """Delete a conversation; return how many rows went."""
    return int(connection.execute(delete(conversations).where(conversations.c.id == conversation_id)).rowcount)


def dump_state(tracker: DialogueStateTracker) -> str:
    """Return the compact state: slots that differ from their start, and the active form."""
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    state: dict[str, Any] = {"slots": slots}
    if tracker.active_loop:
        state["form"] = tracker.active_loop.name
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def load_events(state: str) -> list[Event]:
    """Return the events that bring a fresh tracker into a stored state."""
    content = json.loads(state)
    events: list[Event] = [SessionStarted()]
    events.extend(SlotSet(name, value) for name, value in content["slots"].items())
    if content.get("form"):
        events.append(ActionExecuted(content["form"]))
        events.append(ActiveLoop(content["form"]))
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    return events


class CompactTrackerStore(TrackerStore):
    """The store named in endpoints.yml."""

    def __init__(
        self,
        domain: Domain | None,
        endpoint_config: EndpointConfig | None = None,
        event_broker: EventBroker | None = None,
        database: Database | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._database = database or Database(load_settings().database_url or default_url(ROOT / "var"))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stage the state in the running turn, or write it."""
        state = dump_state(tracker)
        turn = current_turn.get()
        if turn is not None and turn.conversation_id == tracker.sender_id:
            turn.state = state
            return
        await self._database.run(lambda connection: write_state(connection, tracker.sender_id, state))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None when it is new."""
        turn = current_turn.get()
        if turn is not None and turn.conversation_id == sender_id:
            state = turn.state
        else:
            state = await self._database.run(lambda connection: read_state(connection, sender_id))
        if state is None:
            return None
        tracker = self.init_tracker(sender_id)
        for event in load_events(state):
            tracker.update(event, self.domain)
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return await self._database.run(
            lambda connection: list(connection.execute(select(conversations.c.id)).scalars())
        )
