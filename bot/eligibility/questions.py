"""Which question comes next: the one whose answer decides most.

Every missing fact is tried with each answer it can have; the fact whose answers leave the fewest verdicts open wins.
At most five questions are asked. After those that are missing come the assumptions worth a question: the ones that a
status lists because they are often wrong, and those behind a "no".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from bot.eligibility.engine import decide
from bot.eligibility.load import load_facts, load_rules, load_statuses
from bot.eligibility.model import Fact, Facts, FactValue, Outcome

MOST_QUESTIONS = 5


def next_question(facts: Facts, asked: Collection[str] = (), on: dt.date | None = None) -> Fact | None:
    """Return the fact to ask for, None when nothing useful is left. `asked`: facts that were asked already."""
    if len(asked) >= MOST_QUESTIONS:
        return None
    outcome = decide(facts, on)
    candidates = [load_facts()[name] for name in (*outcome.ask, *_doubtful(facts, outcome)) if name not in asked]
    candidates = [fact for fact in candidates if fact.is_asked and (fact.name not in facts or fact.name == "status")]
    if not candidates:
        return None
    if any(fact.name == "status" for fact in candidates):
        return load_facts()["status"]
    order = list(load_facts())
    return min(candidates, key=lambda fact: (_left_open(facts, fact, on), order.index(fact.name)))


def possible_values(fact: Fact) -> list[FactValue]:
    """Return answers that a fact can have; for a number, one on each side of every limit in the rules."""
    if fact.kind == "yes_no":
        return [True, False]
    if fact.kind == "number":
        limits = {
            limit
            for rule in load_rules().rules
            for condition in rule.conditions
            if condition.fact == fact.name
            for limit in (condition.at_least, condition.below)
            if limit is not None
        }
        sides: list[FactValue] = [value for limit in sorted(limits) for value in (limit - 1, limit)]
        return sides + ([fact.assumed] if fact.assumed is not None else [])
    return list(fact.values)


def _doubtful(facts: Facts, outcome: Outcome) -> list[str]:
    status = load_statuses().get(str(facts.get("status", "")))
    listed = [name for name in outcome.assumed if status and name in status.confirm]
    general = [name for name in outcome.assumed if not status or name not in status.assumed]
    behind_no = [name for name in general if outcome.verdicts["allocation"] == "no" and name != "leave_current"]
    return list(dict.fromkeys((*listed, *behind_no)))


def _left_open(facts: Facts, fact: Fact, on: dt.date | None) -> float:
    """Return how many verdicts are open on average after an answer."""
    values = possible_values(fact)
    opened = [
        sum(verdict == "depends" for verdict in decide({**facts, fact.name: value}, on).verdicts.values())
        for value in values
    ]
    return sum(opened) / len(values)
