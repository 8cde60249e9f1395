"""The decision: rules read from the top, with facts that may be missing.

A rule whose conditions all hold decides. One that might hold, were a missing fact known, makes its outcome possible and
the reading goes on. Where all possible outcomes agree the missing fact does not matter; where they differ the verdict
is `depends` and the facts are named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.clock import today
from bot.eligibility.facts import assumed_facts
from bot.eligibility.load import load_facts, load_rules, load_statuses
from bot.eligibility.model import SCHEMES, Facts, FactValue, Note, Outcome, Reason, Rule, RuleBook, Scheme, Verdict

JOINT = "joint_with"  # the fact that names a second applicant's status
WORST_FIRST: tuple[Verdict, ...] = ("no", "unclear", "depends", "yes")


@dataclass(frozen=True)
class _Reading:
    """The rules that may decide, and the facts that are missing to tell which."""

    rules: tuple[Rule, ...]
    missing: tuple[str, ...]

    @property
    def verdicts(self) -> dict[Scheme, Verdict]:
        return {scheme: _agreed([rule.outcome[scheme] for rule in self.rules]) for scheme in SCHEMES}


def decide(facts: Facts, on: dt.date | None = None) -> Outcome:
    """Return the outcome for checked facts (`bot.eligibility.facts.read_facts`) under the rules of a day (today)."""
    book, day = load_rules(), on or today()
    assumed = assumed_facts(facts)
    reading = _read(book, {**assumed, **facts}, day)
    verdicts = reading.verdicts
    needs = [name for rule in reading.rules for name in rule.needs]
    if JOINT in facts:
        own = verdicts["allocation"]
        verdicts["allocation"] = _joint(own, str(facts[JOINT]), day)
        needs += [JOINT] if own != verdicts["allocation"] == "depends" else []
    return Outcome(
        verdicts=verdicts,
        ask=tuple(dict.fromkeys((*needs, *reading.missing))) if "depends" in verdicts.values() else (),
        assumed=_decisive(book, facts, assumed, reading, day),
        rules=reading.rules,
        reasons=tuple([_reason(rule, book) for rule in reading.rules] + _notes(book, facts)),
    )


def _read(book: RuleBook, facts: Facts, day: dt.date) -> _Reading:
    possible: list[Rule] = []
    missing: dict[str, None] = {}
    for rule in book.rules:
        if not rule.is_law(day):
            continue
        if any(condition.fact in facts and not condition.holds(facts[condition.fact]) for condition in rule.conditions):
            continue
        possible.append(rule)
        unknown = [condition.fact for condition in rule.conditions if condition.fact not in facts]
        if not unknown:
            break
        missing.update(dict.fromkeys(unknown))
    return _Reading(tuple(possible), tuple(missing))


def _agreed(verdicts: list[Verdict]) -> Verdict:
    return verdicts[0] if len(set(verdicts)) == 1 else "depends"


def _decisive(
    book: RuleBook, facts: Facts, assumed: Mapping[str, FactValue], reading: _Reading, day: dt.date
) -> tuple[str, ...]:
    """Return the assumptions that matter: without them the verdict would not be the same."""

    def without(name: str) -> dict[Scheme, Verdict]:
        others = {other: value for other, value in assumed.items() if other != name}
        return _read(book, {**others, **facts}, day).verdicts

    return tuple(name for name in assumed if load_facts()[name].is_asked and without(name) != reading.verdicts)


def _joint(own: Verdict, partner: str, day: dt.date) -> Verdict:
    """Return the verdict on the register for two people: both must be allowed."""
    usual: dict[str, FactValue] = {"status": partner, **load_statuses()[partner].usual}
    return min(own, decide(usual, day).verdicts["allocation"], key=WORST_FIRST.index)


_SITUATIONS = {  # `when` of a note → whether it is so
    "joint": lambda facts: JOINT in facts,
    "household_ineligible": lambda facts: bool(facts.get("household_ineligible")),
    "moved_council": lambda facts: (
        bool(facts.get("last_dispersal")) and facts.get("applying_to") not in (None, facts["last_dispersal"])
    ),
}


def _notes(book: RuleBook, facts: Facts) -> list[Reason]:
    """Return the first note of each situation that fits."""
    found: dict[str, Note] = {}
    for note in book.notes:
        fits = all(condition.fact in facts and condition.holds(facts[condition.fact]) for condition in note.conditions)
        if fits and note.when not in found and _SITUATIONS[note.when](facts):
            found[note.when] = note
    return [Reason(note.id, note.text, note.law, note.source, "high", book.checked) for note in found.values()]


def _reason(rule: Rule, book: RuleBook) -> Reason:
    return Reason(rule.id, rule.text, rule.law, rule.source, rule.sure, book.checked)
