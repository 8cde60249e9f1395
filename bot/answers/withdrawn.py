"""Which answers are withdrawn just now: one object a process, known to everything that composes.

It is filled from the table of withdrawn answers (bot/console/withdrawn.py) at the start, at every change and every
minute, so that composing an answer never waits for a database.

>>> withdrawn = Withdrawn()
>>> withdrawn.replace(["repairs"])
>>> "repairs" in withdrawn, "register_join" in withdrawn
(True, False)
"""

from __future__ import annotations

from collections.abc import Iterable


class Withdrawn:
    """A set of topics that is replaced as a whole."""

    def __init__(self) -> None:
        self._topics: frozenset[str] = frozenset()

    def replace(self, topics: Iterable[str]) -> None:
        """Take these topics in place of the ones until now."""
        self._topics = frozenset(topics)

    def __contains__(self, topic: object) -> bool:
        return topic in self._topics
