"""Typed keys under which the application keeps what its handlers need."""

from __future__ import annotations

from aiohttp import web

from bot.answers.withdrawn import Withdrawn
from bot.assistant import Assistant
from bot.channels.pauses import Pauses
from bot.channels.web import WebChannel
from bot.core.database import Database
from bot.core.settings import Settings

SETTINGS: web.AppKey[Settings] = web.AppKey("settings", Settings)
DATABASE: web.AppKey[Database] = web.AppKey("database", Database)
ASSISTANT: web.AppKey[Assistant] = web.AppKey("assistant", Assistant)
WITHDRAWN: web.AppKey[Withdrawn] = web.AppKey("withdrawn", Withdrawn)
PAUSES: web.AppKey[Pauses] = web.AppKey("pauses", Pauses)
WEB_CHANNEL: web.AppKey[WebChannel] = web.AppKey("web_channel", WebChannel)
