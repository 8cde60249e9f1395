"""Who means harm: hostile answers and words, scripts put into the page, pages that embed the chat or talk to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests import hostile
from tests.browser.conftest import DESKTOP, Server, Visit
from tests.browser.test_conversation import ANSWERS, MINE, ask
from tests.browser.test_widget import PAGE
from tests.browser.words import QUESTIONS

Visits = Callable[..., Visit]
ELEMENTS = {
    "a",
    "article",
    "bdi",
    "blockquote",
    "br",
    "button",
    "details",
    "div",
    "h2",
    "h3",
    "input",
    "label",
    "li",
    "ol",
    "p",
    "section",
    "span",
    "summary",
    "svg",
    "ul",
    "use",
}
ATTRIBUTES = {
    "aria-hidden",
    "class",
    "data-number",
    "data-topic",
    "dir",
    "for",
    "href",
    "id",
    "lang",
    "rel",
    "role",
    "tabindex",
    "target",
    "type",
    "value",
}
LINK = re.compile(
    r"tel:\+?[0-9]{3,15}|https://(?:[a-z0-9-]+\.)*(?:gov|nhs)\.uk(?:/[\w/.#?=-]*)?|/assets/\w+/(?:icons|bins)\.svg#.*"
    r"|/(?:en|ar|pl)/services/[\w.~%-]+(?:\?topic=[a-z_]+)?|" + re.escape(hostile.ALLOWED_SITE)
)
SEEN = """() => { const elements = new Set(), attributes = new Set(), links = new Set(), inputs = new Set();
  for (const e of document.querySelectorAll('#messages *')) {
    elements.add(e.localName);
    if (e.localName === 'input') inputs.add(e.type);
    for (const a of e.attributes) attributes.add(a.name);
    if (e.hasAttribute('href')) links.add(e.getAttribute('href'));
  }
  const [a, b, c, d] = [elements, attributes, links, inputs].map(set => [...set]);
  return {elements: a, attributes: b, links: c, inputs: d, hit: window.hit ?? null}; }"""


def test_hostile_answers_and_words_stay_text(visit: Visits) -> None:
    """Even if the server were made to say it: 500 answers to 500 questions, in one load, by the page's own script."""
    made = visit()
    page = made.page
    table = hostile.messages()
    page.route("**/api/v1/messages**", lambda route: route.fulfill(json={"messages": table}))
    page.add_init_script("sessionStorage.setItem('doorway.token', JSON.stringify('x'.repeat(43)))")
    made.open("/en/chat")
    expect(page.locator(ANSWERS)).to_have_count(len(table), timeout=60_000)
    expect(page.locator(MINE)).to_have_count(len(table))
    seen = page.evaluate(SEEN)
    assert set(seen["elements"]) <= ELEMENTS
    assert set(seen["attributes"]) <= ATTRIBUTES
    assert seen["inputs"] == ["checkbox"]
    own = f"{made.server.url}/"
    strange = [link for link in seen["links"] if not (LINK.fullmatch(link) or link.startswith(own))]
    assert strange == []
    assert hostile.ALLOWED_SITE in seen["links"]
    assert seen["hit"] is None
    words = page.locator(f"{MINE} p").evaluate_all("all => all.map(p => p.lastChild.textContent)")
    assert [re.sub(r"\s", "", word) for word in words] == [re.sub(r"\s", "", row["asked"]) for row in table]


INTRUDE = """async () => {
  await new Promise(resolve => setTimeout(resolve, 0));  // what the debugger itself runs may do more than a page
  const violated = window.violated = [];
  document.addEventListener('securitypolicyviolation', event => violated.push(event.effectiveDirective));
  const attempt = work => { try { work(); } catch (error) { violated.push(error.name); } };
  const put = (name, values) => attempt(() => {
    const element = Object.assign(document.createElement(name), values);
    document.body.append(element);
  });
  put('script', {textContent: 'window.hit = 1'});
  put('style', {textContent: 'body { zoom: 3 }'});
  put('img', {src: 'https://evil.invalid/x.png'});
  put('iframe', {src: 'https://evil.invalid/'});
  attempt(() => {
    const link = document.createElement('a');
    link.setAttribute('onclick', 'window.hit = 1');
    document.body.append(link);
    link.click();
  });
  attempt(() => { document.body.innerHTML += '<i>'; });
  attempt(() => { window.eval('window.hit = 1'); });
  await fetch('https://evil.invalid/').catch(() => violated.push('fetch'));
  return violated;
}"""


REFUSED = ("require-trusted-types-for", "style-src-elem", "img-src", "frame-src", "connect-src", "EvalError", "fetch")


def test_script_put_into_the_page_does_not_run(visit: Visits) -> None:
    """The policy of the page itself: no inline script, handler or style, no text made to elements, no other host."""
    made = visit()
    page = made.open("/en/chat")
    made.requests.clear()
    page.evaluate(INTRUDE)
    for refused in REFUSED:  # a policy tells its violations a little later
        page.wait_for_function("name => violated.includes(name)", arg=refused)
    assert page.evaluate("window.hit ?? null") is None
    assert page.evaluate("getComputedStyle(document.body).zoom") == "1"
    # announced by the browser before the policy blocks them
    made.requests[:] = [url for url in made.requests if "evil.invalid" not in url]


# What a hostile site does before the loader runs: keeps every frame, opens every shadow root, notes all it is told.
SPY = """window.heard = []; window.kept = [];
addEventListener('message', event => heard.push([event.origin, JSON.stringify(event.data)]));
const make = Document.prototype.createElement;
Document.prototype.createElement = function (...names) {
  const made = make.apply(this, names);
  if (names[0] === 'iframe') kept.push(made);
  return made;
};
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, {...options, mode: 'open'}); };"""
READ = """() => { const found = [], frame = kept[0];
  const attempt = work => { try { found.push(work()); } catch { found.push('refused'); } };
  attempt(() => String(frame.contentDocument));
  attempt(() => frame.contentWindow.document.title);
  attempt(() => frame.contentWindow.sessionStorage.length);
  attempt(() => frame.contentWindow.location.href);
  return found; }"""
DRIVE = """origin => { for (const doorway of ['send', 'answer', 'leave', 'constructor', '__proto__', '<b>'])
    kept[0].contentWindow.postMessage({doorway, text: 'hello', value: 'hello'}, origin);
  kept[0].contentWindow.postMessage('hello', origin);
  kept[0].contentWindow.postMessage({doorway: {toString: 'hello'}}, origin); }"""
ROUND_TRIP = """() => new Promise(resolve => {
  const {port1, port2} = new MessageChannel();
  port1.onmessage = () => resolve();
  port2.postMessage(0);
})"""


@pytest.fixture
def site(browser: Browser, other_site: tuple[str, Path], server: Server) -> Iterator[tuple[Page, str]]:
    """A page of a site that may embed the chat and has turned hostile; beside it a frame of somebody else."""
    address, folder = other_site
    stranger = '<iframe src="http://stranger.test/"></iframe>'
    (folder / "loader.html").write_text(
        PAGE.format(url=server.url, policy="", attributes=' data-for="help"') + stranger
    )
    (folder / "direct.html").write_text(f'<iframe src="{server.url}/en/chat"></iframe>{stranger}')
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    context.set_default_timeout(15_000)
    context.route("http://stranger.test/", lambda route: route.fulfill(body="stranger", content_type="text/html"))
    context.add_init_script(f"if (location.origin !== {json.dumps(server.url)}) {{ {SPY} }}")
    yield context.new_page(), address
    context.close()


def frame_at(page: Page, start: str) -> Frame:
    """Return the frame whose address begins so, once it is there."""
    for _ in range(100):
        found = next((frame for frame in page.frames if frame.url.startswith(start)), None)
        if found:
            found.wait_for_load_state()
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"no frame {start}")


def test_embedding_site_cannot_read_or_drive(site: tuple[Page, str], server: Server) -> None:
    page, address = site
    page.goto(f"{address}/loader.html")
    page.click("#help[role=button]")
    chat = frame_at(page, server.url)
    expect(chat.locator("#close")).to_be_visible()  # it has greeted the loader
    ask(chat, QUESTIONS["en"])
    expect(chat.locator(ANSWERS)).to_have_count(1)
    assert page.evaluate(READ) == ["null", "refused", "refused", "refused"]
    chat.focus("#text")
    page.evaluate(DRIVE, server.url)
    chat.evaluate(ROUND_TRIP)
    expect(chat.locator(MINE)).to_have_count(1)
    assert chat.locator("#text").input_value() == ""
    assert chat.evaluate("document.activeElement.id") == "text"
    assert page.url == f"{address}/loader.html"
    heard = [row for row in page.evaluate("heard") if row[0] == server.url]
    assert heard
    assert {row[1] for row in heard} == {'{"doorway":"answer"}'}  # never a word of the conversation


def test_strangers_are_not_heard_by_the_site_nor_by_the_chat(site: tuple[Page, str], server: Server) -> None:
    page, address = site
    page.goto(f"{address}/loader.html")
    page.click("#help[role=button]")
    expect(frame_at(page, server.url).locator("#close")).to_be_visible()
    stranger = frame_at(page, "http://stranger.test/")
    for what in ("close", "leave", "answer"):
        stranger.evaluate("doorway => parent.postMessage({doorway}, '*')", what)
        page.evaluate("doorway => window.postMessage({doorway}, '*')", what)
    page.wait_for_function("heard.filter(([, data]) => data.includes('doorway')).length >= 6")
    expect(page.locator("#help")).to_have_attribute("aria-expanded", "true")
    assert page.locator("#help").get_attribute("aria-label") is None
    assert page.url == f"{address}/loader.html"

    page.goto(f"{address}/direct.html")
    chat, stranger = frame_at(page, server.url), frame_at(page, "http://stranger.test/")
    chat.locator("html[data-ready]").wait_for()
    chat.evaluate("addEventListener('message', () => (window.told = (window.told ?? 0) + 1))")
    chat.focus("#text")
    for what in ("hello", "opened"):  # as if it were the loader
        stranger.evaluate("doorway => parent.frames[0].postMessage({doorway}, '*')", what)
    chat.wait_for_function("window.told === 2")
    assert chat.evaluate("document.activeElement.id") == "text"
    expect(chat.locator("#close")).to_be_hidden()
    page.evaluate("origin => frames[0].postMessage({doorway: 'hello'}, origin)", server.url)
    expect(chat.locator("#close")).to_be_visible()
    chat.locator("#close").click()
    page.wait_for_function("""heard.some(([, data]) => data === '{"doorway":"close"}')""")
    assert stranger.evaluate("heard.length") == 0  # the chat tells the page that embeds it, and nobody else


REACH = """origin => {
  try {
    opened.postMessage({doorway: 'hello'}, origin);
    return opened.closed ? 'cut off' : opened.document.title;
  } catch { return 'refused'; }
}"""
FETCH = """async url => {
  try { return await (await fetch(url, {method: 'POST', headers: {'Content-Type': 'text/plain'}})).text(); }
  catch { return 'refused'; }
}"""


def test_page_that_opened_the_chat_cannot_reach_it(site: tuple[Page, str], server: Server) -> None:
    page, address = site
    page.goto(f"{address}/direct.html")
    with page.context.expect_page() as opened:
        page.evaluate("url => { window.opened = window.open(url) }", f"{server.url}/en/chat")
    chat = opened.value
    chat.locator("html[data-ready]").wait_for()
    chat.focus("#text")
    reached = page.evaluate(REACH, server.url)
    assert reached in ("cut off", "refused")
    expect(chat.locator("#close")).to_be_hidden()
    assert chat.evaluate("window.opener") is None
    assert page.evaluate(FETCH, f"{server.url}/api/v1/sessions") == "refused"
