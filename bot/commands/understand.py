"""`doorway understand`: what the NLU makes of lines of text, streamed, encoded in batches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, TextIO

from bot.core.database import Database
from bot.core.errors import UserInputError
from bot.core.log import configure_logging
from bot.core.settings import load_settings
from bot.core.text import clean

BATCH = 64


def understand(file: Path | None, out: TextIO) -> int:
    """Write one JSON a line to `out` for every line of `file`; return how many lines could not be read.

    Raises:
        UserInputError: the file cannot be opened.
    """
    configure_logging("ERROR")
    from bot.commands.train import train
    from bot.service import build_assistant

    source = _open(file)
    train(force=False)
    database = Database("sqlite://")
    assistant = build_assistant(load_settings(), database)
    bad = 0
    try:
        for batch in _batches(source):
            items = [(clean(line.get("text", "")), line.get("language")) for line in batch if "error" not in line]
            results = iter(assistant.understand_many(items)) if items else iter(())
            for line in batch:
                if "error" in line:
                    bad += 1
                    out.write(json.dumps(line) + "\n")
                else:
                    out.write(json.dumps(describe(line["text"], next(results)), ensure_ascii=False) + "\n")
            out.flush()
    finally:
        source.close()
        assistant.close()
        database.close()
    return bad


def describe(text: str, understood: Any) -> dict[str, Any]:
    """Return an understanding as the command prints it."""
    return {
        "text": text,
        "language": understood.language,
        "topic": understood.topic,
        "confidence": round(understood.confidence, 4),
        "ranking": [[topic, round(share, 4)] for topic, share in understood.ranking],
        "entities": [
            {name: entity[name] for name in ("entity", "value", "start", "end")} for entity in understood.entities
        ],
        "crisis": understood.crisis,
        "gloss": understood.gloss,
    }


def _open(file: Path | None) -> IO[str]:
    if file is None or str(file) == "-":
        return sys.stdin
    try:
        return file.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserInputError("bad_request", detail=f"{file}: {error.strerror}") from error


def _batches(source: Iterable[str]) -> Iterator[list[dict[str, Any]]]:
    lines = (_parse(number, line) for number, line in enumerate(source, start=1) if line.strip())
    while batch := list(islice(lines, BATCH)):
        yield batch


def _parse(number: int, line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {"error": f"line {number}: not JSON"}
    if not isinstance(parsed, dict) or not isinstance(parsed.get("text"), str):
        return {"error": f"line {number}: no text"}
    return parsed
