"""The check as a conversation: what is known, what was asked, what comes next. Plain data, kept between messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.errors import UserInputError
from bot.eligibility.facts import read_facts
from bot.eligibility.load import UNKNOWN_STATUS, load_facts, load_statuses
from bot.eligibility.model import FactValue
from bot.eligibility.questions import next_question

STATUS = "status"
EARLIER_LEAVE = "leave_3c"
WITHOUT_LEAVE = "no_leave"
TRIES = 2  # answers to one question that may not be understood


@dataclass(frozen=True)
class Interview:
    """An eligibility check under way.

    `question` is the fact asked for now ("" before the first and after the last); `group` narrows the statuses down;
    `failed` counts answers to it that were not understood; `unsure` says that "I don't know" was said to it once.
    """

    facts: Mapping[str, FactValue] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    question: str = ""
    group: str = ""
    failed: int = 0
    unsure: bool = False
    is_introduced: bool = False  # what the check is was said
    is_previous: bool = False  # the status asked for is the one before an application in time

    @property
    def is_done(self) -> bool:
        """Whether nothing useful is left to ask."""
        return not self.question

    @property
    def is_stuck(self) -> bool:
        """Whether the question was not understood so often that another way should be offered."""
        return self.failed >= TRIES

    def as_dict(self) -> dict[str, Any]:
        """Return what a tracker can keep."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any] | None) -> Interview:
        """Return it again; a new one for None."""
        return cls(**{**kept, "asked": tuple(kept["asked"])}) if kept else cls()

    def start(self, status: str | None = None) -> Interview:
        """Return a fresh check, with the status where it was named already."""
        fresh = Interview()
        return fresh.learn(STATUS, status) if status in load_statuses() and status != UNKNOWN_STATUS else fresh._next()

    def choose_group(self, group: str) -> Interview:
        """Return it with the statuses narrowed down to a group."""
        return replace(self, question=STATUS, group=group, failed=0)

    def learn(self, name: str, value: Any) -> Interview:
        """Return it with an answer; one to an earlier question replaces what was said then.

        Raises:
            UserInputError: `unknown_fact` or `bad_fact`: the value does not fit.
        """
        kept = {} if name == STATUS and not self.is_previous else dict(self.facts)
        earlier = {other: known for other, known in kept.items() if other != name}
        try:
            facts = read_facts({**earlier, name: value})
        except UserInputError as error:
            if error.code != "contradiction":
                raise
            facts = read_facts({name: value, STATUS: earlier.get(STATUS, UNKNOWN_STATUS)})  # the newer answer counts
        asked = tuple(dict.fromkeys((*(self.asked if kept else ()), name)))
        if _is_earlier_leave(facts):
            known: dict[str, FactValue] = {"leave_current": False, "applied_in_time": True}
            return Interview(known, ("leave_current", "applied_in_time"), STATUS, is_introduced=True, is_previous=True)
        return Interview(facts, asked, is_introduced=self.is_introduced)._next()

    def skip(self) -> Interview:
        """Return it after "I don't know": the status is asked once more after help, anything else is left out."""
        if self.question == STATUS and not self.unsure:
            return replace(self, group="", failed=0, unsure=True)
        facts = {**self.facts, STATUS: UNKNOWN_STATUS} if self.question == STATUS else self.facts
        asked = tuple(dict.fromkeys((*self.asked, self.question)))
        return Interview(facts, asked, is_introduced=self.is_introduced)._next()

    def fail(self) -> Interview:
        """Return it after an answer that was not understood."""
        return replace(self, failed=self.failed + 1)

    def introduced(self) -> Interview:
        """Return it after the first question was put."""
        return replace(self, is_introduced=True)

    def _next(self) -> Interview:
        if not self.facts:
            return replace(self, question=STATUS)
        if self.facts.get(STATUS) == UNKNOWN_STATUS:
            return replace(self, question="")
        fact = next_question(self.facts, self.asked)
        return replace(self, question=fact.name if fact else "", group="", failed=0, unsure=False)


def _is_earlier_leave(facts: Mapping[str, FactValue]) -> bool:
    status = facts.get(STATUS)
    return status == EARLIER_LEAVE or (status == WITHOUT_LEAVE and facts.get("applied_in_time") is True)


def is_question(name: str) -> bool:
    """Whether a name is a fact that can be asked for."""
    return name in load_facts() and load_facts()[name].is_asked
