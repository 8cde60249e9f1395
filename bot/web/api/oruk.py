"""The directory as an Open Referral UK 3.0 API: read only, for everybody, from any site.

`setup_directory(app, store)` says which one; `ROUTES` says which handler has which address. `get_root` also answers
`GET /` for clients that ask for JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiohttp import web

from bot.core.errors import NotFound, SourceUnavailable, UserInputError
from bot.directory.areas import widen
from bot.directory.fields import to_days, to_moment, to_time
from bot.directory.oruk_writer import page_document, root_document, service_document
from bot.directory.store import Filters, Store
from bot.i18n.locales import negotiate_locale
from bot.i18n.speech import Speech
from bot.places.lookup import Found, find_place
from bot.web.keys import DATABASE, SETTINGS

STORE: web.AppKey[Store] = web.AppKey("store", Store)
PER_PAGE, MOST_PER_PAGE, MOST_PAGE = 50, 200, 1_000_000
MOST_CHARACTERS = 200
MOST_METRES = 100_000.0
NDJSON = "application/x-ndjson"
Handler = Callable[[web.Request], Awaitable[web.Response]]


def setup_directory(app: web.Application, store: Store) -> None:
    """Serve the services of `store`."""
    app[STORE] = store


def told(handler: Handler) -> Handler:
    """Return the handler with its errors told to programs of any site, in the one shape."""

    @wraps(handler)
    async def answer(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except UserInputError as error:
            return _error(request, error.code, error.status)
        except NotFound:
            return _error(request, "not_found", 404)
        except SourceUnavailable:
            return _error(request, "busy", 503)

    return answer


async def get_root(request: web.Request) -> web.Response:
    """GET /oruk: version, profile and description of the API."""
    return _json(root_document())


@told
async def get_services(request: web.Request) -> web.Response:
    """GET /services: a page of services; `minimal=true` for ids and dates only, `format=ndjson` for one a line."""
    filters = _filters(request)
    page, per_page = _paging(request)
    store = request.app[STORE]
    found = await request.app[DATABASE].run(lambda connection: store.page(connection, filters, page, per_page))
    contents = found.contents
    if _flag(request, "minimal"):
        contents = [_minimal(document) for document in contents]
    return _page(request, contents, page=page, per_page=per_page, total=found.total)


@told
async def get_service(request: web.Request) -> web.Response:
    """GET /services/{id}: a service with everything that belongs to it."""
    store, service_id = request.app[STORE], request.match_info["id"]
    service = await request.app[DATABASE].run(lambda connection: store.get(connection, service_id))
    return _json(service_document(service))


def entity_list(kind: str) -> Handler:
    """Return the handler of GET /{kind}: a page of organisations, services at locations, taxonomies or terms."""

    @told
    async def get_entities(request: web.Request) -> web.Response:
        filters = _filters(request)
        page, per_page = _paging(request)
        store = request.app[STORE]
        found = await request.app[DATABASE].run(
            lambda connection: store.entities(connection, kind, filters, page, per_page)
        )
        return _page(request, found.contents, page=page, per_page=per_page, total=found.total)

    return get_entities


def entity_detail(kind: str) -> Handler:
    """Return the handler of GET /{kind}/{id}."""

    @told
    async def get_entity(request: web.Request) -> web.Response:
        store, entity_id = request.app[STORE], request.match_info["id"]
        return _json(await request.app[DATABASE].run(lambda connection: store.entity(connection, kind, entity_id)))

    return get_entity


ROUTES: tuple[tuple[str, Handler, str], ...] = (
    ("/oruk", get_root, "oruk"),
    ("/services", get_services, "oruk_services"),
    ("/services/{id}", get_service, "oruk_service"),
    ("/organizations", entity_list("organizations"), "oruk_organizations"),
    ("/organizations/{id}", entity_detail("organizations"), "oruk_organization"),
    ("/service_at_locations", entity_list("service_at_locations"), "oruk_service_at_locations"),
    ("/service_at_locations/{id}", entity_detail("service_at_locations"), "oruk_service_at_location"),
    ("/taxonomies", entity_list("taxonomies"), "oruk_taxonomies"),
    ("/taxonomies/{id}", entity_detail("taxonomies"), "oruk_taxonomy"),
    ("/taxonomy_terms", entity_list("taxonomy_terms"), "oruk_taxonomy_terms"),
    ("/taxonomy_terms/{id}", entity_detail("taxonomy_terms"), "oruk_taxonomy_term"),
)


def add_oruk_routes(app: web.Application) -> None:
    """Connect addresses and handlers."""
    for path, handler, name in ROUTES:
        app.router.add_get(path, handler, name=name)


def _filters(request: web.Request) -> Filters:
    """Return the filters of a request. A wrong value is an error, an unknown name is ignored."""
    postcode = _text(request, "postcode")
    place = _place(postcode) if postcode else Found()
    radius = _number(request, "proximity", most=MOST_METRES)
    first = place.candidates[0] if place.candidates else None
    near = (first.latitude, first.longitude) if first and radius is not None else None
    areas = widen(item.authority.gss_code for item in place.candidates) if postcode and radius is None else ()
    return Filters(
        text=_text(request, "search") or _text(request, "text"),
        taxonomy_term_id=_text(request, "taxonomy_term_id"),
        taxonomy_id=_text(request, "taxonomy_id"),
        organization_id=_text(request, "organization_id"),
        modified_after=_read(request, "modified_after", to_moment),
        minimum_age=_number(request, "minimum_age"),
        maximum_age=_number(request, "maximum_age"),
        day=_read(request, "day", to_days),
        start_time=_read(request, "start_time", to_time),
        end_time=_read(request, "end_time", to_time),
        areas=(*areas, "national") if areas else (),
        near=near,
        radius_metres=radius or 0.0,
        parent_id=_text(request, "parent_id"),
        top_only=_flag(request, "top_only"),
    )


def _place(postcode: str) -> Found:
    found = find_place(postcode)
    if not found.candidates:
        raise UserInputError("bad_request", detail="postcode")
    return found


def _paging(request: web.Request) -> tuple[int, int]:
    page, per_page = _whole(request, "page", 1), _whole(request, "per_page", PER_PAGE)
    return min(page, MOST_PAGE), min(per_page, MOST_PER_PAGE)


def _whole(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise UserInputError("bad_request", detail=name)
    return int(text)


def _number(request: web.Request, name: str, *, most: float = 1e6) -> float | None:
    text = request.query.get(name, "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise UserInputError("bad_request", detail=name)
    return number


def _text(request: web.Request, name: str) -> str:
    text = request.query.get(name, "").strip()
    if len(text) > MOST_CHARACTERS or "\0" in text:
        raise UserInputError("bad_request", detail=name)
    return text


def _read(request: web.Request, name: str, read: Callable[[Any], str]) -> str:
    text = _text(request, name)
    value = read(text) if text else ""
    if text and not value:
        raise UserInputError("bad_request", detail=name)
    return value


def _flag(request: web.Request, name: str) -> bool:
    return request.query.get(name, "").lower() in ("true", "1", "yes")


def _minimal(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in ("id", "last_modified") if name in document}


def _page(request: web.Request, contents: list[Any], *, page: int, per_page: int, total: int) -> web.Response:
    if request.query.get("format", "").lower() == "ndjson":
        body = "".join(_dumps(document) + "\n" for document in contents)
        return web.Response(text=body, content_type=NDJSON, headers=_headers())
    return _json(page_document(contents, page=page, per_page=per_page, total=total))


def _json(content: Any) -> web.Response:
    return web.json_response(content, dumps=_dumps, headers=_headers())


def _error(request: web.Request, code: str, status: int) -> web.Response:
    locale = negotiate_locale(request.headers.get("Accept-Language", ""))
    message = Speech(locale.tag).ui(f"error.{code}", limit=request.app[SETTINGS].text_limit).text
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=_headers())


def _headers() -> dict[str, str]:
    return {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
