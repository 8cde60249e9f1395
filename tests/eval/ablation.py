"""What each view of a message is worth, and how Rasa's default pipeline does on the same data: `make ablation`.

Trains one linear head per row on all training messages, measures on `tests/eval/dev`, writes `reports/ablation.md`.
The stock row needs `.venv-stock` and the model that `make bench` trains; without them it is left out and said so.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy import sparse

from bot.core.log import configure_logging
from bot.core.paths import DATA, EVALUATION, REPORTS, ROOT
from bot.i18n.locales import load_locales
from bot.nlu.encoder import encode_cached
from bot.nlu.features import GROUPS, NgramGroup, NgramSpec
from bot.nlu.fields import FOLDED, GLOSS, LANGUAGE
from bot.nlu.gloss import gloss_text, load_affixes, load_lexicon_entries, make_lexicon
from bot.nlu.heads import LinearHead
from bot.nlu.intent import TopicClassifier, meaning_examples
from bot.nlu.language import example_language
from bot.nlu.normalise import Normaliser
from tests.load import stock

ROWS: dict[str, tuple[str, ...]] = {
    "surface: characters and words": ("characters", "words"),
    "surface + gloss words": ("characters", "words", "gloss"),
    "encoder of the gloss alone": ("encoder",),
    "surface + gloss words + encoder (in use)": ("characters", "words", "gloss", "encoder"),
    "the same + words tagged with their language": ("characters", "words", "tagged", "gloss", "encoder"),
}
TAGGED = NgramSpec("word", (1, 1), 2)
WEIGHTS = {**TopicClassifier.get_default_config()["weights"], "tagged": 0.3}


def prepared(messages: list[Message]) -> list[Message]:
    """Add language, folded text and gloss, as the pipeline does with languages known."""
    Normaliser({}).process(messages)
    affixes = load_affixes()
    lexicons = {
        locale.tag: make_lexicon(load_lexicon_entries(locale.tag), affixes.get(locale.tag, {}))
        for locale in load_locales()
    }
    for message in messages:
        language = example_language(message)
        message.set(LANGUAGE, language)
        message.set(
            GLOSS,
            message.get(FOLDED) if language == "en" else gloss_text(lexicons[language], message.get(FOLDED), language),
        )
    return messages


def load_training() -> list[Message]:
    """Return the training messages and the meanings of the topics."""
    importer = RasaFileImporter(training_data_paths=[str(DATA / "nlu")], domain_path=str(ROOT / "domain.yml"))
    examples = prepared(importer.get_nlu_data().intent_examples)
    meanings = meaning_examples()
    for message in meanings:
        message.set(LANGUAGE, "en")
    return examples + meanings


def load_measured() -> list[Message]:
    """Return the development messages of every language offered."""
    rows = []
    for locale in load_locales():
        for line in (EVALUATION / "dev" / f"{locale.tag}.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            rows.append(
                Message({TEXT: entry["text"], INTENT: entry["topic"], "metadata": {"intent": {"language": locale.tag}}})
            )
    return prepared(rows)


def texts_of(group: str, messages: list[Message]) -> list[str]:
    """Return what a group of features reads."""
    if group == "gloss":
        return [message.get(GLOSS) for message in messages]
    if group == "tagged":
        return [
            " ".join(f"{message.get(LANGUAGE)}:{word}" for word in message.get(FOLDED).split()) for message in messages
        ]
    return [message.get(FOLDED) for message in messages]


def features_of(group: str, training: list[Message], measured: list[Message]) -> tuple[Any, list[Any]]:
    """Return a group's weighted features: a matrix for training, (columns, values) for each measured message."""
    weight = np.float32(WEIGHTS[group])
    if group == "encoder":
        vectors = encode_cached(texts_of("gloss", measured)) * weight
        columns = np.arange(vectors.shape[1])
        return sparse.csr_matrix(encode_cached(texts_of("gloss", training)) * weight), [
            (columns, row) for row in vectors
        ]
    fitted, matrix = NgramGroup.fit(GROUPS.get(group, TAGGED), texts_of(group, training))
    parts = [fitted.transform(text) for text in texts_of(group, measured)]
    return matrix * weight, [(columns, values * weight) for columns, values in parts]


def rankings(groups: tuple[str, ...], parts: dict[str, tuple[Any, list[Any]]], labels: list[str]) -> list[list[str]]:
    """Return three topics for each measured message, by a head trained on some groups."""
    features = sparse.hstack([parts[group][0] for group in groups]).tocsr()
    head = LinearHead.fit_all([features], labels, strength=0.5)[0]
    offsets = np.cumsum([0, *(parts[group][0].shape[1] for group in groups)])
    found = []
    for index in range(len(parts[groups[0]][1])):
        columns = np.concatenate(
            [parts[group][1][index][0] + offset for group, offset in zip(groups, offsets, strict=False)]
        )
        values = np.concatenate([parts[group][1][index][1] for group in groups])
        scores = head.scores(columns, values.astype(np.float32))
        found.append([head.classes[best] for best in np.argsort(-scores)[:3]])
    return found


def row_of(name: str, measured: list[Message], found: list[list[str]]) -> str:
    """Return a line of the table: accuracy by language, over all, and top-3."""
    by_language: dict[str, list[bool]] = {}
    for message, ranking in zip(measured, found, strict=True):
        by_language.setdefault(message.get(LANGUAGE), []).append(ranking[:1] == [message.get(INTENT)])
    top_3 = np.mean([message.get(INTENT) in ranking[:3] for message, ranking in zip(measured, found, strict=True)])
    shares = [float(np.mean(right)) for right in by_language.values()]
    return f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} | {np.mean(shares):.3f} | {top_3:.3f} |"


def main() -> None:
    """Print and write the table."""
    configure_logging("ERROR")
    training, measured = load_training(), load_measured()
    labels = [str(message.get(INTENT)) for message in training]
    parts = {
        group: features_of(group, training, measured) for group in {group for row in ROWS.values() for group in row}
    }
    tags = list(dict.fromkeys(message.get(LANGUAGE) for message in measured))
    lines = [
        f"| trained on {len(training)} messages | {' | '.join(tags)} | all | top 3 |",
        "|---" * (len(tags) + 3) + "|",
    ]
    for name, groups in ROWS.items():
        lines.append(row_of(name, measured, rankings(groups, parts, labels)))
    if stock.has_model():
        found = stock.predict([message.get(TEXT) for message in measured])
        lines.append(row_of(f"Rasa's default pipeline, DIET {stock.EPOCHS} epochs", measured, found))
    else:
        lines.append("")
        lines.append("Rasa's default pipeline: not trained here (`make bench` does).")
    text = "\n".join(lines)
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "ablation.md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
