"""Hostile answers in the page that the server makes: what is not in the templates stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from aiohttp import web
from jinja2 import Environment

from bot.web.pages.templates import TEMPLATES, setup_templates
from tests import hostile

ELEMENTS = {
    "a", "bdi", "blockquote", "details", "div", "h3", "li", "ol", "p", "section", "span", "summary", "svg", "ul", "use",
}  # fmt: skip
ATTRIBUTES = {"aria-hidden", "class", "dir", "href", "lang", "rel", "target"}
LINK = re.compile(
    r"tel:\+?[0-9]{3,15}|https://(?:[a-z0-9-]+\.)*(?:gov|nhs)\.uk(?:/[\w/.#?=-]*)?|/assets/(?:icons|bins)\.svg#.*"
    r"|/(?:en|ar|pl)/services/[\w.~%-]+(?:\?topic=[a-z_]+)?|" + re.escape(hostile.ALLOWED_SITE)
)


class _Seen(HTMLParser):
    """What a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name == "href"}


def test_hostile_answers_stay_text() -> None:
    app = web.Application()
    setup_templates(app)
    environment: Environment = app[TEMPLATES]
    card = environment.get_template("card.html").module
    seen = _Seen()
    for message in hostile.messages():
        for block in message["blocks"]:
            html = card.block(block, message["language"], "/assets", str, str, False, "h3")
            seen.feed(str(html))
    assert seen.elements <= ELEMENTS
    assert seen.attributes <= ATTRIBUTES
    assert [link for link in seen.links if not LINK.fullmatch(link)] == []
    assert hostile.ALLOWED_SITE in seen.links
