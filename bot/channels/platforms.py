"""Which messaging platforms are on: those whose settings are complete."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.platform import Platform
from bot.channels.telegram import telegram
from bot.core.settings import Settings

# Channel → the settings it needs, by field name.
NEEDED = {
    "telegram": ("telegram_token", "telegram_secret"),
}


def missing_settings(settings: Settings, channel: str) -> list[str]:
    """Return the settings (field names) that a channel lacks; empty when it is on."""
    return [name for name in NEEDED[channel] if not getattr(settings, name)]


def load_platforms(settings: Settings) -> dict[str, Platform]:
    """Return the platforms that are on, by channel name."""
    made: dict[str, Callable[[], Platform]] = {
        "telegram": lambda: telegram(settings.telegram_token, settings.telegram_secret, settings.telegram_url),
    }
    return {name: make() for name, make in made.items() if not missing_settings(settings, name)}
