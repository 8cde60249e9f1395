"""The trained model, built once a run and loaded once a process, and an application around it."""

from __future__ import annotations

import functools

from bot.assistant import Assistant
from bot.core.database import Database
from bot.core.log import configure_logging
from bot.core.settings import load_settings
from bot.service import build_assistant
from bot.training import is_stale, train


@functools.cache
def ensure_model() -> None:
    """Build the model when its sources changed; logging is as in the service."""
    configure_logging("ERROR")
    if is_stale():
        train()


@functools.cache
def loaded_assistant() -> Assistant:
    """Return the assistant of this process."""
    ensure_model()
    return build_assistant(load_settings({}), Database("sqlite://"))
