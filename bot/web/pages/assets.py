"""The files of the widget: scripts, styles, icons. Read and compressed once, kept in memory.

`/assets/{version}/{name}` never changes and may be kept for ever; `/widget.js` is the address that other sites know.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache, lru_cache

from aiohttp import web

from bot.web.keys import SETTINGS
from bot.web.pages.site import BRAND, SAFE_PLACE, WIDGET, asset_version, offered_locales

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"


@dataclass(frozen=True)
class Asset:
    """One file."""

    content_type: str
    body: bytes
    zipped: bytes


@cache
def load_assets() -> dict[str, Asset]:
    """Return the files by name."""
    assets = {}
    for path in sorted(WIDGET.iterdir()):
        if path.suffix in TYPES:
            body = path.read_bytes()
            assets[path.name] = Asset(TYPES[path.suffix], body, gzip.compress(body, 9, mtime=0))
    return assets


async def get_asset(request: web.Request) -> web.Response:
    """GET /assets/{version}/{name}: an old version gets the file of today, not to be kept."""
    is_current = request.match_info["version"] == asset_version()
    asset = load_assets().get(request.match_info["name"])
    return _respond(request, asset, FOR_EVER if is_current else "no-cache")


async def get_loader(request: web.Request) -> web.Response:
    """GET /widget.js: what other sites load, with the host's name, colour and languages in it."""
    settings = request.app[SETTINGS]
    languages = tuple(locale.tag for locale in offered_locales(settings))
    return _respond(request, make_loader(settings.name, settings.colour or BRAND, languages), FOR_AN_HOUR)


@lru_cache(maxsize=4)
def make_loader(name: str, colour: str, languages: tuple[str, ...]) -> Asset:
    """Return the loader of a host."""
    told = {"name": name, "colour": colour, "safe": SAFE_PLACE, "languages": languages}
    plain = load_assets()["widget.js"]
    body = plain.body.replace(b"const HOST = {};", f"const HOST = {json.dumps(told)};".encode(), 1)
    return Asset(plain.content_type, body, gzip.compress(body, 9, mtime=0))


def _respond(request: web.Request, asset: Asset | None, cache_control: str) -> web.Response:
    if asset is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    body = asset.body
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body = asset.zipped
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body, content_type=asset.content_type, charset="utf-8", headers=headers)
