"""The finder of English classes as a form: level, time, needs; every question can be skipped."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, fact_of, facts_of, language_of, typed_payload, utter
from bot.answers.choices import CLASS_PAYLOAD
from bot.answers.esol import NO_NEED, SKIP, STOP, compose_class_question, options, questions
from bot.answers.say import say_class, say_class_question, say_text

FORM = "esol_form"
DONE = "esol_done"
ANSWERS = "esol_answers"  # question → option, or skip
TYPED_ALIKE = 80  # rapidfuzz ratio from which a typed answer is a button's title
KIND = "class"  # of a tapped answer
SKIPPING = frozenset({"dont_know", "affirm", "deny"})


class ValidateEsolForm(Action):
    """Takes an answer."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        answers = dict(tracker.get_slot(ANSWERS) or {})
        if (tracker.active_loop or {}).get("name") != FORM:
            return [SlotSet(ANSWERS, {})]
        question, option = _answer(answers, tracker)
        if not question:
            return []
        if option == STOP:
            utter(dispatcher, tracker, say_text("check.stopped"))
            return [SlotSet(ANSWERS, None), SlotSet(DONE, STOP)]
        answers[question] = option
        kept = [SlotSet(ANSWERS, answers)]
        return kept if _next(answers) else [*kept, SlotSet(DONE, True)]


class ActionAskEsol(Action):
    """Asks the next question."""

    def name(self) -> str:
        return f"action_ask_{FORM}_{DONE}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        question = _next(tracker.get_slot(ANSWERS) or {})
        if question:
            utter(dispatcher, tracker, say_class_question(question))
        return []


class ActionEsolResult(Action):
    """Says which class fits."""

    def name(self) -> str:
        return "action_esol_result"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        if tracker.get_slot(DONE) != STOP:
            given = {name: option for name, option in (tracker.get_slot(ANSWERS) or {}).items() if option != SKIP}
            facts = facts_of(tracker)
            utter(dispatcher, tracker, say_class(given, area=facts["area"], near=facts["near"], status=facts["status"]))
        return [SlotSet(ANSWERS, None), SlotSet(DONE, None)]


def _next(answers: dict[str, str]) -> str | None:
    return next((question for question in questions() if question not in answers), None)


def _answer(answers: dict[str, str], tracker: Tracker) -> tuple[str, str]:
    """Return (question, option); ("", "") when the message answers nothing."""
    kind, _, rest = (fact_of(tracker) or "").partition(":")
    if kind == KIND:
        question, _, option = rest.partition("=")
        is_known = question in questions() and option in {*options(question), SKIP, STOP}
        return (question, option) if is_known else ("", "")
    question = _next(answers) or ""
    typed = _typed(question, tracker)
    if typed:
        return question, typed
    intent = str(tracker.latest_message["intent"].get("name"))
    if intent in SKIPPING:
        return question, NO_NEED if intent == "deny" and NO_NEED in options(question) else SKIP
    return "", ""


def _typed(question: str, tracker: Tracker) -> str:
    asked = compose_class_question(question, language_of(tracker))
    return typed_payload(tracker, asked, TYPED_ALIKE).removeprefix(CLASS_PAYLOAD).partition("=")[2]
