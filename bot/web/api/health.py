"""Is the process alive, is it ready, what are its figures."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select

from bot.core.errors import SourceUnavailable
from bot.web.keys import DATABASE


async def healthz(request: web.Request) -> web.Response:
    """GET /healthz: 200 while the process runs."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz: 200 when the model is loaded and the database answers, else 503."""
    try:
        await request.app[DATABASE].run(lambda connection: connection.execute(select(1)).scalar())
    except SourceUnavailable:
        return web.json_response({"status": "database"}, status=503)
    return web.json_response({"status": "ready"})


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics: Prometheus text format."""
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
