"""Several processes that do the same: started together, stopped together, one that dies replaced."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType

from bot.core.errors import ConfigError

SOON = 10.0  # seconds: who ends sooner than that has a reason that a new start does not mend
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Workers:
    """Processes that run one function."""

    def __init__(self, work: Callable[[], None], number: int) -> None:
        self._work, self._number = work, number
        self._running: dict[BaseProcess, float] = {}  # → when it was started, in seconds of the monotonic clock
        self._is_stopping = False

    def run(self) -> None:
        """Run until SIGINT or SIGTERM, then pass it on and wait for all.

        Raises:
            ConfigError: a process ended right after its start; the others were stopped.
        """
        before = [signal.signal(number, self._stop) for number in SIGNALS]
        for _ in range(self._number):
            self._start()
        failed = None
        while self._running:
            wait([process.sentinel for process in self._running])
            for process in [process for process in self._running if not process.is_alive()]:
                lived = time.monotonic() - self._running.pop(process)
                if self._is_stopping:
                    continue
                if lived < SOON:
                    failed = process.exitcode
                    self._stop()
                else:
                    self._start()
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
        if failed is not None:
            raise ConfigError(f"a worker ended right after its start (exit code {failed}); its reason stands above")

    def _start(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # no stop between a start and its entry in the list
        try:
            if not self._is_stopping:
                process = multiprocessing.Process(target=_child, args=(self._work,))
                process.start()
                self._running[process] = time.monotonic()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _stop(self, _number: int = signal.SIGTERM, _frame: FrameType | None = None) -> None:
        self._is_stopping = True
        for process in self._running:
            process.terminate()


def _child(work: Callable[[], None]) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)  # until `work` sets its own
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    work()
