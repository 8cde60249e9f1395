"""What an action wants said, as plain data: small enough for a tracker, independent of language and channel.

`compose.compose` turns it into an `Answer`. The keys are the contract between `actions/` and the assistant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from bot.eligibility.interview import Interview

Kind = Literal[
    "topic", "short", "english", "response", "text", "offer", "languages", "erase", "question", "explanation", "outcome"
]


class Say(TypedDict, total=False):
    """One message to a person."""

    kind: Kind
    topic: str
    topics: list[str]
    name: str
    danger: str
    fact: str  # the fact asked for
    group: str
    notes: list[str]  # interface texts said before
    facts: dict[str, Any]
    menu: bool  # show the start topics as choices


def say_topic(topic: str, danger: str | None = None) -> Say:
    """Say the answer of a topic."""
    return _with_danger(Say(kind="topic", topic=topic), danger)


def say_short(topic: str) -> Say:
    """Say a topic in a few sentences."""
    return Say(kind="short", topic=topic)


def say_english(topic: str) -> Say:
    """Say a topic in English."""
    return Say(kind="english", topic=topic)


def say_offer(topics: Sequence[str], danger: str | None = None) -> Say:
    """Ask which of some topics is meant."""
    return _with_danger(Say(kind="offer", topics=list(topics)), danger)


def say_text(name: str) -> Say:
    """Say an interface text, `name` without its `ui.` prefix."""
    return Say(kind="text", name=name)


def say_languages() -> Say:
    """Show the languages."""
    return Say(kind="languages")


# Responses after which a person is shown where to begin.
WITH_MENU = frozenset(
    {"utter_greet", "utter_ask_capabilities", "utter_restart", "utter_dont_know", "utter_out_of_scope", "utter_deny",
     "utter_affirm"}
)  # fmt: skip


def say_response(name: str) -> Say:
    """Say a response of the domain."""
    say = Say(kind="response", name=name)
    if name in WITH_MENU:
        say["menu"] = True
    return say


def say_question(interview: Interview, danger: str | None = None) -> Say:
    """Ask the question of an eligibility check."""
    notes = [f"danger.{danger}"] if danger else []
    if not interview.facts and not interview.group and not interview.failed and not interview.unsure:
        notes.append("check.intro")
    if interview.failed:
        notes.append("check.way_out" if interview.is_stuck else "check.not_understood")
    if interview.is_previous and interview.question == "status":
        notes.append("check.ask_previous")
    return Say(kind="question", fact=interview.question, group=interview.group, notes=notes)


def say_explanation(fact: str) -> Say:
    """Say why a fact is asked and how to find it out."""
    return Say(kind="explanation", fact=fact)


def say_outcome(facts: Mapping[str, Any]) -> Say:
    """Say the outcome of an eligibility check."""
    return Say(kind="outcome", facts=dict(facts))


def ask_erasure() -> Say:
    """Say nothing; ask the assistant to delete all that is kept of the conversation."""
    return Say(kind="erase")


def _with_danger(say: Say, danger: str | None) -> Say:
    if danger:
        say["danger"] = danger
    return say
