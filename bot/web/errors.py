"""How an error is told, in the reader's language: to a program in one shape, `{"error": {"code", "message"}}`; to a
person on a page with ways to go on.
"""

from __future__ import annotations

from aiohttp import web

from bot.i18n.locales import find_locale, negotiate_locale
from bot.i18n.speech import Speech
from bot.web.pages.templates import render

FOR_PROGRAMS = ("/api/", "/channels/", "/oruk", "/healthz", "/readyz", "/metrics", "/openapi.json")


def error_response(
    request: web.Request, code: str, status: int, language: str | None = None, **values: object
) -> web.Response:
    """Return the error, in `language` or else what the browser asks for. `values` fill the names in braces."""
    locale = find_locale(language) or negotiate_locale(request.headers.get("Accept-Language", ""))
    message = Speech(locale.tag).ui(f"error.{code}", **values).text
    if request.path.startswith(FOR_PROGRAMS):
        response = web.json_response({"error": {"code": code, "message": message}}, status=status)
    else:
        response = render(request, "error.html", locale, status=status, message=message)
    if "seconds" in values:
        response.headers["Retry-After"] = str(values["seconds"])
    return response
