"""The current time, in one place, so that a test or an adviser can set it.

`DOORWAY_TODAY=2027-03-01` previews answers and rules of that day.
"""

from __future__ import annotations

import datetime as dt
import os

from bot.core.errors import ConfigError


def now() -> dt.datetime:
    """Return the present moment in UTC, with its zone."""
    return dt.datetime.now(dt.timezone.utc)


def timestamp() -> float:
    """Return seconds since 1970-01-01 UTC."""
    return now().timestamp()


def today() -> dt.date:
    """Return today's date, or the one in `DOORWAY_TODAY` (ISO).

    Raises:
        ConfigError: `DOORWAY_TODAY` is not a date.
    """
    fixed = os.environ.get("DOORWAY_TODAY")
    if not fixed:
        return now().date()
    try:
        return dt.date.fromisoformat(fixed)
    except ValueError:
        raise ConfigError(f"DOORWAY_TODAY must be a date like 2027-03-01, not {fixed!r}") from None
