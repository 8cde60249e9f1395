"""The widget on another site: it opens, closes, counts and leaves. Who may not drive it: test_hostile.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.conftest import DESKTOP, Server

POLICY = """<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src {0}; style-src 'self'; frame-src {0}">"""
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">{policy}<title>Council</title>
<p><a id="help" href="{url}/en/chat">Housing help in your language</a></p>
<script async src="{url}/widget.js"{attributes}></script>"""


@pytest.fixture
def host(browser: Browser, server: Server, other_site: tuple[str, Path]) -> Iterator[Page]:
    """A page of another site with a strict policy of its own, which upgrades its link."""
    address, folder = other_site
    policy = POLICY.format(server.url)
    pages = {"link.html": ' data-for="help"', "button.html": ' data-label="Ask us" data-language="pl"'}
    for name, attributes in pages.items():
        (folder / name).write_text(PAGE.format(url=server.url, policy=policy, attributes=attributes))
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page = context.new_page()
    page.goto(f"{address}/link.html")
    page.locator("#help[role=button]").wait_for()
    yield page
    context.close()


def chat_of(host: Page) -> Frame:
    """Return the frame of the chat once it is there; it hangs in a closed shadow root."""
    for _ in range(50):
        if len(host.frames) > 1:
            return host.frames[1]
        host.wait_for_timeout(100)
    raise AssertionError("no frame")


def test_link_opens_and_escape_closes(host: Page) -> None:
    assert len(host.frames) == 1  # nothing is loaded before the first opening
    host.focus("#help")
    host.keyboard.press("Enter")
    frame = chat_of(host)
    expect(frame.locator("#close")).to_be_visible()
    expect(host.locator("#help")).to_have_attribute("aria-expanded", "true")
    frame.locator("#text").focus()
    host.keyboard.press("Escape")
    expect(host.locator("#help")).to_have_attribute("aria-expanded", "false")
    expect(host.locator("#help")).to_be_focused()


def test_answer_while_closed_is_counted(host: Page) -> None:
    host.click("#help")
    frame = chat_of(host)
    expect(frame.locator("#close")).to_be_visible()
    frame.fill("#text", "where can I learn English")
    frame.evaluate("send.click(); document.getElementById('close').click()")
    expect(host.locator("#help")).to_have_attribute("aria-label", "Housing help in your language (1)")
    host.click("#help")
    expect(frame.locator("article")).to_have_count(1)
    assert host.locator("#help").get_attribute("aria-label") is None


def test_leaving_takes_the_site_along(host: Page) -> None:
    host.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    host.click("#help")
    expect(chat_of(host).locator("#close")).to_be_visible()
    chat_of(host).locator("#leave").click()
    host.wait_for_url("https://www.bbc.co.uk/weather")


def test_button_of_its_own(host: Page, other_site: tuple[str, Path]) -> None:
    host.goto(f"{other_site[0]}/button.html")
    host.locator("body > div").wait_for(state="attached")
    host.mouse.click(DESKTOP[0] - 60, DESKTOP[1] - 40)
    expect(chat_of(host).locator("html")).to_have_attribute("lang", "pl")


def test_unknown_site_may_not_embed(browser: Browser, server: Server, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "http://elsewhere.test/",
        lambda route: route.fulfill(body=f'<iframe src="{server.url}/en/chat"></iframe>', content_type="text/html"),
    )
    page.goto("http://elsewhere.test/")
    page.wait_for_timeout(500)
    assert page.frames[1].url.startswith("chrome-error:")
    context.close()
