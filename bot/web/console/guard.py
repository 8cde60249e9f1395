"""What stands before every page of the console: is there one, who is it, may they, did the form come from us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from sqlalchemy.engine import Connection

from bot.console.permissions import is_allowed
from bot.console.sessions import CODE, ENROL, Session, end_sessions, find_session
from bot.console.users import User, get_user, is_open
from bot.core.errors import NotFound, UserInputError
from bot.web.console.cookies import GUEST, SESSION, get_cookie, is_csrf_token, is_own_origin, new_guest, set_cookie
from bot.web.console.keys import PAGES
from bot.web.console.page import BODY_LIMIT, PREFIX, Page
from bot.web.console.visit import HOME, NotAllowed, Visit
from bot.web.keys import DATABASE
from bot.web.middleware import client_network
from bot.web.pages.missing import not_found

SIGN_IN, STEP_UP = f"{PREFIX}/sign-in", f"{PREFIX}/step-up"
STAGE_PAGES = {CODE: f"{PREFIX}/code", ENROL: f"{PREFIX}/authenticator"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",  # with no-referrer a browser sends `Origin: null` with our own forms
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


@web.middleware
async def closed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer as if there were nothing here, as long as there is no administrator."""
    if not await request.app[DATABASE].run(is_open):
        return not_found(request)
    return await handler(request)


@web.middleware
async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Add the console's stricter headers."""
    response = await handler(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@web.middleware
async def missing(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn aiohttp's refusals, an unknown address or method, into a page."""
    try:
        return await handler(request)
    except web.HTTPRequestEntityTooLarge:
        error = UserInputError("too_large", status=413)
    except web.HTTPException as problem:
        error = UserInputError("not_found" if problem.status in (404, 405) else "bad_request", status=problem.status)
    return Visit(request, None, client_network(request), "").refuse(error)


MIDDLEWARES = (closed, headers, missing)  # the first is the outermost


def guarded(page: Page) -> Handler:
    """Return the handler of a page with everything it declares enforced before it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        visit = await _open(
            page, request if page.body_limit == BODY_LIMIT else request.clone(client_max_size=page.body_limit)
        )
        response = await _refusal(page, visit)
        if response is None:
            try:
                response = await page.handler(visit)
            except NotAllowed as error:
                response = await _forbid(visit, error)
            except UserInputError as error:
                response = visit.refuse(error)
            except NotFound:
                response = visit.refuse(UserInputError("not_found", status=404))
        if visit.session is None and visit.cookie != get_cookie(request, GUEST):
            set_cookie(request, response, GUEST, visit.cookie)
        return response

    return handle


async def _open(page: Page, request: web.Request) -> Visit:
    """Find out who it is. A form of somebody who is not signed in hangs on the guest's cookie."""
    visit = Visit(request, page, client_network(request), get_cookie(request, GUEST))
    token = get_cookie(request, SESSION)
    if token:
        found = await visit.run(lambda connection: _find(connection, token, visit.now))
        if found:
            visit.session, visit.person = found
            visit.cookie = token
    if not visit.cookie and request.method == "GET":
        visit.cookie = new_guest()
    return visit


def _find(connection: Connection, token: str, now: float) -> tuple[Session, User] | None:
    session = find_session(connection, token, now)
    if session is None:
        return None
    user = get_user(connection, session.user_id)
    if user.disabled:
        end_sessions(connection, user.id)
        return None
    return session, user


async def _refusal(page: Page, visit: Visit) -> web.StreamResponse | None:
    """Return the answer for a request that must not reach the page's handler, or None."""
    is_form = page.method == "POST"
    if is_form and not is_own_origin(visit.request):
        return visit.refuse(UserInputError("origin", status=403))
    if page.action is not None:
        if visit.session is None:
            return visit.go(SIGN_IN if is_form else _with_next(SIGN_IN, visit))
        if visit.session.stage not in page.stages:
            return visit.go(STAGE_PAGES.get(visit.session.stage, HOME))
        if not is_allowed(visit.user.role, page.action):
            return await _forbid(visit, NotAllowed("forbidden", f"action:{page.action}"))
    if is_form:
        try:
            visit.form = await visit.request.post()
        except (ValueError, HttpProcessingError):
            return visit.refuse(UserInputError("bad_request"))
        if not is_csrf_token(visit.cookie, visit.field("csrf")):
            return visit.refuse(UserInputError("csrf", status=403))
    if page.step_up and not visit.own_session.is_stepped_up(visit.now):
        has_page = any(other.method == "GET" and other.path == page.path for other in visit.request.app[PAGES])
        return visit.go(_with_next(STEP_UP, visit) if has_page else STEP_UP)
    return None


async def _forbid(visit: Visit, error: NotAllowed) -> web.StreamResponse:
    await visit.run(lambda connection: visit.record(connection, "refused", object=error.object))
    return visit.refuse(error)


def _with_next(path: str, visit: Visit) -> str:
    return f"{path}?{urlencode({'next': visit.request.path})}"
