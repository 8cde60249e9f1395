"""The dialogue stories, run by Rasa itself, end to end: what is typed is parsed by the real model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.answers.load import load_topics
from bot.core.paths import ROOT
from bot.training import MODEL
from tests.model import ensure_model

FOLDER = Path(__file__).parent


def test_every_topic_has_a_story() -> None:
    names = {
        story["story"] for path in FOLDER.glob("test_*.yml") for story in yaml.safe_load(path.read_text())["stories"]
    }
    assert set(load_topics()) <= names


@pytest.mark.timeout(300)
def test_stories_go_as_written(tmp_path: Path) -> None:
    ensure_model()
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "DATABASE_URL": "sqlite://"}
    done = subprocess.run(
        [Path(sys.executable).with_name("rasa"), "test", "core", "--e2e", "--stories", FOLDER, "--model", MODEL,
         "--out", tmp_path, "--fail-on-prediction-errors", "--no-plot"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    failed = tmp_path / "failed_test_stories.yml"
    shown = failed.read_text()[:4000] if failed.exists() else done.stderr[-2000:]
    assert done.returncode == 0, shown
