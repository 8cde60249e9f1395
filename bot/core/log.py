"""Logging: one line per event, ids and codes only, never what a person wrote."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

QUIET = ("rasa", "rasa_sdk", "apscheduler", "asyncio", "sanic", "aiohttp.access", "matplotlib", "urllib3")


def configure_logging(level: str) -> None:
    """Set up logging for a process.

    Rasa's own loggers are held at ERROR: below that some of them print the message text.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    if level != "DEBUG":
        warnings.showwarning = _ignore_warning  # filters do not hold: several libraries set them anew on import
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("aiohttp.server").addFilter(_keep_the_kind)
    _silence_structlog()


def _keep_the_kind(record: logging.LogRecord) -> bool:
    """Keep of an error only its kind: what aiohttp could not read it would print, and from whom it came."""
    if record.exc_info and record.exc_info[0]:
        record.msg, record.args = "request refused: %s", (record.exc_info[0].__name__,)
        record.exc_info = None
    return True


def _ignore_warning(*_args: Any, **_kwargs: Any) -> None:
    """Drop a warning of a library."""


def _silence_structlog() -> None:
    """Rasa logs through structlog too, which ignores the levels above."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
