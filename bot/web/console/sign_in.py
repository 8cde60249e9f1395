"""Signing in with a password and then a code, and signing out."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.passwords import hash_password, is_password, needs_rehash
from bot.console.seal import unseal
from bot.console.sessions import CODE, ENROL, FULL, end_session, open_session
from bot.console.throttle import count_attempt, forgive
from bot.console.totp import PURPOSE, find_step
from bot.console.users import User, find_by_email, note_sign_in, set_password, take_step
from bot.core.errors import RateLimited, UserInputError
from bot.core.ids import token_digest
from bot.web.console.cookies import SESSION, drop_cookie
from bot.web.console.guard import SIGN_IN, STAGE_PAGES
from bot.web.console.keys import PROVIDER
from bot.web.console.page import get, post
from bot.web.console.visit import Visit

NAME_LENGTH = 16  # characters of the digest that stands for an unknown address in the audit list


async def get_sign_in(visit: Visit) -> web.StreamResponse:
    """GET /console/sign-in."""
    if visit.session:
        return visit.go(STAGE_PAGES.get(visit.session.stage, visit.next_page()))
    return _show(visit)


async def post_sign_in(visit: Visit) -> web.StreamResponse:
    """POST /console/sign-in: one answer for everything that is wrong, and the same time for it."""
    email, password = visit.field("email").strip().lower(), visit.field("password")
    try:
        await visit.run(lambda connection: count_attempt(connection, email, visit.network, visit.now))
    except RateLimited as error:
        return _show(visit, error)
    user = await visit.run(lambda connection: find_by_email(connection, email))
    fits = await asyncio.to_thread(is_password, user.password_hash if user else None, password)
    if user is None or user.disabled or not fits:
        await visit.run(lambda connection: visit.record(connection, "sign_in_failed", object=_named(user, email)))
        return _show(visit, UserInputError("sign_in", status=422))
    rehashed = await asyncio.to_thread(hash_password, password) if needs_rehash(user.password_hash or "") else None
    stage = CODE if user.totp_enrolled else ENROL

    def begin(connection: Connection) -> str:
        if rehashed:
            set_password(connection, user.id, rehashed)
        if visit.session:
            end_session(connection, visit.session)
        return open_session(connection, user.id, stage, visit.now)

    token = await visit.run(begin)
    return visit.sign_in(visit.go(f"{STAGE_PAGES[stage]}?{urlencode({'next': visit.next_page()})}"), token)


async def get_code(visit: Visit) -> web.StreamResponse:
    """GET /console/code."""
    return visit.render(next=visit.next_page())


async def post_code(visit: Visit) -> web.StreamResponse:
    """POST /console/code: the second half; the session gets a new token."""
    try:
        step = await check_code(visit)
    except UserInputError as error:
        return visit.render(error=error, next=visit.next_page())

    def finish(connection: Connection) -> str | None:
        if not take_step(connection, visit.user.id, step):
            return None
        end_session(connection, visit.own_session)
        return complete(visit, connection, visit.user)

    token = await visit.run(finish)
    if token is None:
        return visit.render(error=UserInputError("code", status=422), next=visit.next_page())
    return visit.sign_in(visit.go(visit.next_page()), token)


async def post_sign_out(visit: Visit) -> web.StreamResponse:
    """POST /console/sign-out."""

    def finish(connection: Connection) -> None:
        end_session(connection, visit.own_session)
        visit.record(connection, "signed_out")

    await visit.run(finish)
    response = visit.go(SIGN_IN, done="signed_out")
    drop_cookie(visit.request, response, SESSION)
    return response


async def check_code(visit: Visit) -> int:
    """Return the time step of the code in the form. It is still to be used up.

    Raises:
        UserInputError: `code`; RateLimited: too many wrong ones.
    """
    user = visit.user
    await visit.run(lambda connection: count_attempt(connection, user.email, visit.network, visit.now))
    secret = unseal(visit.secret, PURPOSE, user.totp_secret or "")
    step = find_step(secret, visit.field("code"), visit.now) if secret else None
    if step is None:
        await visit.run(lambda connection: visit.record(connection, "code_failed"))
        raise UserInputError("code", status=422)
    return step


def complete(visit: Visit, connection: Connection, user: User, *, stepped_up: bool = True) -> str:
    """Open a full session for somebody who has shown all there is to show; return its token."""
    visit.person = user
    forgive(connection, user.email, visit.network)
    note_sign_in(connection, user.id, visit.now)
    visit.record(connection, "signed_in")
    return open_session(connection, user.id, FULL, visit.now, stepped_up=stepped_up)


def _show(visit: Visit, error: UserInputError | None = None) -> web.Response:
    provider = visit.request.app.get(PROVIDER)
    return visit.render(
        error=error, email=visit.field("email"), next=visit.next_page(), provider=provider.host if provider else ""
    )


def _named(user: User | None, email: str) -> str:
    return f"user:{user.id}" if user else f"address:{token_digest(email)[:NAME_LENGTH]}"


ON_THE_WAY = (CODE, ENROL, FULL)
PAGES = (
    get("/sign-in", get_sign_in, action=None, template="sign_in.html"),
    post("/sign-in", post_sign_in, action=None, template="sign_in.html"),
    get("/code", get_code, action="use_account", template="code.html", stages=(CODE,)),
    post("/code", post_code, action="use_account", template="code.html", stages=(CODE,)),
    post("/sign-out", post_sign_out, action="use_account", stages=ON_THE_WAY),
)
