"""Every address of the service, on one page."""

from __future__ import annotations

from aiohttp import web

from bot.channels.messaging import add_channel_routes
from bot.web.api import chat, eligibility, health, openapi
from bot.web.api.oruk import add_oruk_routes
from bot.web.pages.routes import add_page_routes


def add_routes(app: web.Application) -> None:
    """Connect addresses and handlers."""
    app.router.add_post("/api/v1/sessions", chat.open_session, name="open_session")
    app.router.add_delete("/api/v1/sessions", chat.delete_session, name="delete_session")
    app.router.add_post("/api/v1/messages", chat.post_message, name="post_message")
    app.router.add_get("/api/v1/messages", chat.get_messages, name="get_messages")
    app.router.add_post("/api/v1/feedback", chat.post_feedback, name="post_feedback")
    app.router.add_post("/api/v1/eligibility", eligibility.post_eligibility, name="post_eligibility")
    app.router.add_get("/openapi.json", openapi.get_openapi, name="openapi")
    app.router.add_get("/healthz", health.healthz, name="healthz")
    app.router.add_get("/readyz", health.readyz, name="readyz")
    app.router.add_get("/metrics", health.metrics, name="metrics")
    add_channel_routes(app)
    add_oruk_routes(app)
    add_page_routes(app)
