"""Processes that are started together: one that dies is replaced, a stop ends all, a fault at the start ends all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.core.paths import ROOT

SECONDS = 30.0
PROGRAM = """
import os, pathlib, signal, sys
from bot.commands import workers
from bot.core.errors import ConfigError
workers.SOON = float(sys.argv[2])
def work():
    if sys.argv[3] == "fails":
        sys.exit("no reason")
    pathlib.Path(sys.argv[1], str(os.getpid())).touch()
    signal.pause()
try:
    workers.Workers(work, 2).run()
except ConfigError as error:
    sys.exit(str(error))
"""


def start(folder: Path, soon: float, kind: str) -> subprocess.Popen[str]:
    """Start two workers that leave a file with their id as its name."""
    command = [sys.executable, "-c", PROGRAM, str(folder), str(soon), kind]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def started(folder: Path) -> set[int]:
    return {int(path.name) for path in folder.iterdir()}


def test_a_killed_worker_is_replaced_and_a_stop_ends_all(tmp_path: Path) -> None:
    main = start(tmp_path, 0.0, "waits")
    eventually(lambda: len(started(tmp_path)) == 2)
    os.kill(min(started(tmp_path)), signal.SIGKILL)
    eventually(lambda: len(started(tmp_path)) == 3)
    main.terminate()
    assert main.wait(SECONDS) == 0
    assert not any(Path(f"/proc/{number}").exists() for number in started(tmp_path))


def test_a_fault_at_the_start_ends_all_with_a_reason(tmp_path: Path) -> None:
    main = start(tmp_path, SECONDS, "fails")
    _, errors = main.communicate(timeout=SECONDS)
    assert main.returncode == 1
    assert "no reason" in errors
    assert "exit code 1" in errors


def test_a_worker_killed_at_the_start_takes_the_others_along(tmp_path: Path) -> None:
    main = start(tmp_path, SECONDS, "waits")
    eventually(lambda: len(started(tmp_path)) == 2)
    os.kill(min(started(tmp_path)), signal.SIGKILL)
    _, errors = main.communicate(timeout=SECONDS)
    assert main.returncode == 1
    assert "exit code -9" in errors
    assert not any(Path(f"/proc/{number}").exists() for number in started(tmp_path))
