"""How a page of the console is declared: its address, who may open it, what it is made from.

A module of pages ends in a tuple of declarations; bot/web/console/routes.py collects them. What is declared here is
enforced by bot/web/console/guard.py before a handler runs, and walked through role by role by a test.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.sessions import FULL

if TYPE_CHECKING:
    from bot.web.console.visit import Visit

PREFIX = "/console"
BODY_LIMIT = 16 * 1024
Handler = Callable[["Visit"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One method of one address."""

    method: str
    path: str  # below /console, e.g. "/users/{id:[0-9a-f]{32}}"
    handler: Handler
    action: str | None  # of bot/console/permissions.py; None: open to people who are not signed in
    template: str = ""  # what `visit.render` fills
    step_up: bool = False  # a code of the authenticator in the last ten minutes
    menu: str = ""  # key `menu.<menu>` in data/console.yml: stands in the navigation of those who may open it
    stages: tuple[str, ...] = (FULL,)  # how far a sign-in must have come
    body_limit: int = BODY_LIMIT  # bytes of a form


def get(
    path: str,
    handler: Handler,
    *,
    action: str | None,
    template: str = "",
    menu: str = "",
    step_up: bool = False,
    stages: tuple[str, ...] = (FULL,),
) -> Page:
    """Declare a page to look at. It changes nothing."""
    return Page(
        method="GET", path=path, handler=handler, action=action, template=template, menu=menu, step_up=step_up,
        stages=stages,
    )  # fmt: skip


def post(
    path: str,
    handler: Handler,
    *,
    action: str | None,
    template: str = "",
    step_up: bool = False,
    stages: tuple[str, ...] = (FULL,),
    body_limit: int = BODY_LIMIT,
) -> Page:
    """Declare what a form does. Its `csrf` field and the origin are checked before the handler runs."""
    return Page(
        method="POST", path=path, handler=handler, action=action, template=template, step_up=step_up, stages=stages,
        body_limit=body_limit,
    )  # fmt: skip
