"""The Rasa agent and the actions, inside this process: one message in, answers out.

A turn: language → understanding (in a thread: numpy lets the event loop go on) → Rasa's dialogue → action → `Answer`s.
Nothing here knows a channel, a session or HTTP. The caller holds the conversation's lock and stores what comes back.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.agent import SayCollector, load_processor
from bot.answers.choices import (
    ACT_PAYLOAD,
    AREA_PAYLOAD,
    CLASS_PAYLOAD,
    FACT_PAYLOAD,
    LANGUAGE_PAYLOAD,
    SERVICES_PAYLOAD,
    TOPIC_PAYLOAD,
    language_choice,
)
from bot.answers.compose import compose
from bot.answers.load import is_topic
from bot.answers.model import Answer
from bot.answers.say import RASA_CHANNEL, Say, say_response
from bot.answers.withdrawn import Withdrawn
from bot.core.errors import UserInputError
from bot.directory.signposts import LISTED, SHOWN, Signposts, Wanted
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale
from bot.places.lookup import ExactPostcodes
from bot.trace import Trace
from bot.trackers import CompactTrackerStore, Turn, current_turn
from bot.understanding import Understanding, chosen, language_of_turn, understand

# Beginning of a payload → the intent a tap stands for, and how the entity `fact` begins that carries the rest.
TAPPED = {
    AREA_PAYLOAD: ("give_location", "area="),
    SERVICES_PAYLOAD: ("find_service", "services="),
    CLASS_PAYLOAD: ("esol_find", "class:"),
    FACT_PAYLOAD: ("give_status", ""),
}
NLU_THREADS = 2


@dataclass(frozen=True)
class Reply:
    """One turn's outcome. `state` is the conversation to store; `erase` asks for everything to be deleted."""

    language: str
    topic: str
    confidence: float
    answers: tuple[Answer, ...]
    state: str | None
    is_understood: bool = True
    erase: bool = False


@dataclass(frozen=True)
class Explained:
    """A reply and how it came about."""

    reply: Reply
    understood: Understanding
    trace: Trace


class Assistant:
    """A loaded model that answers. Topics in `withdrawn` get contacts instead of their answer."""

    def __init__(
        self,
        model_path: Path,
        store: CompactTrackerStore,
        *,
        signposts: Signposts | None = None,
        postcodes: ExactPostcodes | None = None,
        retention_hours: int = 24,
    ) -> None:
        """Load the model.

        Args:
            signposts: the directory; without it no places are listed.
            postcodes: exact ones; without them the first half of a postcode decides.
            retention_hours: what people are told about how long their words are kept.

        Raises:
            ConfigError: there is no model at `model_path`, or it cannot be read.
        """
        self._retention_hours = retention_hours
        self._signposts = signposts
        self._postcodes = postcodes
        self._processor = load_processor(model_path, store)
        self.withdrawn = Withdrawn()
        self._threads = ThreadPoolExecutor(NLU_THREADS, thread_name_prefix="nlu")

    async def understand(self, text: str, language_hint: str | None = None) -> Understanding:
        """Return what a cleaned text means. `language_hint`: of the session or the browser; it is only a prior."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.understand_now, text, language_hint)

    def understand_now(self, text: str, language_hint: str | None = None) -> Understanding:
        """The same in this thread."""
        return understand(self._processor, [(text, language_hint)])[0]

    def understand_many(self, items: list[tuple[str, str | None]]) -> list[Understanding]:
        """Return what many texts mean; the encoder works on them together. `items`: (text, language hint)."""
        return understand(self._processor, items)

    async def answer_text(
        self,
        conversation_id: str,
        state: str | None,
        text: str,
        *,
        language: str | None = None,
        language_hint: str | None = None,
        slots: dict[str, str] | None = None,
    ) -> Reply:
        """Answer a cleaned text.

        Args:
            state: the stored conversation, None for a new one.
            language: the language the person chose, None when they have not.
            language_hint: of the browser.
            slots: facts from outside the conversation (area_code, status).
        """
        explained = await self.explain_text(
            conversation_id, state, text, language=language, language_hint=language_hint, slots=slots
        )
        return explained.reply

    async def explain_text(
        self,
        conversation_id: str,
        state: str | None,
        text: str,
        *,
        language: str | None = None,
        language_hint: str | None = None,
        slots: dict[str, str] | None = None,
    ) -> Explained:
        """Answer as `answer_text` does, and tell how the answer came about. Nothing is stored by either."""
        trace = Trace()
        with trace.step("understanding"):
            understood = await self.understand(text, language or language_hint)
            await self._locate(understood)
        spoken, offer = language_of_turn(text, understood, language, language_hint)
        reply = await self._run(conversation_id, state, understood, spoken, text, slots, trace=trace)
        if offer and reply.answers:
            last = reply.answers[-1]
            with_offer = Answer(**{**vars(last), "choices": (*last.choices, language_choice(offer))})
            reply = Reply(**{**vars(reply), "answers": (*reply.answers[:-1], with_offer)})
        return Explained(reply, understood, trace)

    async def answer_choice(
        self,
        conversation_id: str,
        state: str | None,
        payload: str,
        *,
        language: str | None = None,
        slots: dict[str, str] | None = None,
    ) -> Reply:
        """Answer a tapped choice, given by the payload that was stored for it.

        Raises:
            UserInputError: `unknown_choice`, the payload fits nothing of today.
        """
        spoken = language or SOURCE_LANGUAGE
        if payload.startswith(LANGUAGE_PAYLOAD):
            locale = find_locale(payload.removeprefix(LANGUAGE_PAYLOAD))
            if locale is None:
                raise UserInputError("unknown_choice")
            understood = chosen(
                "change_language", locale.tag, entities=({"entity": "language_name", "value": locale.tag},)
            )
            return await self._run(conversation_id, state, understood, locale.tag, "", slots, switched=True)
        for prefix, (intent, fact) in TAPPED.items():
            if payload.startswith(prefix):
                entity = {"entity": "fact", "value": fact + payload.removeprefix(prefix)}
                return await self._run(conversation_id, state, chosen(intent, spoken, (entity,)), spoken, "", slots)
        intent = payload.removeprefix(TOPIC_PAYLOAD).removeprefix(ACT_PAYLOAD)
        if intent == payload or (payload.startswith(TOPIC_PAYLOAD) and not is_topic(intent)):
            raise UserInputError("unknown_choice")
        return await self._run(conversation_id, state, chosen(intent, spoken), spoken, "", slots)

    async def _run(
        self,
        conversation_id: str,
        state: str | None,
        understood: Understanding,
        language: str,
        text: str,
        slots: dict[str, str] | None,
        *,
        switched: bool = False,
        trace: Trace | None = None,
    ) -> Reply:
        trace = trace or Trace()
        with trace.step("dialogue"):
            tracker, says, state = await self._talk(conversation_id, state, understood, language, text, slots)
        trace.actions = _actions_of(tracker)
        spoken = tracker.get_slot("language") or language
        in_form = tracker.active_loop_name is not None
        trace.says = _asked_only([say_response("utter_restart")] if switched and not in_form else says)
        return Reply(
            language=spoken,
            topic=understood.topic,
            confidence=understood.confidence,
            answers=tuple([await self._answer(say, spoken, trace) for say in trace.says if say["kind"] != "erase"]),
            state=state,
            is_understood=not any(say["kind"] == "offer" for say in trace.says),
            erase=any(say["kind"] == "erase" for say in trace.says),
        )

    async def _talk(
        self,
        conversation_id: str,
        state: str | None,
        understood: Understanding,
        language: str,
        text: str,
        slots: dict[str, str] | None,
    ) -> tuple[DialogueStateTracker, list[Say], str | None]:
        """Run Rasa's dialogue; return (the conversation, what it wants said, its state to store)."""
        turn = Turn(conversation_id, state)
        token = current_turn.set(turn)
        collector = SayCollector()
        try:
            message = UserMessage(
                text, collector, conversation_id, parse_data=understood.parse_data, input_channel=RASA_CHANNEL
            )
            tracker = await self._processor.fetch_tracker_and_update_session(conversation_id, collector)
            for name, value in {**(slots or {}), "language": language}.items():
                tracker.update(SlotSet(name, value), self._processor.domain)
            await self._processor._handle_message_with_tracker(message, tracker)
            await self._processor._run_prediction_loop(collector, tracker)
            await self._processor.save_tracker(tracker)
        finally:
            current_turn.reset(token)
        return tracker, collector.says, turn.state

    async def _locate(self, understood: Understanding) -> None:
        """Add the council of an exact postcode to what was understood."""
        postcode = next((entity["value"] for entity in understood.entities if entity["entity"] == "postcode"), None)
        if postcode is None or self._postcodes is None:
            return
        exact = await asyncio.get_running_loop().run_in_executor(self._threads, self._postcodes.find, postcode)
        if exact:
            understood.parse_data["entities"].append({"entity": "council", "value": exact.gss_code})

    async def _answer(self, say: Say, language: str, trace: Trace) -> Answer:
        wanted, found = _wanted(say, language), None
        if self._signposts and wanted:
            with trace.step("places"):
                found = await self._signposts.find(wanted)
            trace.found.append(found)
        with trace.step("answer"):
            return compose(say, language, found, withdrawn=self.withdrawn, hours=self._retention_hours)

    def close(self) -> None:
        """Finish running work."""
        self._threads.shutdown(wait=True)


def _actions_of(tracker: DialogueStateTracker) -> tuple[str, ...]:
    """Return the actions since the last message, in order, without the waiting for the next one."""
    actions: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            actions.insert(0, str(event.action_name))
    return tuple(actions)


def _asked_only(says: list[Say]) -> list[Say]:
    """Return what is said, without the buttons of an answer that is followed by the question of a form."""
    if len(says) < 2 or says[-1]["kind"] not in ("question", "class_question"):
        return says
    return [*(Say(**{**say, "is_followed": True}) if say["kind"] == "topic" else say for say in says[:-1]), says[-1]]


def _wanted(say: Say, language: str) -> Wanted | None:
    """Return which places are to be looked for; None where an answer lists none."""
    if say["kind"] not in ("topic", "services", "class") or (say["kind"] != "services" and "area" not in say):
        return None
    near, view = say.get("near"), say.get("view", [])
    return Wanted(
        topic=say.get("topic"),
        text=say.get("text", ""),
        area_code=say.get("area"),
        near=(near[0], near[1]) if near else None,
        language=language,
        is_open="open_now" in view,
        is_spoken="my_language" in view,
        is_nearer="nearer" in view,
        page=say.get("page", 0),
        limit=LISTED if say["kind"] == "services" else SHOWN,
    )
