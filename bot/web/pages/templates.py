"""Rendering: the template environment and what every page is given.

A text that is not translated yet is marked as English, so that a screen reader speaks it as English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.core.paths import ROOT
from bot.i18n.locales import SOURCE_LANGUAGE, Locale
from bot.i18n.speech import Speech
from bot.web.keys import SETTINGS
from bot.web.pages.rich import host_of, rich, safe_page, safe_tel, safe_url
from bot.web.pages.site import BRAND, SAFE_PLACE, asset_version, base_url, offered_locales

TEMPLATES: web.AppKey[Environment] = web.AppKey("templates", Environment)
FOLDER = ROOT / "bot" / "web" / "pages" / "templates"
HELP_TOPIC = "find_adviser"


# What `card.html` needs, wherever it is shown.
CARD_FILTERS = {"rich": rich, "host": host_of, "safe_url": safe_url, "safe_tel": safe_tel, "safe_page": safe_page}


def setup_templates(app: web.Application) -> None:
    """Give the application its templates."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(CARD_FILTERS, script_json=script_json)
    app[TEMPLATES] = environment


def script_json(value: Any) -> Markup:
    """Return JSON that may stand inside a `<script>` data block: nothing in it can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 — the characters that could end the block are escaped above


def render(
    request: web.Request,
    template: str,
    locale: Locale,
    *,
    status: int = 200,
    path: str | None = None,
    **values: Any,
) -> web.Response:
    """Return a page in a language.

    Args:
        path: the part of the address after the language, when the page exists in every language ("privacy").
        values: what the template needs beside the common names.
    """
    settings = request.app[SETTINGS]
    speech = Speech(locale.tag)
    base = base_url(request)
    common = {
        "locale": locale,
        "locales": offered_locales(settings),
        "service": settings.name,
        "has_theme": bool(settings.colour),
        "colour": settings.colour or BRAND,
        "operator": settings.operator or settings.name,
        "hours": settings.retention_hours,
        "assets": f"/assets/{asset_version()}",
        "safe_place": SAFE_PLACE,
        "help_topic": HELP_TOPIC,
        "base": base,
        "path": path,
        "url": f"{base}/{locale.tag}/{path}" if path is not None else "",
        "ui": lambda name, **filled: ui_markup(speech, name, filled),
        "plain": lambda name, **filled: speech.ui(name, **filled).text,
    }
    html = request.app[TEMPLATES].get_template(template).render(**common, **values)
    response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
    response.headers["Content-Language"] = locale.tag
    response.headers["Vary"] = "Accept-Language, Accept-Encoding"
    response.enable_compression()
    return response


def ui_markup(speech: Speech, name: str, values: Mapping[str, object]) -> Markup:
    """Return an interface text as HTML; marked as English where the translation is missing."""
    said = speech.ui(name, **values)
    if said.is_translated or speech.language == SOURCE_LANGUAGE:
        return escape(said.text)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(said.text)
