"""The host's colour as a style sheet, for bright and for dark screens, readable on both."""

from __future__ import annotations

from aiohttp import web

from bot.core.colours import lighter, mix
from bot.web.keys import SETTINGS
from bot.web.pages.assets import FOR_AN_HOUR

PAPER, NIGHT = "#fffefb", "#1a2324"  # cards of pages.css
WELL_READABLE = 7.0


async def get_theme(request: web.Request) -> web.Response:
    """GET /theme.css; empty where the host has set no colour."""
    css = theme_css(request.app[SETTINGS].colour)
    return web.Response(text=css, content_type="text/css", headers={"Cache-Control": FOR_AN_HOUR})


def theme_css(colour: str) -> str:
    """Return the style sheet for a colour `#rrggbb` that white letters can be read on; "" for none."""
    if not colour:
        return ""
    night = lighter(colour, NIGHT, WELL_READABLE)
    bright = f"--brand:{colour};--on-brand:#fff;--link:{colour};--tint:{mix(colour, PAPER, 0.88)}"
    dark = f"--brand:{night};--on-brand:{NIGHT};--link:{night};--tint:{mix(colour, NIGHT, 0.7)}"
    return f":root{{{bright}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
