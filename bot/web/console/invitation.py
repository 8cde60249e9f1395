"""Taking up an invitation: a password first, then an authenticator."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.passwords import SHORTEST, check_password, hash_password
from bot.console.sessions import ENROL, end_sessions, open_session
from bot.console.users import User, accept_invitation, find_invited
from bot.core.errors import UserInputError
from bot.web.console.guard import STAGE_PAGES
from bot.web.console.page import get, post
from bot.web.console.visit import Visit
from bot.web.pages.site import SERVICE

GONE = "invitation"


async def get_invitation(visit: Visit) -> web.StreamResponse:
    """GET /console/invitation/{token}: looking does not use it up, mail scanners look too."""
    return visit.render(invited=await _invited(visit), shortest=SHORTEST)


async def post_invitation(visit: Visit) -> web.StreamResponse:
    """POST /console/invitation/{token}."""
    invited = await _invited(visit)
    password, token = visit.field("password"), visit.request.match_info["token"]
    try:
        await asyncio.to_thread(check_new_password, visit, invited)
    except UserInputError as error:
        return visit.render(error=error, invited=invited, shortest=SHORTEST)
    hashed = await asyncio.to_thread(hash_password, password)

    def finish(connection: Connection) -> str:
        user = accept_invitation(connection, token, hashed, visit.now)
        if user is None:
            raise UserInputError(GONE, status=404)
        visit.person = user
        visit.record(connection, "invitation_accepted")
        end_sessions(connection, user.id)
        return open_session(connection, user.id, ENROL, visit.now)

    return visit.sign_in(visit.go(STAGE_PAGES[ENROL]), await visit.run(finish))


def check_new_password(visit: Visit, user: User) -> None:
    """Check the two fields of a form with a new password. Takes milliseconds: in a thread.

    Raises:
        UserInputError: `passwords_differ` or what is wrong with it.
    """
    password = visit.field("password")
    if password != visit.field("password_again"):
        raise UserInputError("passwords_differ", status=422)
    names = (*user.name.split(), user.name.replace(" ", ""), SERVICE)
    check_password(password, (user.email, *re.split(r"\W+", user.email), *names))


async def _invited(visit: Visit) -> User:
    token = visit.request.match_info["token"]
    found = await visit.run(lambda connection: find_invited(connection, token, visit.now))
    if found is None:
        raise UserInputError(GONE, status=404)
    return found


TOKEN = "{token:[A-Za-z0-9_-]{20,100}}"  # noqa: S105 — a pattern of an address
PAGES = (
    get(f"/invitation/{TOKEN}", get_invitation, action=None, template="invitation.html"),
    post(f"/invitation/{TOKEN}", post_invitation, action=None, template="invitation.html"),
)
