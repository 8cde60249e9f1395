"""axe-core over the states of every kind of page: no violation, in both directions, at both sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from bot.directory.seed import seed_id
from tests.browser.conftest import DESKTOP, PHONE, Server, Visit
from tests.browser.test_conversation import ask
from tests.browser.test_widget import PAGE, chat_of
from tests.browser.words import CHECK, QUESTIONS

Visits = Callable[..., Visit]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ("color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block")
SCHEMES = (("light", "none"), ("dark", "none"), ("light", "active"))
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="npm ci in tests/browser")


def violations(page: Page | Frame, *rules: str) -> list[str]:
    """Run axe in the page, all rules or those named; return what it finds, a line each, and frames left out."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    only = {"type": "rule", "values": list(rules)} if rules else TAGS
    options = {"runOnly": only, "resultTypes": ["violations", "incomplete"], "preload": False}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    untested = [found for found in result["incomplete"] if found["id"] == "frame-tested"]
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in (*result["violations"], *untested)]


def looks(page: Page) -> list[str]:
    """Run axe on a state as it is at both sizes, by day, by night and in the colours of the system.

    What a page is made of is the same in all of them; what depends on how it looks is asked each time.
    """
    found: list[str] = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.evaluate("scrollTo(0, 0)")  # what is under the bar can be scrolled to
        for scheme, forced in SCHEMES:
            page.emulate_media(color_scheme=scheme, forced_colors=forced)
            rules = () if (size, scheme, forced) == (PHONE, *SCHEMES[0]) else LOOKS
            found += [f"{size[0]} {scheme} {forced}: {problem}" for problem in violations(page, *rules)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{size[0]}: sticks out")
    return found


@needs_axe
@pytest.mark.parametrize("language", QUESTIONS)
def test_no_violations_in_any_state(visit: Visits, server: Server, language: str) -> None:
    made = visit(PHONE, locale=language)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = looks(made.page)

    place = f"/{language}/services/{seed_id('shelter')}"
    paths = ("/", "/?q=council", "/homeless_tonight", "/services?place=SE15", "/accessibility", "/nothing_here")
    for path in (*(f"/{language}{path}" for path in paths), place, "/chat"):
        made.open(path)
        look(path)
    page = made.open(f"/{language}/chat")
    look("before the start")
    page.locator("#menu summary").click()
    look("menu")
    page.locator("#delete-chat").click()
    look("question before deleting")
    page.keyboard.press("Escape")
    page.click("#send")
    look("error")
    ask(page, QUESTIONS[language])
    expect(page.locator("article")).to_have_count(1)
    page.locator("article details").evaluate_all("all => all.forEach(d => d.open = true)")
    if language != "en":
        page.locator(".en-switch").check()
    look("answer")
    for opener, name in (
        (".desk-button", "desk card"),
        (".tools button:has([href$='#handset'])", "code for the phone"),
    ):
        page.locator(opener).first.click()
        look(name)
        page.keyboard.press("Escape")
    page.locator(".feedback button").first.click()
    ask(page, CHECK[language])
    expect(page.locator("article")).to_have_count(3)  # the answer, and a question of the check
    page.locator("article").last.locator(".choices button").nth(1).click()
    expect(page.locator(".verdict")).to_be_visible()
    look("question of the check, and the outcome")
    page.context.set_offline(True)
    ask(page, QUESTIONS[language])
    expect(page.locator(".state button")).to_be_visible()
    look("offline")
    page.context.set_offline(False)
    assert {name: problems for name, problems in found.items() if problems} == {}


@needs_axe
def test_no_violations_where_it_is_embedded(browser: Browser, server: Server, other_site: tuple[str, Path]) -> None:
    """On another site: the page with its link turned button, and the chat in its frame, as they stand together."""
    address, folder = other_site
    html = PAGE.format(url=server.url, policy="", attributes=' data-for="help"').replace(
        "<p>", "<main><h1>Council</h1><p>"
    )
    (folder / "council.html").write_text(html)
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page = context.new_page()
    page.goto(f"{address}/council.html")
    page.locator("#help[role=button]").wait_for()
    assert violations(page) == []
    page.click("#help")
    chat = chat_of(page)
    expect(chat.locator("#close")).to_be_visible()
    assert violations(page) == []
    assert violations(chat) == []
    context.close()


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
