"""The page for an address that leads nowhere."""

from __future__ import annotations

from aiohttp import web

from bot.web.pages.site import best_locale
from bot.web.pages.templates import render


def not_found(request: web.Request) -> web.Response:
    """Return the page in the best language, with ways to go on."""
    return render(request, "not_found.html", best_locale(request), status=404)


async def get_missing(request: web.Request) -> web.Response:
    """GET of anything else."""
    return not_found(request)
