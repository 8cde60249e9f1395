"""The real server as a process of its own, on a free loopback port, to be killed and started again."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bot.core.paths import ROOT

READY_SECONDS = 90.0
READY = "Doorway answers on"  # each worker says it


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def quiet_port() -> int:
    """Return a free port that no client is given: one that asks a dead server again and again may take its port."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")


class ServerProcess:
    """`doorway serve` with a database of its own."""

    def __init__(self, folder: Path, port: int | None = None, workers: int = 1, **environment: str) -> None:
        self.port, self.workers = port or free_port(), workers
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder / 'test.sqlite'}",
            "DOORWAY_SECRET_KEY": "t" * 40,
            "DOORWAY_MESSAGES_PER_MINUTE": "1000000",
            "DOORWAY_MESSAGES_PER_DAY": "1000000",
            "DOORWAY_REQUESTS_PER_MINUTE": "1000000",
            "DOORWAY_SESSIONS_PER_HOUR": "1000000",
            **environment,
        }
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start and wait until all its workers are ready; return the seconds that took."""
        began = time.monotonic()
        before = self.log.read_text().count(READY) if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve", "--port", str(self.port), "--workers", str(self.workers)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        while time.monotonic() - began < READY_SECONDS:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):  # noqa: S310 — loopback
                    if self.log.read_text().count(READY) - before >= self.workers:
                        return time.monotonic() - began
            except OSError:
                if self.process.poll() is not None:
                    raise AssertionError(self.log.read_text()) from None
            time.sleep(0.1)
        raise AssertionError("not ready in time")

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        return self.process.wait(timeout=30)

    def end(self) -> None:
        """Stop it if it runs; kill it when it does not end."""
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.kill()
