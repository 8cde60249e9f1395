"""How one turn of the assistant went: filled while it runs, read by whoever wants to explain it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.answers.say import Say
from bot.directory.search import Found


@dataclass
class Trace:
    """What was done on the way. `seconds` by step, in the order in which the steps began."""

    actions: tuple[str, ...] = ()  # of the dialogue, in order
    says: list[Say] = field(default_factory=list)  # what they wanted said
    found: list[Found] = field(default_factory=list)  # places that were looked for
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of what runs inside to a step."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
