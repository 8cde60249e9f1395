"""Messages that were once answered wrongly (`tests/eval/cases`), each understood as it must be now."""

from __future__ import annotations

import json
from pathlib import Path

from bot.core.paths import EVALUATION
from bot.core.text import clean
from bot.understanding import Understanding
from tests.model import loaded_assistant

FILES = sorted((EVALUATION / "cases").glob("*.jsonl"))


def load_cases(path: Path) -> list[dict[str, str]]:
    """Return the messages of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def understood_otherwise(cases: list[dict[str, str]]) -> list[tuple[int, str, str]]:
    """Return (line, expected topic, understood topic) of those that are not understood as they must be."""
    found: list[Understanding] = loaded_assistant().understand_many([(clean(case["text"]), None) for case in cases])
    return [
        (number, case["topic"], one.topic)
        for number, (case, one) in enumerate(zip(cases, found, strict=True), start=1)
        if one.topic != case["topic"]
    ]


def test_every_case_is_understood() -> None:
    found = {path.name: understood_otherwise(load_cases(path)) for path in FILES}
    assert {name: cases for name, cases in found.items() if cases} == {}


def test_every_case_has_the_form_of_the_other_messages() -> None:
    for path in FILES:
        for case in load_cases(path):
            assert set(case) == {"text", "lang", "topic", "style"}
            assert case["lang"] == path.stem


def test_a_case_that_is_not_understood_is_told() -> None:
    cases = [{"text": "There is mould on my wall", "topic": "repairs"}, {"text": "thank you", "topic": "repairs"}]
    assert understood_otherwise(cases) == [(2, "repairs", "thank")]
