"""Signing in elsewhere: there and back."""

from __future__ import annotations

import logging

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.arrivals import account_for
from bot.console.oidc import Identity, authorization_url, find_flow, new_flow, seal_flow, verify_id_token
from bot.console.sessions import end_session
from bot.core.errors import UserInputError
from bot.web.console.cookies import FLOW, FLOW_MAX_AGE, drop_cookie, get_cookie, set_cookie
from bot.web.console.keys import PROVIDER, ROLES_BY_GROUP
from bot.web.console.page import PREFIX, get
from bot.web.console.provider import Provider
from bot.web.console.sign_in import complete
from bot.web.console.visit import Visit
from bot.web.keys import SETTINGS
from bot.web.pages.site import base_url

log = logging.getLogger("bot.web.console")
CALLBACK = "/oidc/callback"


async def get_start(visit: Visit) -> web.StreamResponse:
    """GET /console/oidc/start: to the other service. A link, because a form may only lead to our own pages."""
    provider, flow = _provider(visit), new_flow(visit.next_page())
    endpoint = str((await provider.metadata())["authorization_endpoint"])
    url = authorization_url(endpoint, flow, client_id=provider.client_id, redirect_uri=_callback(visit))
    response = visit.go(url)
    set_cookie(visit.request, response, FLOW, seal_flow(visit.secret, flow), max_age=FLOW_MAX_AGE)
    return response


async def get_callback(visit: Visit) -> web.StreamResponse:
    """GET /console/oidc/callback: back with a code."""
    try:
        response = await _finish(visit)
    except UserInputError as error:
        log.warning("sign-in elsewhere refused: %s %s", error.code, error.detail)
        code = error.code
        await visit.run(lambda connection: visit.record(connection, "sign_in_failed", after=code))
        response = visit.refuse(error)
    drop_cookie(visit.request, response, FLOW)
    return response


async def _finish(visit: Visit) -> web.Response:
    provider, query = _provider(visit), visit.request.query
    flow = find_flow(visit.secret, get_cookie(visit.request, FLOW), query.get("state", ""))
    if flow is None:
        raise UserInputError("oidc_late", status=403)
    if "code" not in query or query.get("iss", provider.issuer) != provider.issuer:
        raise UserInputError("oidc_refused", status=403)
    token = await provider.exchange(query["code"], verifier=flow.verifier, redirect_uri=_callback(visit))
    identity = verify_id_token(
        token,
        await provider.keys_for(token),
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=flow.nonce,
        role_claim=visit.request.app[SETTINGS].oidc_role_claim,
        now=visit.now,
    )
    return visit.sign_in(visit.go(flow.next), await visit.run(lambda connection: _sign_in(visit, connection, identity)))


def _sign_in(visit: Visit, connection: Connection, identity: Identity) -> str:
    user = account_for(connection, identity, visit.request.app[ROLES_BY_GROUP], visit.now)
    if visit.session:
        end_session(connection, visit.session)
    return complete(visit, connection, user, stepped_up=False)


def _provider(visit: Visit) -> Provider:
    provider = visit.request.app.get(PROVIDER)
    if provider is None:
        raise UserInputError("not_found", status=404)
    return provider


def _callback(visit: Visit) -> str:
    return f"{base_url(visit.request)}{PREFIX}{CALLBACK}"


PAGES = (
    get("/oidc/start", get_start, action=None),
    get(CALLBACK, get_callback, action=None),
)
