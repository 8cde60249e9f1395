"""`doorway eligibility` and the same for the API: facts in, outcomes with reasons out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import DataError, UserInputError
from bot.core.files import LOADER, load_yaml
from bot.eligibility.engine import decide
from bot.eligibility.facts import read_facts
from bot.eligibility.model import SCHEMES, Outcome

MOST_CHARACTERS = 10_000


def eligibility(facts: str, *, on: str | None = None) -> dict[str, Any]:
    """Return `{"allocation", "homelessness", "benefits", "ask", "assumed", "reasons"}` for facts in a file or as text.

    Raises:
        UserInputError: the facts cannot be read, one is unknown, does not fit or contradicts another.
    """
    return describe(decide(read_facts(_read(facts)), _day(on)))


def describe(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as the command and the API give it."""
    return {
        **{scheme: outcome.verdicts[scheme] for scheme in SCHEMES},
        "ask": list(outcome.ask),
        "assumed": list(outcome.assumed),
        "reasons": [
            {
                "rule": reason.rule,
                "text": reason.text,
                "law": reason.law,
                "sure": reason.sure,
                "source": reason.source.url,
                "checked": reason.checked.isoformat(),
            }
            for reason in outcome.reasons
        ],
    }


def summary(result: Mapping[str, Any]) -> str:
    """Return the outcome as lines."""
    lines = [f"{scheme}: {result[scheme]}" for scheme in SCHEMES]
    if result["ask"]:
        lines.append("ask: " + ", ".join(result["ask"]))
    return "\n".join([*lines, *(f"- {reason['text']}" for reason in result["reasons"])])


def _read(facts: str) -> Mapping[str, Any]:
    try:
        if facts.lstrip().startswith("{"):
            content = yaml.load(facts[:MOST_CHARACTERS], Loader=LOADER)  # noqa: S506 — a safe loader; JSON is YAML
        else:
            content = load_yaml(Path(facts))
    except (OSError, yaml.YAMLError, DataError):
        raise UserInputError("bad_request", detail="--facts takes a YAML file or JSON") from None
    if not isinstance(content, dict):
        raise UserInputError("bad_request", detail="the facts are no mapping")
    return content


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise UserInputError("bad_request", detail="--on takes a day like 2025-07-17") from None
