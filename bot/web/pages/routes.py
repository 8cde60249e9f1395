"""The addresses of the pages."""

from __future__ import annotations

from aiohttp import web

from bot.web.pages import answers, assets, chat, info, missing, services, theme

LANG = "{lang:(?!api/)[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*}"
TOPIC = "{topic:[a-z_]+}"
NOT_OURS = "{path:(?!api/|console/|channels/).*}"


def add_page_routes(app: web.Application) -> None:
    """Connect the pages. The last address is for everything that is not there."""
    router = app.router
    router.add_get("/", answers.get_root, name="root")
    router.add_get("/widget.js", assets.get_loader, name="loader")
    router.add_get("/assets/{version}/{name}", assets.get_asset, name="asset")
    router.add_get("/theme.css", theme.get_theme, name="theme")
    router.add_get("/sitemap.xml", info.get_sitemap, name="sitemap")
    router.add_get("/robots.txt", info.get_robots, name="robots")
    router.add_get("/chat", chat.get_picker, name="picker")
    router.add_get(f"/{LANG}", answers.get_bare_language, name="bare_language")
    router.add_get(f"/{LANG}/", answers.get_index, name="index")
    router.add_get(f"/{LANG}/chat", chat.get_chat, name="chat")
    router.add_post(f"/{LANG}/chat", chat.post_chat, name="post_chat")
    router.add_get(f"/{LANG}/privacy", info.get_privacy, name="privacy")
    router.add_get(f"/{LANG}/accessibility", info.get_accessibility, name="accessibility")
    router.add_get(f"/{LANG}/services", services.get_list, name="places")
    router.add_get(f"/{LANG}/services/{{id}}", services.get_one, name="place")
    router.add_get(f"/{LANG}/{TOPIC}", answers.get_topic, name="topic")
    router.add_get(f"/{LANG}/{TOPIC}/qr.svg", answers.get_topic_code, name="topic_code")
    router.add_get(f"/{NOT_OURS}", missing.get_missing, name="missing")
