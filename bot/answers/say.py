"""What an action wants said, as plain data: small enough for a tracker, independent of language and channel.

`compose.compose` turns it into an `Answer`. The keys are the contract between `actions/` and the assistant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from bot.eligibility.interview import Interview

RASA_CHANNEL = "doorway"  # name in Rasa of the one channel that takes messages as data
Kind = Literal[
    "topic", "short", "english", "response", "text", "offer", "languages", "erase", "question", "explanation",
    "outcome", "place", "kept_area", "services", "class_question", "class",
]  # fmt: skip


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
    area: str  # GSS code
    status: str
    item: str  # a thing to throw away
    text: str  # what was typed as a place, or is looked for
    near: list[float]  # latitude, longitude
    view: list[str]  # filters of a list of places: open_now, my_language, nearer
    page: int
    is_followed: bool  # by a question of a form, whose buttons are the only ones then
    menu: bool  # show the start topics as choices


def say_topic(
    topic: str,
    danger: str | None = None,
    *,
    area: str | None = None,
    near: Sequence[float] | None = None,
    status: str | None = None,
    item: str | None = None,
) -> Say:
    """Say the answer of a topic.

    Args:
        area: GSS code of the person's council.
        near: latitude and longitude of their postcode district.
        status: their immigration status.
        item: the thing they want to throw away.
    """
    say = _with_danger(Say(kind="topic", topic=topic), danger)
    if near:
        say["near"] = list(near)
    if item:
        say["item"] = item
    if area:
        say["area"] = area
    if status:
        say["status"] = status
    return say


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
    if not interview.is_introduced:
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


def say_services(
    topic: str | None,
    text: str,
    *,
    area: str | None,
    near: Sequence[float] | None,
    view: Sequence[str] = (),
    page: int = 0,
) -> Say:
    """Say which places can help. `view`: filters; `page` counts from 0."""
    say = Say(kind="services", text=text, view=list(view), page=page)
    if topic:
        say["topic"] = topic
    if area:
        say["area"] = area
    if near:
        say["near"] = list(near)
    return say


def say_class_question(name: str) -> Say:
    """Ask a question of the finder of English classes."""
    return Say(kind="class_question", name=name)


def say_class(answers: Mapping[str, str], *, area: str | None, near: Sequence[float] | None, status: str | None) -> Say:
    """Say which English class fits."""
    say = Say(kind="class", topic="esol_find", facts=dict(answers))
    if area:
        say["area"] = area
    if near:
        say["near"] = list(near)
    if status:
        say["status"] = status
    return say


def say_place(text: str) -> Say:
    """Ask which council is meant by what was typed as a place."""
    return Say(kind="place", text=text)


def say_kept_area(area: str) -> Say:
    """Say that the council is known now."""
    return Say(kind="kept_area", area=area)


def ask_erasure() -> Say:
    """Say nothing; ask the assistant to delete all that is kept of the conversation."""
    return Say(kind="erase")


def _with_danger(say: Say, danger: str | None) -> Say:
    if danger:
        say["danger"] = danger
    return say
