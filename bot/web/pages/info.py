"""Privacy, accessibility, and what search engines ask for."""

from __future__ import annotations

from xml.sax.saxutils import escape

from aiohttp import web

from bot.answers.load import load_answers
from bot.directory.seed import get_service, seed_id
from bot.i18n.sources import load_interface
from bot.web.keys import SETTINGS
from bot.web.pages.missing import not_found
from bot.web.pages.site import ACCESSIBILITY, PRIVACY, SERVICES, base_url, find_offered, offered_locales
from bot.web.pages.templates import render

TITLES = {PRIVACY: "page.privacy", ACCESSIBILITY: "accessibility.title"}
EQUALITY = "eass"  # the service that helps people with complaints about access
DISALLOWED = ("/api/", "/chat", "/*/chat", "/*/services?", "/console/")


async def get_privacy(request: web.Request) -> web.Response:
    """GET /{lang}/privacy."""
    return _page(request, PRIVACY)


async def get_accessibility(request: web.Request) -> web.Response:
    """GET /{lang}/accessibility."""
    return _page(request, ACCESSIBILITY)


async def get_sitemap(request: web.Request) -> web.Response:
    """GET /sitemap.xml: every page in every language, each naming the others; places are linked from their list."""
    tags = [locale.tag for locale in offered_locales(request.app[SETTINGS])]
    base = escape(base_url(request))
    rows: list[str] = []
    for path in ("", *load_answers(), SERVICES, PRIVACY, ACCESSIBILITY):
        alternates = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{base}/{tag}/{path}"/>' for tag in tags
        )
        rows.extend(f"<url><loc>{base}/{tag}/{path}</loc>{alternates}</url>" for tag in tags)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(rows) + "\n</urlset>\n"
    )
    response = web.Response(text=text, content_type="application/xml", charset="utf-8")
    response.enable_compression()
    return response


async def get_robots(request: web.Request) -> web.Response:
    """GET /robots.txt: answers may be found, conversations not."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in DISALLOWED),
        f"Sitemap: {base_url(request)}/sitemap.xml",
    ]
    return web.Response(text="\n".join(lines) + "\n")


def _page(request: web.Request, name: str) -> web.Response:
    """Return a page of paragraphs; the one on accessibility says where to ask for another form, and to complain."""
    locale = find_offered(request, request.match_info["lang"])
    if locale is None:
        return not_found(request)
    settings = request.app[SETTINGS]
    paragraphs = [key.removeprefix("ui.") for key in load_interface() if key.startswith(f"ui.{name}.text_")]
    is_statement = name == ACCESSIBILITY
    return render(
        request,
        "info.html",
        locale,
        path=name,
        title=TITLES[name],
        paragraphs=paragraphs,
        contact=settings.contact if is_statement else "",
        contact_url=settings.contact_url,
        complaints=get_service(EQUALITY).name if is_statement else "",
        complaints_path=f"{SERVICES}/{seed_id(EQUALITY)}",
    )
