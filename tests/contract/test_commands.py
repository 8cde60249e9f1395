"""The command line as an operator uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.core.paths import ROOT
from tests.model import ensure_model

TOPICS_IN = {"language", "topic", "confidence", "messages"}


@pytest.fixture(autouse=True)
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_model()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'cli.sqlite'}")


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command in this process; return exit code, output, errors."""
    monkeypatch.setattr(sys, "argv", ["doorway", *words])
    code = 0
    try:
        cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_ask_prints_the_turn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        monkeypatch, capsys, "ask", "Jak zapisać się na mieszkanie z councilu?", "--language", "pl", "--json"
    )
    turn = json.loads(out)
    assert (code, err) == (0, "")
    assert set(turn) == TOPICS_IN
    assert (turn["language"], turn["topic"]) == ("pl", "register_join")


def test_ask_remembers_a_named_conversation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, capsys, "ask", "I cannot pay my rent", "--session", "amina")
    code, out, _ = run(monkeypatch, capsys, "ask", "repeat that", "--session", "amina", "--json")
    assert code == 0
    assert json.loads(out)["messages"][0]["topic"] == "rent_arrears"
    code, out, _ = run(monkeypatch, capsys, "erase", "--session", "amina", "--json")
    assert json.loads(out)["messages"] == 2


def test_erase_by_age_says_how_much(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, capsys, "ask", "hello", "--session", "omar")
    code, out, _ = run(monkeypatch, capsys, "erase", "--older-than", "24h")
    assert code == 0
    assert "0 messages" in out


@pytest.mark.parametrize(
    "words",
    [("ask", ""), ("ask", "x" * 1001), ("ask", "hello", "--language", "tlh"), ("ask",), ("erase",),
     ("erase", "--older-than", "soon"), ("nonsense",), ("understand", "/no/such/file"), ("report", "/no/such/folder")],
)  # fmt: skip
def test_wrong_use_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, out, err = run(monkeypatch, capsys, *words)
    assert code == 2
    assert out == ""
    assert err.startswith("doorway: ")
    assert err.count("\n") == 1


def test_several_workers_are_refused_on_sqlite(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(monkeypatch, capsys, "serve", "--workers", "2")
    assert code == 1
    assert "PostgreSQL" in err


def test_several_workers_are_refused_without_redis(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://doorway@localhost/doorway")
    code, _, err = run(monkeypatch, capsys, "serve", "--workers", "2")
    assert code == 1
    assert "REDIS_URL" in err
    assert err.count("\n") == 1


def test_a_server_is_not_started_on_a_model_that_could_not_be_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built: list[list[str]] = []

    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        built.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr("bot.commands.serve.is_stale", lambda: True)
    monkeypatch.setattr("bot.commands.serve.subprocess.run", fail)
    code, _, err = run(monkeypatch, capsys, "serve")
    assert (code, err) == (1, "")  # the training told why
    assert [command[1:] for command in built] == [["-m", "bot.cli", "train"]]


def test_check_finds_no_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(monkeypatch, capsys, "check", "--json")
    errors = [problem for problem in json.loads(out) if problem["level"] == "error"]
    assert errors == []
    assert code == 0


def test_understand_streams_in_order_and_names_bad_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines: list[Any] = [
        {"text": "which bin for glass"},
        {"text": "mąż mnie bije", "language": "pl"},
        "broken",
        {"no": 1},
    ]
    source = tmp_path / "lines.jsonl"
    source.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    code, out, _ = run(monkeypatch, capsys, "understand", str(source))
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [answer.get("topic") for answer in answers[:2]] == ["recycling_item", "domestic_abuse"]
    assert answers[1]["crisis"] == "yes"
    assert len(answers[0]["ranking"]) == 5
    assert [answer["error"] for answer in answers[2:]] == ["line 3: not JSON", "line 4: no text"]


def test_report_writes_figures_and_pictures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, "report", "--json")
    figures = json.loads(out)
    assert code == 0
    assert figures["all"]["accuracy"] >= 0.82
    assert figures["en"]["accuracy"] >= 0.93
    assert min(figure["accuracy"] for figure in figures.values()) >= 0.74
    assert figures["all"]["top_3"] >= 0.93
    assert figures["all"]["crisis_seen"] >= 0.95
    assert figures["all"]["language"] >= 0.97
    assert (ROOT / "reports" / "confusion-ar.svg").read_text().startswith("<svg")


def test_every_command_has_help_with_an_example() -> None:
    for command in ("serve", "train", "ask", "understand", "check", "report", "erase"):
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", command, "--help"], capture_output=True, text=True, cwd=ROOT, check=True
        )
        assert "Example: " in done.stdout, command
