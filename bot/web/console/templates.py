"""The template environment of the console."""

from __future__ import annotations

import datetime as dt

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.console.texts import text
from bot.core.paths import ROOT

FOLDER = ROOT / "bot" / "web" / "console" / "templates"


def build_templates() -> Environment:
    """Return the environment; `t(key, **values)` is a text of data/console.yml."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=text)
    environment.filters.update(moment=moment)
    return environment


def moment(seconds: float) -> Markup:
    """Return a time for people and programs, in UTC.

    >>> moment(0.0)
    Markup('<time datetime="1970-01-01T00:00:00Z">1 Jan 1970, 00:00</time>')
    """
    at = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
    return Markup('<time datetime="{}">{}</time>').format(f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at.day} {at:%b %Y, %H:%M}")
