"""The console's cookies, the token in its forms, and where a form may come from.

On `https` a name starts with `__Host-`, which browsers take only with Secure, for this host and the whole of it. On
`http://localhost` both are left off, so that the console can be tried out; on other plain addresses nobody can sign in.
"""

from __future__ import annotations

import hashlib
import hmac

from aiohttp import web
from yarl import URL

from bot.core.ids import new_token
from bot.web.pages.site import base_url

SESSION, GUEST, FLOW = "doorway-console", "doorway-console-guest", "doorway-console-flow"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
FLOW_MAX_AGE = 600


def is_local(request: web.Request) -> bool:
    """Whether the address is `http://localhost`, where browsers keep cookies without Secure."""
    address = URL(base_url(request))
    return address.scheme == "http" and address.host in LOOPBACK


def get_cookie(request: web.Request, name: str) -> str:
    """Return a cookie of ours, or an empty text."""
    return request.cookies.get(_full_name(request, name), "")


def set_cookie(
    request: web.Request, response: web.StreamResponse, name: str, value: str, *, max_age: int | None = None
) -> None:
    """Give the browser a cookie; without `max_age` it ends with the browser."""
    response.set_cookie(
        _full_name(request, name),
        value,
        max_age=max_age,
        path="/",
        secure=not is_local(request),
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Take a cookie back."""
    set_cookie(request, response, name, "", max_age=0)


def new_guest() -> str:
    """Return the value of the cookie that a form of somebody not signed in hangs on. It gives no rights."""
    return new_token()


def csrf_token(cookie: str) -> str:
    """Return the token that a form must carry beside a cookie, the session's or a guest's."""
    return hmac.new(cookie.encode("utf-8", "replace"), b"console form", hashlib.sha256).hexdigest()


def is_csrf_token(cookie: str, given: str) -> bool:
    """Whether a form belongs to a cookie. No cookie: no form belongs to it."""
    return bool(cookie) and hmac.compare_digest(csrf_token(cookie).encode(), given.encode("utf-8", "replace"))


def is_own_origin(request: web.Request) -> bool:
    """Whether a form was sent from a page of this server, by what the browser says."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    return origin in (str(URL(base_url(request)).origin()), f"{request.scheme}://{request.host}")


def _full_name(request: web.Request, name: str) -> str:
    return name if is_local(request) else f"__Host-{name}"
