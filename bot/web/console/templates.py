"""The template environment of the console."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from bot.console.explanation import language_name, topic_name
from bot.console.texts import text
from bot.core.paths import ROOT
from bot.web.pages.templates import CARD_FILTERS
from bot.web.pages.templates import FOLDER as PAGES

FOLDER = ROOT / "bot" / "web" / "console" / "templates"


def build_templates() -> Environment:
    """Return the environment: `t(key)` is a text of data/console.yml, `pages/card.html` the card of an answer."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(FOLDER), PrefixLoader({"pages": FileSystemLoader(PAGES)})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=text)
    environment.filters.update(moment=moment, day=day, percent=percent, topic=topic_name, language=language_name)
    environment.filters.update(CARD_FILTERS, pretty=pretty)
    return environment


def percent(share: float) -> str:
    """Return a share of 1 in per cent; a small one is not shown as nothing, nor a large one as everything.

    >>> percent(0.004), percent(0.5), percent(0.996), percent(1.0)
    ('<1 %', '50 %', '>99 %', '100 %')
    """
    if 0 < share < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")


def pretty(value: Any) -> str:
    """Return something as JSON to read."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def moment(seconds: float) -> Markup:
    """Return a time for people and programs, in UTC.

    >>> moment(0.0)
    Markup('<time datetime="1970-01-01T00:00:00Z">1 Jan 1970, 00:00</time>')
    """
    at = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
    return Markup('<time datetime="{}">{}</time>').format(f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at.day} {at:%b %Y, %H:%M}")


def day(date: dt.date) -> str:
    """Return a date for people.

    >>> day(dt.date(2026, 11, 9))
    '9 Nov 2026'
    """
    return f"{date.day} {date:%b %Y}"
