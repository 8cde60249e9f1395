"""Rate limits: how many events a key may have in a stretch of time. In memory, per process.

>>> limit = RateLimit(2, 60.0)
>>> [limit.wait_seconds("a", now) for now in (0.0, 1.0, 2.0, 61.0)]
[0, 0, 58, 0]
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque

MAX_KEYS = 50_000  # the least recently seen are forgotten first


class RateLimit:
    """A sliding window."""

    def __init__(self, allowed: int, seconds: float) -> None:
        self._allowed, self._seconds = allowed, seconds
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_seconds(self, key: str, now: float) -> int:
        """Count one event; return 0 when it is allowed, else the whole seconds to wait (it is then not counted)."""
        events = self._events.setdefault(key, deque())
        self._events.move_to_end(key)
        while events and events[0] <= now - self._seconds:
            events.popleft()
        if len(events) >= self._allowed:
            return max(1, math.ceil(events[0] + self._seconds - now))
        events.append(now)
        if len(self._events) > MAX_KEYS:
            self._events.popitem(last=False)
        return 0
