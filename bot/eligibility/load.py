"""Reading `data/reference/eligibility/`, checked once on the way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.core.errors import DataError
from bot.core.files import load_yaml
from bot.core.paths import REFERENCE
from bot.eligibility.model import (
    SCHEMES,
    Condition,
    Fact,
    FactValue,
    Note,
    OpenWay,
    Rule,
    RuleBook,
    RuleSource,
    Status,
)

FOLDER = REFERENCE / "eligibility"
FACTS, STATUSES, ENGLAND = FOLDER / "facts.yml", FOLDER / "statuses.yml", FOLDER / "england.yml"
VERDICTS = frozenset({"yes", "no", "depends", "unclear"})
UNKNOWN_STATUS = "unknown"
STATUS_VALUES = "statuses"  # in facts.yml: the values are the ids of statuses.yml
KIND_OF_YES_NO: frozenset[FactValue] = frozenset({True, False})


@cache
def load_statuses() -> dict[str, Status]:
    """Return the statuses by id, in file order."""
    return {
        entry["id"]: Status(
            id=entry["id"],
            group=entry["group"],
            label=entry["label"],
            document=entry["document"],
            assumed=entry.get("assume", {}),
            usual=entry.get("usual", {}),
            unsure=tuple(entry.get("unsure", ())),
            confirm=tuple(entry.get("confirm", ())),
        )
        for entry in load_yaml(STATUSES)["statuses"]
    }


@cache
def load_groups() -> dict[str, str]:
    """Return the groups of statuses and what they are called, in the order they are offered."""
    return dict(load_yaml(STATUSES)["groups"])


@cache
def load_facts() -> dict[str, Fact]:
    """Return the facts by name, in the order they are worth asking."""
    content = load_yaml(FACTS)
    return {
        name: Fact(
            name=name,
            kind=entry["kind"],
            values=tuple(load_statuses()) if entry.get("values") == STATUS_VALUES else tuple(entry.get("values", ())),
            assumed=entry.get("assume"),
            is_asked=entry.get("asked", True),
            question=entry.get("question", ""),
            why=entry.get("why", ""),
            taken=entry.get("taken", ""),
            help=content["help"].get(name, ""),
            options=entry.get("options", {}),
            unit=entry.get("unit", ""),
            lowest=entry.get("lowest", 0),
            highest=entry.get("highest", 0),
        )
        for name, entry in content["facts"].items()
    }


@cache
def load_rules() -> RuleBook:
    """Return the rules of England.

    Raises:
        DataError: a rule names an unknown fact, value, group, source or way; the message names the rule.
    """
    content = load_yaml(ENGLAND)
    try:
        return RuleBook(
            rules=tuple(_rule(entry, content) for entry in content["decisions"]),
            notes=tuple(_note(entry, content) for entry in content["notes"]),
            ways={name: OpenWay(name, entry["text"], entry.get("law", "")) for name, entry in content["open"].items()},
            changes=dict(content["change"]),
            card={name: text for name, text in content["card"].items() if isinstance(text, str)},
            contacts=tuple(content["card"]["contacts"]),
            checked=content["checked"],
            review_by=content["review_by"],
            law=content["law"],
        )
    except (KeyError, ValueError) as error:
        raise DataError(f"unknown name {error}", path=str(ENGLAND)) from None


def _rule(entry: Mapping[str, Any], content: Mapping[str, Any]) -> Rule:
    outcome = {scheme: entry["outcome"][scheme] for scheme in SCHEMES}
    if not set(outcome.values()) <= VERDICTS:
        raise ValueError(f"in {entry['id']}: outcome {outcome}")
    for name in entry.get("open", ()):
        content["open"][name]
    if entry.get("change"):
        content["change"][entry["change"]]
    return Rule(
        id=entry["id"],
        conditions=_conditions(entry.get("if", {}), content["groups"], entry["id"]),
        outcome=outcome,
        text=entry["text"],
        source=RuleSource(**content["sources"][entry["source"]]),
        sure=entry["sure"],
        law=entry.get("law", ""),
        legal_class=entry.get("class", ""),
        needs=tuple(entry.get("needs", ())),
        open=tuple(entry.get("open", ())),
        change=entry.get("change", ""),
        contacts=tuple(entry.get("contacts", ())),
        related=tuple(entry.get("related", ())),
        valid_from=_day(entry.get("from")),
        valid_to=_day(entry.get("to")),
    )


def _note(entry: Mapping[str, Any], content: Mapping[str, Any]) -> Note:
    return Note(
        id=entry["id"],
        when=entry.get("when", entry["id"]),
        conditions=_conditions(entry.get("if", {}), content["groups"], entry["id"]),
        text=entry["text"],
        source=RuleSource(**content["sources"][entry["source"]]),
        law=entry.get("law", ""),
    )


def _conditions(wanted: Mapping[str, Any], groups: Mapping[str, list[str]], rule: str) -> tuple[Condition, ...]:
    return tuple(_condition(fact, value, groups, rule) for fact, value in wanted.items())


def _condition(name: str, wanted: Any, groups: Mapping[str, list[str]], rule: str) -> Condition:
    fact = load_facts()[name]
    if isinstance(wanted, dict):
        return Condition(name, at_least=wanted.get("at_least"), below=wanted.get("below"))
    values = wanted if isinstance(wanted, list) else [wanted]
    if isinstance(wanted, str) and wanted.startswith("@"):
        values = groups[wanted[1:]]
    allowed = KIND_OF_YES_NO if fact.kind == "yes_no" else frozenset(fact.values)
    if unknown := [value for value in values if value not in allowed]:
        raise ValueError(f"in {rule}: {name} = {unknown}")
    return Condition(name, values=frozenset(values))


def _day(value: Any) -> dt.date | None:
    if value is None or isinstance(value, dt.date):
        return value
    raise ValueError(f"date {value!r}")
