"""Wiring of the console: an application of its own below /console."""

from __future__ import annotations

from aiohttp import web

from bot.console.oidc import parse_roles
from bot.web.console.batch import run_batches
from bot.web.console.guard import MIDDLEWARES, guarded
from bot.web.console.keys import PAGES, PROVIDER, ROLES_BY_GROUP, SECRET, TEMPLATES
from bot.web.console.page import PREFIX, Page
from bot.web.console.provider import Provider
from bot.web.console.routes import PAGES as ALL_PAGES
from bot.web.console.templates import build_templates
from bot.web.console.visit import HOME
from bot.web.keys import ASSISTANT, DATABASE, PAUSES, SETTINGS, WEB_CHANNEL, WITHDRAWN
from bot.web.pages.templates import setup_templates


def add_console(app: web.Application, *, secret: str, pages: tuple[Page, ...] = ALL_PAGES) -> None:
    """Add the console to the service, before the pages for people. `secret`: the key of the service.

    Raises:
        ConfigError: the settings of sign-in elsewhere are wrong.
    """
    console = web.Application(middlewares=MIDDLEWARES)
    settings = console[SETTINGS] = app[SETTINGS]
    console[DATABASE] = app[DATABASE]
    console[WITHDRAWN] = app[WITHDRAWN]
    console[PAUSES] = app[PAUSES]
    if ASSISTANT in app:
        console[ASSISTANT] = app[ASSISTANT]
    if WEB_CHANNEL in app:
        console[WEB_CHANNEL] = app[WEB_CHANNEL]
    console[SECRET] = secret
    console[TEMPLATES] = build_templates()
    console[PAGES] = pages
    console[ROLES_BY_GROUP] = parse_roles(settings.oidc_roles)
    if settings.oidc_issuer:
        console[PROVIDER] = Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    setup_templates(console)  # for the page that is shown while there is no console
    for page in pages:
        console.router.add_route(page.method, page.path, guarded(page))
    console.router.add_get("", _add_slash)
    console.cleanup_ctx.append(run_batches)
    app.add_subapp(PREFIX, console)


async def _add_slash(_request: web.Request) -> web.Response:
    """GET /console."""
    return web.Response(status=308, headers={"Location": HOME})
