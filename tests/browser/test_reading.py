"""The plain pages, the sizes, the weights: what holds for every language."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bot.directory.seed import seed_id
from bot.i18n.locales import load_locales
from tests.browser.conftest import PHONE, Server, Visit

Visits = Callable[..., Visit]
LANGUAGES = [locale.tag for locale in load_locales()]
LONGEST_TOPICS = ("domestic_abuse", "nrpf_help", "refugee_move_on", "homeless_tonight")
LOADER_LIMIT, FIRST_OPEN_LIMIT = 4 * 1024, 45 * 1024  # bytes, compressed
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
ADD_STYLE = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
SMALL_TARGETS = """[...document.querySelectorAll('a, button, summary')]
  .filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().height < 24)
  .filter(e => !e.closest('p, .skip, .who, .urgent li, .steps li, .details li')).map(e => e.outerHTML.slice(0, 90))"""
LINE_HEIGHT = """() => { const style = getComputedStyle(document.querySelector('article p'));
  return parseFloat(style.lineHeight) / parseFloat(style.fontSize); }"""
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
USABLE_MILLISECONDS = 5000


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_index_finds_by_words(visit: Visits, javascript: bool) -> None:
    made = visit(javascript=javascript)
    page = made.page
    page.goto(f"{made.server.url}/pl/")
    page.fill("#q", "wilgoc")
    page.locator(".search button").click()
    expect(page.locator(".found a").first).to_have_attribute("href", "/pl/repairs")
    page.locator(".found a").first.click()
    expect(page.locator("article h1")).to_be_visible()
    structured = json.loads(page.locator("script[type='application/ld+json']").text_content() or "")
    assert structured["@type"] == "FAQPage"
    assert structured["inLanguage"] == "pl"
    alternates = page.locator("link[rel=alternate]").evaluate_all("links => links.map(l => l.hreflang)")
    assert set(LANGUAGES) <= set(alternates)


def test_picker_by_any_spelling(visit: Visits) -> None:
    page = visit().open("/chat")
    for typed in ("ukr", "Україн"):
        page.fill("#q", typed)
        expect(page.locator("#picker li:visible")).to_have_count(1)
    page.locator("#picker a:visible").click()
    page.wait_for_url("**/uk/chat")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways(visit: Visits, language: str) -> None:
    made = visit(PHONE)
    page = made.page
    reading = ("", "nrpf_help", "services?place=SE15", f"services/{seed_id('shelter')}", "privacy")
    for path in (*(f"/{language}/{path}" for path in reading), "/chat", f"/{language}/chat"):
        made.open(path)
        if path.endswith(f"{language}/chat"):
            page.locator("#starts button").first.evaluate("button => button.click()")
            expect(page.locator("article")).to_have_count(1)
            page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
        page.evaluate(ADD_STYLE, SPACING)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], f"{path} with wide spacing"
        assert not page.evaluate(SMALL_TARGETS), path


def test_small_window_keeps_the_composer_reachable(visit: Visits) -> None:
    made = visit((320, 256))
    for path in ("/en/services", "/ar/homeless_tonight", "/bn/"):
        assert made.open(path).evaluate("document.documentElement.scrollWidth") <= 320, path
    page = made.open("/en/chat")
    page.locator("#text").scroll_into_view_if_needed()
    expect(page.locator("#send")).to_be_in_viewport()
    assert page.evaluate("getComputedStyle(composer).position") == "static"


@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_prints_on_one_sheet(visit: Visits, language: str) -> None:
    made = visit()
    for topic in LONGEST_TOPICS:
        page = made.open(f"/{language}/{topic}")
        sheet = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1, topic


def test_no_motion_when_not_wanted(visit: Visits) -> None:
    made = visit(reduced_motion="reduce")
    page = made.open("/en/chat")
    page.route("**/api/v1/messages", lambda route: None)  # never answers
    page.fill("#text", "hello")
    page.click("#send")
    expect(page.locator("#waiting")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0


def test_text_is_big_enough(visit: Visits) -> None:
    made = visit()
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    assert made.open("/en/").evaluate(size) >= 16
    assert made.open("/ar/").evaluate(size) >= 18
    assert made.open("/ar/nrpf_help").evaluate(LINE_HEIGHT) >= 1.8


def test_loader_weighs_little(server: Server) -> None:
    asked = urllib.request.Request(f"{server.url}/widget.js", headers={"Accept-Encoding": "gzip"})  # noqa: S310 — loopback
    with urllib.request.urlopen(asked, timeout=10) as response:  # noqa: S310
        assert response.headers["Content-Encoding"] == "gzip"
        assert len(response.read()) <= LOADER_LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_open_weighs_little(visit: Visits, language: str) -> None:
    made = visit()
    sizes: list[int] = []
    made.page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    made.open(f"/{language}/chat")
    made.page.wait_for_load_state("networkidle")
    assert len(sizes) > 5
    assert sum(sizes) <= FIRST_OPEN_LIMIT


def test_usable_on_a_slow_line(visit: Visits) -> None:
    made = visit()
    session = made.page.context.new_cdp_session(made.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    made.open("/ar/chat")
    assert made.page.evaluate("performance.now()") <= USABLE_MILLISECONDS
