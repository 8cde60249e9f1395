"""Rules, facts and outcomes of the eligibility check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["yes", "no", "depends", "unclear"]
Scheme = Literal["allocation", "homelessness", "benefits"]
SCHEMES: tuple[Scheme, ...] = ("allocation", "homelessness", "benefits")
FactKind = Literal["choice", "yes_no", "number", "text", "texts"]
FactValue = bool | float | int | str | tuple[str, ...]
Facts = Mapping[str, FactValue]
Sure = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Fact:
    """One thing the rules ask about a person. `assumed` is what is taken for granted, None for nothing."""

    name: str
    kind: FactKind
    values: tuple[str, ...] = ()
    assumed: FactValue | None = None
    is_asked: bool = True
    question: str = ""
    why: str = ""
    taken: str = ""  # the assumption as a sentence
    help: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    lowest: float = 0
    highest: float = 0


@dataclass(frozen=True)
class Status:
    """A permission to be in the UK, as people name it."""

    id: str
    group: str
    label: str
    document: str
    assumed: Facts
    usual: Facts
    unsure: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """What a rule asks of one fact: one of `values`, or a number in [`at_least`, `below`)."""

    fact: str
    values: frozenset[FactValue] = frozenset()
    at_least: float | None = None
    below: float | None = None

    def holds(self, value: FactValue) -> bool:
        """Whether a known value fits."""
        if self.values:
            return value in self.values
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (self.at_least is None or value >= self.at_least) and (self.below is None or value < self.below)


@dataclass(frozen=True)
class RuleSource:
    """Where a rule comes from."""

    title: str
    url: str


@dataclass(frozen=True)
class Rule:
    """One line of the decision list. It is law from `valid_from` to `valid_to`, both included."""

    id: str
    conditions: tuple[Condition, ...]
    outcome: Mapping[Scheme, Verdict]
    text: str
    source: RuleSource
    sure: Sure
    law: str = ""
    legal_class: str = ""
    needs: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    change: str = ""
    contacts: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def is_law(self, on: dt.date) -> bool:
        """Whether it holds on a day."""
        return (self.valid_from is None or on >= self.valid_from) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Note:
    """What is said beside the outcome. `when` names the situation (see `bot.eligibility.notes`)."""

    id: str
    when: str
    conditions: tuple[Condition, ...]
    text: str
    source: RuleSource
    law: str = ""


@dataclass(frozen=True)
class OpenWay:
    """What stays possible after a "no"."""

    id: str
    text: str
    law: str = ""


@dataclass(frozen=True)
class RuleBook:
    """The rules of a nation, with everything said about them."""

    rules: tuple[Rule, ...]
    notes: tuple[Note, ...]
    ways: Mapping[str, OpenWay]
    changes: Mapping[str, str]
    card: Mapping[str, str]
    contacts: tuple[str, ...]
    checked: dt.date
    review_by: dt.date
    law: str


@dataclass(frozen=True)
class Reason:
    """Why: the rule or note, its English text, law and source."""

    rule: str
    text: str
    law: str
    source: RuleSource
    sure: Sure
    checked: dt.date


@dataclass(frozen=True)
class Outcome:
    """The result. `ask`: missing facts that would decide; `assumed`: taken for granted; `rules`: what may decide."""

    verdicts: Mapping[Scheme, Verdict]
    ask: tuple[str, ...]
    assumed: tuple[str, ...]
    rules: tuple[Rule, ...]
    reasons: tuple[Reason, ...]
