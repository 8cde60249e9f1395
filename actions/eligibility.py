"""The eligibility check as a form: read the answer, ask the next question, say the outcome.

Rasa's form asks for one slot, `eligibility_done`; which question that means is the interview's business. What the
validation does not understand as an answer is left to the other rules (another question, another language, danger), and
the form asks again after them.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, danger_of, fact_of, language_of, typed_payload, utter
from bot.answers.choices import FACT_PAYLOAD
from bot.answers.eligibility import DONT_KNOW, GROUP, STOP, WHY, compose_question
from bot.answers.say import say_explanation, say_outcome, say_question, say_text
from bot.core.errors import UserInputError
from bot.eligibility.interview import STATUS, Interview, is_question
from bot.eligibility.load import load_facts

FORM = "eligibility_form"
DONE = "eligibility_done"
INTERVIEW = "interview"
TYPED_ALIKE = 86  # rapidfuzz ratio from which a typed answer is a button's title
TRUTHS = {"affirm": "true", "deny": "false"}
START = "start"
NO_ANSWER = frozenset(
    {"nlu_fallback", "affirm", "deny", "give_status"}
)  # not understood here, and no question of its own


class ValidateEligibilityForm(Action):
    """Takes an answer into the interview."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        kept = tracker.get_slot(INTERVIEW)
        if not kept or (tracker.active_loop or {}).get("name") != FORM:
            return _keep(_begin(tracker))
        interview = Interview.from_dict(kept)
        name, value = _answer(interview, tracker)
        if not name:
            return []
        if not value:
            return _keep(interview if name == START else interview.fail())
        if value == STOP:
            utter(dispatcher, tracker, say_text("check.stopped"))
            return [SlotSet(INTERVIEW, None), SlotSet(DONE, STOP)]
        if value == WHY:
            utter(dispatcher, tracker, say_explanation(name))
            return _keep(interview)
        if value == DONT_KNOW:
            following = interview.skip()
            if following.unsure:
                utter(dispatcher, tracker, say_explanation(name))
            return _keep(following)
        if name == GROUP:
            return _keep(interview.choose_group(value))
        try:
            return _keep(interview.learn(name, value))
        except UserInputError:
            return _keep(interview.fail())


class ActionAskEligibility(Action):
    """Asks the interview's question."""

    def name(self) -> str:
        return f"action_ask_{FORM}_{DONE}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        interview = Interview.from_dict(tracker.get_slot(INTERVIEW))
        utter(dispatcher, tracker, say_question(interview, danger_of(tracker)))
        return [SlotSet(INTERVIEW, interview.introduced().as_dict())]


class ActionEligibilityOutcome(Action):
    """Says the outcome and forgets the answers."""

    def name(self) -> str:
        return "action_eligibility_outcome"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        if tracker.get_slot(DONE) != STOP:
            interview = Interview.from_dict(tracker.get_slot(INTERVIEW))
            utter(dispatcher, tracker, say_outcome(interview.facts))
        return [SlotSet(INTERVIEW, None), SlotSet(DONE, None)]


def _answer(interview: Interview, tracker: Tracker) -> tuple[str, str]:
    """Return (fact, value) of an answer; ("", "") when the message is none."""
    tapped = fact_of(tracker)
    if tapped:
        name, _, value = tapped.partition("=")
        return (name, value) if name == GROUP or is_question(name) else (START, "")
    status = _status_of(tracker)
    if status:
        return STATUS, status
    intent = str(tracker.latest_message["intent"].get("name"))
    fact = load_facts()[interview.question]
    if intent == "dont_know":
        return interview.question, DONT_KNOW
    if fact.kind == "yes_no" and intent in TRUTHS:
        return interview.question, TRUTHS[intent]
    if fact.kind == "choice" and intent == "deny" and "none" in fact.values:
        return interview.question, "none"
    number = next(tracker.get_latest_entity_values("number"), None)
    if fact.kind == "number" and (number is not None or intent == "deny"):
        return interview.question, str(fact.assumed) if number is None else str(number)
    typed = _typed(interview, tracker)
    if typed:
        return typed
    return (interview.question, "") if intent in NO_ANSWER else ("", "")


def _typed(interview: Interview, tracker: Tracker) -> tuple[str, str] | None:
    """Return the answer whose button has the words that were typed."""
    asked = compose_question(interview.question, language_of(tracker), group=interview.group)
    payload = typed_payload(tracker, asked, TYPED_ALIKE)
    if not payload:
        return None
    name, _, value = payload.removeprefix(FACT_PAYLOAD).partition("=")
    return name, value


def _begin(tracker: Tracker) -> Interview:
    """Return a new interview, with what a button or the message said already."""
    name, _, value = (fact_of(tracker) or "").partition("=")
    if name == GROUP:
        return Interview().start().choose_group(value)
    return Interview().start(value if name == STATUS else _status_of(tracker))


def _status_of(tracker: Tracker) -> str | None:
    return next(tracker.get_latest_entity_values(STATUS), None)


def _keep(interview: Interview) -> Events:
    events = [SlotSet(INTERVIEW, interview.as_dict())]
    return [*events, SlotSet(DONE, True)] if interview.is_done else events
