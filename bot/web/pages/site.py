"""What every page needs to know of the site: its languages, its public address, its files.

Not for rendering: that is templates.py.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from aiohttp import web

from bot.answers.choices import START_TOPICS
from bot.answers.load import is_topic
from bot.core.errors import ConfigError
from bot.core.settings import Settings
from bot.i18n.locales import SOURCE_LANGUAGE, Locale, get_locale, negotiate_locale, select_locales
from bot.web.keys import SETTINGS

SERVICE = "Doorway"  # a name, the same in every language
SAFE_PLACE = "https://www.bbc.co.uk/weather"  # where "leave this page" goes: nothing remarkable
BRAND = "#0e5550"  # our colour, where the host has none; pages.css has it too
WIDGET = Path(__file__).parents[1] / "widget"
VERSION_LENGTH = 12
PRIVACY, ACCESSIBILITY, CHAT, SERVICES = "privacy", "accessibility", "chat", "services"


def offered_locales(settings: Settings) -> tuple[Locale, ...]:
    """Return the languages the operator offers, English always among them."""
    return select_locales(settings.languages.split())


def start_topics(settings: Settings) -> tuple[str, ...]:
    """Return the topics of the first screen: the operator's, else ours."""
    return tuple(settings.start_topics.split()) or START_TOPICS


def check_start_topics(settings: Settings) -> None:
    """Fail the start where the operator names a topic that does not exist.

    Raises:
        ConfigError: with the name.
    """
    for topic in settings.start_topics.split():
        if not is_topic(topic):
            raise ConfigError(f"DOORWAY_START_TOPICS: there is no topic {topic}")


def find_offered(request: web.Request, tag: str) -> Locale | None:
    """Return the offered language whose tag this is exactly, or None."""
    return next((locale for locale in offered_locales(request.app[SETTINGS]) if locale.tag == tag), None)


def best_locale(request: web.Request) -> Locale:
    """Return the offered language that fits the address, else the browser, else English."""
    in_address = find_offered(request, request.path.strip("/").partition("/")[0])
    if in_address:
        return in_address
    negotiated = negotiate_locale(request.headers.get("Accept-Language", ""))
    return find_offered(request, negotiated.tag) or get_locale(SOURCE_LANGUAGE)


def base_url(request: web.Request) -> str:
    """Return the address under which people reach this server, without a slash at its end."""
    settings = request.app[SETTINGS]
    if settings.public_url:
        return settings.public_url.rstrip("/")
    scheme = request.headers.get("X-Forwarded-Proto", "") if settings.trust_proxy else ""
    return f"{'https' if scheme == 'https' else request.scheme}://{request.host}"


@cache
def asset_version() -> str:
    """Return a digest of every file of the widget: a changed file has a new address, so caches may keep the old."""
    digest = hashlib.sha256()
    for path in sorted(WIDGET.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]
