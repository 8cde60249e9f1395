"""The files of the widget: scripts, styles, icons. Read and compressed once, kept in memory.

`/assets/{version}/{name}` never changes and may be kept for ever; `/widget.js` is the address that other sites know.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache

from aiohttp import web

from bot.web.pages.site import WIDGET, asset_version

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
    return _respond(request, request.match_info["name"], FOR_EVER if is_current else "no-cache")


async def get_loader(request: web.Request) -> web.Response:
    """GET /widget.js: what other sites load."""
    return _respond(request, "widget.js", FOR_AN_HOUR)


def _respond(request: web.Request, name: str, cache_control: str) -> web.Response:
    asset = load_assets().get(name)
    if asset is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    body = asset.body
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body = asset.zipped
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body, content_type=asset.content_type, charset="utf-8", headers=headers)
