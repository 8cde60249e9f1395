"""axe-core over the states of every kind of page: no violation, in both directions, at both sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit

Visits = Callable[..., Visit]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="npm ci in tests/browser")


def violations(page: Page) -> list[str]:
    """Run axe in the page; return what it finds, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in result["violations"]]


@needs_axe
@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light")],
    ids=["phone", "phone-dark", "desktop"],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_violations(visit: Visits, language: str, size: tuple[int, int], scheme: str) -> None:
    made = visit(size, color_scheme=scheme, locale=language)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = violations(made.page)

    for path in ("/", "/?q=council", "/homeless_tonight", "/accessibility", "/nothing_here"):
        made.open(f"/{language}{path}")
        look(path)
    made.open("/chat")
    look("picker")
    page = made.open(f"/{language}/chat")
    look("empty chat")
    page.fill("#text", "my landlord says I must leave")
    page.click("#send")
    expect(page.locator("article")).to_have_count(1)
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    look("answer")
    if page.locator(".en-switch").count():
        page.locator(".en-switch").check()
        look("answer beside English")
    page.locator("#menu").evaluate("menu => menu.open = false")
    page.click("#send")
    look("error")
    if page.locator(".desk-button").count():
        page.locator(".desk-button").first.click()
        look("desk card")
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_every_message_says_its_language(visit: Visits) -> None:
    page = visit().open("/ar/chat")
    page.locator("#starts button").first.click()
    expect(page.locator("article")).to_have_attribute("lang", "ar")
    assert page.locator("article blockquote").get_attribute("lang") == "en"
    numbers = page.locator("article a[href^='tel:']").all()
    assert numbers
    assert all(number.locator("bdi[dir=ltr]").count() == 1 for number in numbers)


def test_focused_link_is_not_covered(visit: Visits) -> None:
    """The bar and the composer stay on the page; what has the focus is never under them."""
    page = visit().open("/en/chat")
    page.fill("#text", "I have nowhere to sleep tonight")
    page.click("#send")
    expect(page.locator("article")).to_have_count(1)
    page.locator("article h2").focus()
    for _ in range(14):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => { const e = document.activeElement, r = e.getBoundingClientRect();
               const top = document.elementFromPoint(r.left + r.width / 2, r.top + Math.min(r.height / 2, 20));
               return !(top && (e.contains(top) || top.contains(e))) ? e.outerHTML.slice(0, 120) : ''; }"""
        )
        assert covered == ""


def test_bar_comes_back_for_the_keyboard(visit: Visits) -> None:
    """In a low window the bar is scrolled away; with the focus in it, it is seen again."""
    page = visit().open("/en/nrpf_help")
    page.evaluate("scrollTo(0, 900)")
    page.locator(".brand").evaluate("brand => brand.focus({preventScroll: true})")
    expect(page.locator(".brand")).to_be_in_viewport(ratio=1)
