"""What every request passes: limits, one error shape, security headers, figures. No text is ever logged."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.core.errors import BotError, NotFound, RateLimited, SourceUnavailable, UserInputError
from bot.web.errors import error_response
from bot.web.keys import SETTINGS
from bot.web.limits import RateLimit
from bot.web.metrics import REQUESTS

log = logging.getLogger("bot.web")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REQUEST_LIMIT: web.AppKey[RateLimit] = web.AppKey("request_limit", RateLimit)
# A platform delivers for all people from a few addresses; its webhooks are signed and limited by person.
UNLIMITED = ("/healthz", "/readyz", "/metrics", "/assets/", "/widget.js", "/channels/")
API = "/api/"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}
CACHEABLE = ("/widget.js",)


def client_network(request: web.Request) -> str:
    """Return the network a request comes from: an IPv4 address or an IPv6 /64."""
    address = request.remote or ""
    if request.app[SETTINGS].trust_proxy:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        address = forwarded or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:  # a server on `::` sees IPv4 like this
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)


@web.middleware
async def limits(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a network that asks too often."""
    if not request.path.startswith(UNLIMITED):
        wait = request.app[REQUEST_LIMIT].wait_seconds(client_network(request), time.monotonic())
        if wait:
            raise RateLimited(wait)
    return await handler(request)


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into the one shape, in the reader's language."""
    try:
        return await handler(request)
    except RateLimited as error:
        return error_response(request, error.code, error.status, seconds=error.seconds)
    except UserInputError as error:
        return error_response(
            request,
            error.code,
            error.status,
            error.language,
            detail=error.detail,
            limit=request.app[SETTINGS].text_limit,
        )
    except NotFound:
        return error_response(request, "not_found", 404)
    except SourceUnavailable:
        log.error("source unavailable route=%s", _route(request))
        return error_response(request, "busy", 503)
    except web.HTTPRequestEntityTooLarge:
        return error_response(request, "too_large", 413)
    except web.HTTPException as error:
        if error.status < 400 or not request.path.startswith(API):
            raise
        response = error_response(request, "not_found" if error.status in (404, 405) else "bad_request", error.status)
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except BotError as error:
        log.error("%s route=%s", type(error).__name__, _route(request))
        return error_response(request, "server_error", 500)
    except Exception as error:
        log.error("unexpected %s route=%s at %s", type(error).__name__, _route(request), _place(error))
        return error_response(request, "server_error", 500)


@web.middleware
async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Add security headers to every response, errors included."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(_headers(request))
        raise
    for name, value in _headers(request).items():
        response.headers.setdefault(name, value)
    return response


@web.middleware
async def figures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count and time requests by route for Prometheus."""
    started = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        REQUESTS.labels(request.method, _route(request), str(status)).observe(time.perf_counter() - started)


MIDDLEWARES = (figures, headers, errors, limits)  # the first is the outermost


def _headers(request: web.Request) -> dict[str, str]:
    sites = request.app[SETTINGS].site_origins
    ancestors = " ".join(("'self'", *sites))
    policy = CONTENT_SECURITY_POLICY.format(ancestors=ancestors)
    cache = {"Cache-Control": "public, max-age=3600"} if request.path.startswith(CACHEABLE) else {}
    return {**HEADERS, "Content-Security-Policy": policy, **cache}


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


def _place(error: BaseException) -> str:
    """File and line where an error began: enough to find it, nothing of what was said."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
