"""`doorway report`: figures of understanding, on messages that were never trained on."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.core.database import Database
from bot.core.errors import UserInputError
from bot.core.log import configure_logging
from bot.core.paths import EVALUATION, REPORTS
from bot.core.settings import load_settings
from bot.core.text import clean


def report(folder: Path | None) -> tuple[dict[str, Any], str]:
    """Measure on `<folder>/<locale>.jsonl`, write `reports/`, return (figures, a table to read).

    Raises:
        UserInputError: there is nothing to measure on.
        ConfigError: there is no model.
    """
    configure_logging("ERROR")
    from bot.commands.train import train
    from bot.nlu.evaluation import Judged, confusion_picture, figures_of, mean_figures, table_of
    from bot.service import build_assistant

    source = folder or EVALUATION / "dev"
    files = sorted(source.glob("*.jsonl"))
    if not files:
        raise UserInputError("bad_request", detail=f"no .jsonl files in {source}")
    train(force=False)
    from bot.i18n.locales import load_locales

    offered = {locale.tag for locale in load_locales()}
    assistant = build_assistant(load_settings(), Database("sqlite://"))
    judged: dict[str, list[Judged]] = {}
    for path in files:
        if path.stem not in offered:
            continue
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        results = assistant.understand_many([(clean(line["text"]), None) for line in lines])
        judged[path.stem] = [
            Judged(line["topic"], path.stem, result.topic, [topic for topic, _ in result.ranking], result.crisis,
                   result.language, result.confidence)
            for line, result in zip(lines, results, strict=True)
        ]  # fmt: skip
    assistant.close()
    figures = {tag: figures_of(items) for tag, items in judged.items()}
    figures["all"] = mean_figures(figures.values())
    REPORTS.mkdir(exist_ok=True)
    for tag, items in judged.items():
        confusion_picture(items, REPORTS / f"confusion-{tag}.svg")
    as_json = {tag: asdict(figure) for tag, figure in figures.items()}
    (REPORTS / "report.json").write_text(json.dumps(as_json, indent=1), encoding="utf-8")
    table = table_of(figures)
    (REPORTS / "report.md").write_text(table + "\n", encoding="utf-8")
    return as_json, table
