"""One's own account: who the console thinks one is, the password, other sessions."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.passwords import SHORTEST, hash_password, is_password
from bot.console.sessions import end_sessions
from bot.console.throttle import count_attempt, forgive
from bot.console.users import set_password
from bot.core.errors import UserInputError
from bot.web.console.invitation import check_new_password
from bot.web.console.page import PREFIX, get, post
from bot.web.console.visit import Visit

ACCOUNT = f"{PREFIX}/account"


async def get_account(visit: Visit) -> web.StreamResponse:
    """GET /console/account."""
    return visit.render()


async def post_account(visit: Visit) -> web.StreamResponse:
    """POST /console/account: sign out everywhere else."""

    def finish(connection: Connection) -> None:
        ended = end_sessions(connection, visit.user.id, keep=visit.own_session)
        visit.record(connection, "sessions_ended", after=str(ended))

    await visit.run(finish)
    return visit.go(ACCOUNT, done="sessions_ended")


async def get_password(visit: Visit) -> web.StreamResponse:
    """GET /console/password."""
    return visit.render(shortest=SHORTEST)


async def post_password(visit: Visit) -> web.StreamResponse:
    """POST /console/password: needs the old one; all other sessions end."""
    user = visit.user
    try:
        await visit.run(lambda connection: count_attempt(connection, user.email, visit.network, visit.now))
        if not await asyncio.to_thread(is_password, user.password_hash, visit.field("current")):
            await visit.run(lambda connection: visit.record(connection, "password_failed"))
            raise UserInputError("current_password", status=422)
        await asyncio.to_thread(check_new_password, visit, user)
    except UserInputError as error:
        return visit.render(error=error, shortest=SHORTEST)
    hashed = await asyncio.to_thread(hash_password, visit.field("password"))

    def finish(connection: Connection) -> None:
        set_password(connection, user.id, hashed)
        end_sessions(connection, user.id, keep=visit.own_session)
        forgive(connection, user.email, visit.network)
        visit.record(connection, "password_changed")

    await visit.run(finish)
    return visit.go(ACCOUNT, done="password")


PAGES = (
    get("/account", get_account, action="use_account", template="account.html", menu="account"),
    post("/account", post_account, action="use_account", template="account.html"),
    get("/password", get_password, action="use_account", template="password.html"),
    post("/password", post_password, action="use_account", template="password.html"),
)
