"""Stock Rasa on the same data: its default pipeline, SQL tracker store, `rasa run` and `rasa run actions`.

The project is written into `var/stock`; it is what the manual would make of our training data, rules and answers. Used
only for comparison, in the environment `.venv-stock` that has TensorFlow.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from bot.answers.load import load_topics
from bot.answers.render import render_text
from bot.answers.topic import compose_topic
from bot.core.paths import DATA, ROOT

FOLDER = ROOT / "var" / "stock"
RASA = ROOT / ".venv-stock" / "bin" / "rasa"
PYTHON = ROOT / ".venv-stock" / "bin" / "python"
EPOCHS = 20  # by then DIET has converged on this data; 100 would take hours
EXAMPLES = 12  # of an intent and language: what trains within an hour on two cores

CONFIG = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": EPOCHS, "entity_recognition": False, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [{"name": "RulePolicy"}],
}
ACTIONS = """
import json
from pathlib import Path
from rasa_sdk import Action

ANSWERS = json.loads((Path(__file__).parent.parent / "answers.json").read_text(encoding="utf-8"))


class ActionAnswerTopic(Action):
    def name(self):
        return "action_answer_topic"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=ANSWERS[tracker.latest_message["intent"]["name"]])
        return []
"""


def write_project() -> None:
    """Write configuration, domain, data, answers and actions of the stock project."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "actions").mkdir(parents=True)
    for path in sorted((DATA / "nlu").glob("*/*.yml")):
        copy = FOLDER / "data" / "nlu" / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        _dump(copy, _some_examples(yaml.safe_load(path.read_text(encoding="utf-8"))))
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    domain["actions"] = ["action_answer_topic"]
    domain["slots"], domain["entities"], domain["forms"] = {}, [], {}
    domain["intents"] = [name for entry in domain["intents"] for name in entry if name != "restart"]
    rules = yaml.safe_load((DATA / "rules" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    plain = [rule for rule in rules if rule["rule"] != "restart" and "condition" not in rule]  # it has no forms
    answered = {_intents(rule) for rule in plain}
    kept = [_stock_rule(rule) for rule in plain]
    kept += [
        {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": "action_answer_topic"}]}
        for intent in load_topics()
        if not any(intent in intents for intents in answered)
    ]
    _dump(FOLDER / "config.yml", CONFIG)
    _dump(FOLDER / "domain.yml", domain)
    _dump(FOLDER / "data" / "rules.yml", {"version": "3.1", "rules": kept})
    _dump(FOLDER / "credentials.yml", {"rest": None})
    _dump(
        FOLDER / "endpoints.yml",
        {
            "action_endpoint": {"url": "http://127.0.0.1:5056/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(FOLDER / "stock.db")},
        },
    )
    answers = {topic: render_text(compose_topic(topic, "en")) for topic in load_topics()}
    (FOLDER / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    (FOLDER / "actions" / "__init__.py").write_text("")
    (FOLDER / "actions" / "actions.py").write_text(ACTIONS.lstrip())


def has_model() -> bool:
    """Whether the stock model was trained."""
    return any((FOLDER / "models").glob("*.tar.gz"))


def train() -> None:
    """Train the stock model, unless one is there."""
    if has_model():
        return
    write_project()
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([RASA, "train", "--quiet"], cwd=FOLDER, env=environment, check=True, stderr=subprocess.DEVNULL)


def predict(texts: list[str]) -> list[list[str]]:
    """Return the ranking of intents that the stock model gives each text."""
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [PYTHON, "-W", "ignore", Path(__file__).with_name("stock_predict.py")],
        cwd=FOLDER,
        env=environment,
        input=json.dumps(texts).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    rankings: list[list[str]] = json.loads(done.stdout.decode().splitlines()[-1])
    return rankings


def _intents(rule: dict[str, Any]) -> tuple[str, ...]:
    """Return the intents that start a rule."""
    first = rule["steps"][0]
    return tuple(step["intent"] for step in first.get("or", [first]))


def _some_examples(content: dict[str, Any]) -> dict[str, Any]:
    """Return a file of training data with at most `EXAMPLES` of each intent, always the same ones."""
    chance = random.Random(7)
    for entry in content["nlu"]:
        lines = entry["examples"].splitlines(keepends=True)
        entry["examples"] = "".join(chance.sample(lines, min(EXAMPLES, len(lines))))
    return content


def _stock_rule(rule: dict[str, object]) -> dict[str, object]:
    steps = list(rule["steps"])  # type: ignore[call-overload]  # a list in every rule of ours
    actions = [step for step in steps[1:] if "action" in step]
    said = [step for step in actions if step["action"] == "action_answer_topic" or "utter_" in step["action"]]
    return {**rule, "steps": [steps[0], *(said or [{"action": "utter_dont_know"}])]}


def _dump(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    train()
    sys.stdout.write(f"{FOLDER}\n")
