"""What processes use, read from /proc: time on the processor, memory, open files. Linux only."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.contract.stores import children

TICKS = os.sysconf("SC_CLK_TCK")


def end_all_when_told() -> None:
    """Let SIGTERM end what was started here too, as an interrupt from the keyboard does."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


@dataclass(frozen=True)
class Usage:
    """Of a process and all below it. `memory`: bytes, shared pages split among those who share them (PSS)."""

    processor_seconds: float
    memory: int
    files: int
    processes: int


def usage(number: int, *, is_alone: bool = False) -> Usage:
    """Return what a process uses, with those below it unless `is_alone`; what has ended counts with its parent."""
    below = [number] if is_alone else _tree(number)
    return Usage(
        sum(_seconds(one, with_ended=not is_alone) for one in below),
        sum(_memory(one) for one in below),
        sum(_files(one) for one in below),
        len(below),
    )


def _tree(number: int) -> list[int]:
    return [number, *(one for child in children(number) for one in _tree(child))]


def _seconds(number: int, *, with_ended: bool) -> float:
    """In the process, and in its children that have ended."""
    fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(value) for value in fields[11 : 15 if with_ended else 13]) / TICKS


def _memory(number: int) -> int:
    for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _files(number: int) -> int:
    return len(list(Path(f"/proc/{number}/fd").iterdir()))
