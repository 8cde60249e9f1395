"""The tree is still a standard Rasa project: `rasa shell` with `rasa run actions` answers."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.core.paths import ROOT
from bot.training import MODEL
from tests.contract.server import free_port
from tests.model import ensure_model

RASA = str(Path(sys.executable).with_name("rasa"))
WAIT_SECONDS = 120.0


@pytest.mark.timeout(280)
def test_one_turn_through_rasa_shell_and_the_action_server(tmp_path: Path) -> None:
    ensure_model()
    port = free_port()
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text((ROOT / "endpoints.yml").read_text().replace(":5055/", f":{port}/"))
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'shell.sqlite'}",
        "TERM": "xterm",
    }
    actions = subprocess.Popen(
        [RASA, "run", "actions", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    terminal, child = pty.openpty()
    shell = subprocess.Popen(
        [RASA, "shell", "--model", str(MODEL), "--endpoints", str(endpoints), "--port", str(free_port())],
        cwd=ROOT,
        env=environment,
        stdin=child,
        stdout=child,
        stderr=subprocess.DEVNULL,
    )
    os.close(child)
    try:
        _read_until(terminal, "Your input")
        os.write(terminal, b"How do I apply for a council house?\r")
        assert "housing register" in _read_until(terminal, "Shelter")
    finally:
        for process in (shell, actions):
            process.kill()
            process.wait()
        os.close(terminal)


def _read_until(terminal: int, wanted: str) -> str:
    seen, deadline = "", time.monotonic() + WAIT_SECONDS
    while wanted not in seen and time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 1.0)
        if ready:
            seen += os.read(terminal, 65536).decode("utf-8", "replace")
    assert wanted in seen, seen[-2000:]
    return seen
