"""A folder of answers that a test may spoil."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers import load
from bot.answers.load import load_answers
from bot.core.paths import ANSWERS

Rewrite = Callable[..., None]


@pytest.fixture
def rewrite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rewrite]:
    """`rewrite("repairs", title="…")`: the real answers, one of them changed. A value None takes the field out."""
    monkeypatch.setattr(load, "ANSWERS", tmp_path)
    for path in ANSWERS.glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")

    def change(topic: str, **fields: Any) -> None:
        path = next(path for path in tmp_path.glob("*.yml") if f"\n{topic}:" in "\n" + path.read_text(encoding="utf-8"))
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries[topic].update(fields)
        entries[topic] = {name: value for name, value in entries[topic].items() if value is not None}
        path.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), encoding="utf-8")
        load_answers.cache_clear()

    yield change
    load_answers.cache_clear()
