"""Facts as given by a file, a form or the API: checked, completed by what follows from them, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.errors import UserInputError
from bot.eligibility.load import load_facts, load_statuses
from bot.eligibility.model import Fact, Facts, FactValue

TRUTHS = {"yes": True, "no": False, "true": True, "false": False}
LONGEST_TEXT = 200
NOTHING = (None, "", "unknown")  # the same as not giving the fact (for a status see `status: unknown`)


def read_facts(given: Mapping[str, Any]) -> dict[str, FactValue]:
    """Return the facts of a person, each of its kind.

    Raises:
        UserInputError: `unknown_fact`, `bad_fact` or `contradiction`; `detail` names the fact.
    """
    facts: dict[str, FactValue] = {}
    for name, value in given.items():
        fact = load_facts().get(str(name))
        if fact is None:
            raise UserInputError("unknown_fact", detail=str(name)[:40])
        if name != "status" and (value is None or (isinstance(value, str) and value in NOTHING)):
            continue
        facts[fact.name] = _value(fact, value)
    return _completed(facts)


def assumed_facts(facts: Facts) -> dict[str, FactValue]:
    """Return what is taken for granted about a person: by the status first, then in general; nothing that is known."""
    status = load_statuses().get(str(facts.get("status", "")))
    assumed: dict[str, FactValue] = {
        name: fact.assumed
        for name, fact in load_facts().items()
        if fact.assumed is not None and not (status and name in status.unsure)
    }
    if status:
        assumed.update(status.assumed)
    return {name: value for name, value in assumed.items() if name not in facts}


def _completed(facts: dict[str, FactValue]) -> dict[str, FactValue]:
    """Add what follows: a condition that was lifted is gone, one that stands was not lifted."""
    if facts.get("nrpf_lifted_by_coc") is True:
        if facts.get("nrpf") is True:
            raise UserInputError("contradiction", detail="nrpf, nrpf_lifted_by_coc")
        facts["nrpf"] = False
    if facts.get("nrpf") is True:
        facts["nrpf_lifted_by_coc"] = False
    return facts


def _value(fact: Fact, value: Any) -> FactValue:
    wrong = UserInputError("bad_fact", detail=fact.name)
    if fact.kind == "yes_no":
        truth = TRUTHS.get(value.casefold()) if isinstance(value, str) else value
        if not isinstance(truth, bool):
            raise wrong
        return truth
    if fact.kind == "number":
        if value == fact.assumed:
            return str(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not fact.lowest <= value <= fact.highest:
            raise wrong
        return value
    if fact.kind == "texts":
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(
            isinstance(v, str) and len(v) <= LONGEST_TEXT for v in values
        ):
            raise wrong
        return tuple(values)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or (fact.kind == "choice" and value not in fact.values):
        raise wrong
    return value
