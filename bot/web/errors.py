"""One shape for every error of the API: `{"error": {"code", "message"}}`, the message in the reader's language."""

from __future__ import annotations

from aiohttp import web

from bot.i18n.locales import find_locale, negotiate_locale
from bot.i18n.speech import Speech


def error_response(
    request: web.Request, code: str, status: int, language: str | None = None, **values: object
) -> web.Response:
    """Return the error as JSON, in `language` or else what the browser asks for. `values` fill the names in braces."""
    wanted = find_locale(language)
    locale = wanted or negotiate_locale(request.headers.get("Accept-Language", ""))
    message = Speech(locale.tag).ui(f"error.{code}", **values).text
    headers = {"Retry-After": str(values["seconds"])} if "seconds" in values else {}
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)
