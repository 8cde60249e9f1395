"""Accuracy against the number of examples a topic has: `make learning`, into `reports/learning.md` and a picture.

For each number, so many examples of each topic and language are drawn (always the same ones), one head with all
features is trained on them and measured on `tests/eval/dev`: the next hour of writing goes where the curve still rises.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import matplotlib
import numpy as np
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.core.log import configure_logging
from bot.core.paths import REPORTS
from bot.nlu.fields import LANGUAGE
from tests.eval.ablation import features_of, load_measured, load_training, rankings

matplotlib.use("svg")

from matplotlib import pyplot

SIZES = (3, 6, 12, 25, 60)
GROUPS = ("characters", "words", "gloss", "encoder")
SEED = 20261122


def drawn(training: list[Message], size: int) -> list[Message]:
    """Return at most `size` examples of each topic and language; the smaller draw is part of the larger one."""
    shuffled = [training[place] for place in np.random.default_rng(SEED).permutation(len(training))]
    taken: dict[tuple[str, str], int] = defaultdict(int)
    kept = []
    for message in shuffled:
        key = (str(message.get(INTENT)), str(message.get(LANGUAGE)))
        taken[key] += 1
        if taken[key] <= size:
            kept.append(message)
    return kept


def accuracies(measured: list[Message], found: list[list[str]]) -> dict[str, float]:
    """Return the accuracy of each language."""
    right: dict[str, list[bool]] = defaultdict(list)
    for message, ranking in zip(measured, found, strict=True):
        right[str(message.get(LANGUAGE))].append(ranking[:1] == [message.get(INTENT)])
    return {language: float(np.mean(hits)) for language, hits in right.items()}


def main() -> None:
    """Print and write the table, draw the curves."""
    configure_logging("ERROR")
    training, measured = load_training(), load_measured()
    curve: dict[int, dict[str, float]] = {}
    for size in SIZES:
        examples = drawn(training, size)
        parts = {group: features_of(group, examples, measured) for group in GROUPS}
        curve[size] = accuracies(measured, rankings(GROUPS, parts, [str(one.get(INTENT)) for one in examples]))
        sys.stderr.write(f"{size}: {np.mean(list(curve[size].values())):.3f}\n")
    languages = list(curve[SIZES[0]])
    lines = [
        "| examples a topic and language | " + " | ".join(languages) + " | all |",
        "|---" * (len(languages) + 2) + "|",
    ]
    for size, row in curve.items():
        cells = [*(f"{row[language]:.3f}" for language in languages), f"{np.mean(list(row.values())):.3f}"]
        lines.append(f"| {size} | {' | '.join(cells)} |")
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "learning.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for language in languages:
        axes.plot(SIZES, [curve[size][language] for size in SIZES], marker="o", label=language)
    axes.set(xscale="log", xticks=SIZES, xticklabels=SIZES, xlabel="examples a topic and language", ylabel="accuracy")
    axes.legend(ncol=3)
    figure.savefig(REPORTS / "learning.svg")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
