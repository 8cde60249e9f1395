"""Typed keys of the console's own application. Settings and database stand under the keys of bot/web/keys.py."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from jinja2 import Environment

from bot.web.console.page import Page
from bot.web.console.provider import Provider

TEMPLATES: web.AppKey[Environment] = web.AppKey("console_templates", Environment)
SECRET: web.AppKey[str] = web.AppKey("console_secret", str)
PAGES: web.AppKey[tuple[Page, ...]] = web.AppKey("console_pages", tuple[Page, ...])
PROVIDER: web.AppKey[Provider] = web.AppKey("console_provider", Provider)  # absent: local accounts only
ROLES_BY_GROUP: web.AppKey[Mapping[str, str]] = web.AppKey("console_roles_by_group", Mapping)
