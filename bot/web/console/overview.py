"""The first page after the sign-in: what there is for this role."""

from __future__ import annotations

from aiohttp import web

from bot.web.console.page import get
from bot.web.console.visit import Visit


async def get_overview(visit: Visit) -> web.StreamResponse:
    """GET /console/."""
    return visit.render()


PAGES = (get("/", get_overview, action="use_account", template="overview.html", menu="overview"),)
