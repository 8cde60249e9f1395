"""What an action wants said, as plain data: small enough for a tracker, independent of language and channel.

`compose.compose` turns it into an `Answer`. The keys are the contract between `actions/` and the assistant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

Kind = Literal["topic", "short", "english", "response", "text", "offer", "languages", "erase"]


class Say(TypedDict, total=False):
    """One message to a person."""

    kind: Kind
    topic: str
    topics: list[str]
    name: str
    danger: str
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


def ask_erasure() -> Say:
    """Say nothing; ask the assistant to delete all that is kept of the conversation."""
    return Say(kind="erase")


def _with_danger(say: Say, danger: str | None) -> Say:
    if danger:
        say["danger"] = danger
    return say
