"""A folder of answers that a test may spoil."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers import load
from bot.answers.load import load_answers, load_topics
from bot.core.paths import ANSWERS

Rewrite = Callable[..., None]


@pytest.fixture
def rewrite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rewrite]:
    """`rewrite("repairs", title="…")`: that answer with changed fields, and no other. None takes a field out."""
    monkeypatch.setattr(load, "ANSWERS", tmp_path)

    def change(topic: str, **fields: Any) -> None:
        name = f"{load_topics()[topic].theme}.yml"
        written = yaml.load((ANSWERS / name).read_text(encoding="utf-8"), yaml.CSafeLoader)
        entry = {**written[topic], **fields}
        entry = {field: value for field, value in entry.items() if value is not None}
        (tmp_path / name).write_text(yaml.safe_dump({topic: entry}, allow_unicode=True), encoding="utf-8")
        load_answers.cache_clear()

    yield change
    load_answers.cache_clear()
