"""A fresh code before something dangerous."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.sessions import step_up
from bot.console.throttle import forgive
from bot.console.users import take_step
from bot.core.errors import UserInputError
from bot.web.console.page import PREFIX, get, post
from bot.web.console.sign_in import check_code
from bot.web.console.visit import Visit


async def get_step_up(visit: Visit) -> web.StreamResponse:
    """GET /console/step-up: who has no authenticator yet is asked to add one."""
    if not visit.user.totp_enrolled:
        return visit.go(f"{PREFIX}/authenticator")
    return visit.render(next=visit.next_page())


async def post_step_up(visit: Visit) -> web.StreamResponse:
    """POST /console/step-up: the session gets a new token."""
    try:
        step = await check_code(visit)
    except UserInputError as error:
        return visit.render(error=error, next=visit.next_page())

    def finish(connection: Connection) -> str | None:
        if not take_step(connection, visit.user.id, step):
            return None
        forgive(connection, visit.user.email, visit.network)
        visit.record(connection, "stepped_up")
        return step_up(connection, visit.own_session, visit.now)

    token = await visit.run(finish)
    if token is None:
        return visit.render(error=UserInputError("code", status=422), next=visit.next_page())
    return visit.sign_in(visit.go(visit.next_page()), token)


PAGES = (
    get("/step-up", get_step_up, action="use_account", template="step_up.html"),
    post("/step-up", post_step_up, action="use_account", template="step_up.html"),
)
