"""Conversations as people have them: by mouse, by keyboard, without JavaScript, on a bad line, in two tabs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Server, Visit
from tests.browser.words import MORE, QUESTIONS

OUTAGE_SECONDS = 10.0
Visits = Callable[..., Visit]
RIGHT_TO_LEFT = ("ar", "ur")
# Every way of talking runs in all five languages and at both sizes; every language at both sizes.
CROSSED = [("en", PHONE), ("ar", DESKTOP), ("ur", PHONE), ("bn", DESKTOP), ("pl", PHONE)]
SWAPPED = [(language, DESKTOP if size == PHONE else PHONE) for language, size in CROSSED]
crossed = pytest.mark.parametrize(("language", "size"), CROSSED, ids=str)
swapped = pytest.mark.parametrize(("language", "size"), SWAPPED, ids=str)
ANSWERS = "#messages > li.theirs"
MINE = "#messages > li.mine"


def ask(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.click("#send")


def open_menu(page: Page) -> None:
    page.evaluate("scrollTo(0, 0)")  # in a low window the bar is at the top of the page
    page.locator("#menu summary").click()


@crossed
def test_question_by_mouse(visit: Visits, language: str, size: tuple[int, int]) -> None:
    page = visit(size).open(f"/{language}/chat")
    page.click("#start")
    ask(page, QUESTIONS[language])
    card = page.locator(f"{ANSWERS} article")
    expect(card).to_have_count(1)
    expect(card).to_have_attribute("lang", language)
    expect(card).to_have_attribute("dir", "rtl" if language in RIGHT_TO_LEFT else "ltr")
    expect(card.locator(".urgent")).to_be_visible()
    expect(card.locator("a.call").first).to_have_attribute("href", re.compile(r"^tel:\d+$"))
    expect(page.locator("#starts")).to_be_hidden()

    related = card.locator(".choices button").first
    chosen = related.locator("span").last.inner_text()
    related.click()
    expect(page.locator(ANSWERS)).to_have_count(2)
    expect(page.locator(MINE).nth(1)).to_contain_text(chosen)
    expect(related).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.activeElement.closest('li').dataset.number") == "2"
    ask(page, MORE[language])
    expect(page.locator(ANSWERS)).to_have_count(3)
    expect(page.locator(MINE)).to_have_count(3)
    page.locator(".feedback button").last.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def tab_to(page: Page, wanted: str, *, most: int = 80) -> None:
    """Press Tab until the element with that id has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            return
    raise AssertionError(f"{wanted} is not reached with Tab")


@swapped
def test_question_by_keyboard(visit: Visits, language: str, size: tuple[int, int]) -> None:
    """Nothing but keys, from the first screen to the third answer."""
    page = visit(size).open(f"/{language}/chat")
    tab_to(page, "start")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "starts-title"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first topic
    expect(page.locator(ANSWERS)).to_have_count(1)
    assert page.evaluate("document.activeElement.tagName") == "H2"
    tab_to(page, "text")
    page.keyboard.type(QUESTIONS[language])
    page.keyboard.press("Shift+Enter")
    page.keyboard.type(MORE[language])
    page.keyboard.press("Enter")
    expect(page.locator(ANSWERS)).to_have_count(2)
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.locator(MINE).nth(1).inner_text().count("\n") >= 1
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator(ANSWERS)).to_have_count(3)


@crossed
def test_question_without_javascript(visit: Visits, language: str, size: tuple[int, int]) -> None:
    made = visit(size, javascript=False)
    page = made.page
    page.goto(f"{made.server.url}/{language}/chat")
    ask(page, QUESTIONS[language])
    expect(page.locator(f"{ANSWERS} article")).to_have_attribute("lang", language)
    assert "token" not in page.url
    page.locator(".choices button").first.click()
    expect(page.locator(ANSWERS)).to_have_count(2)
    page.reload()  # sends the same form again
    expect(page.locator(ANSWERS)).to_have_count(2)
    page.fill("#text", "1")
    page.click("#send")
    expect(page.locator(ANSWERS)).to_have_count(3)
    open_menu(page)
    page.click("#delete-chat")
    page.locator(".confirm .danger-button").click()
    expect(page.locator(ANSWERS)).to_have_count(0)
    expect(page.locator("#status")).not_to_be_empty()


def test_both_ways_show_the_same(visit: Visits) -> None:
    """The card made by the script and the one made by the server have the same words and elements."""
    shape = """card => {
      for (const extra of card.querySelectorAll('.tools, .feedback, .desk-button')) extra.remove();
      return [...card.querySelectorAll('*')].filter(e => !['path','use'].includes(e.tagName))
        .map(e => [e.tagName, e.getAttribute('class') ?? '', e.lang ?? '', e.getAttribute('href') ?? '',
                   e.childElementCount ? '' : e.textContent.replace(/\\s+/g, ' ').trim()].join('|'));
    }"""
    with_script = visit().open("/ar/chat")
    ask(with_script, QUESTIONS["ar"])
    expect(with_script.locator(ANSWERS)).to_have_count(1)
    plain = visit()
    plain.page.route("**/chat.js", lambda route: route.abort())
    plain.page.goto(f"{plain.server.url}/ar/chat")
    ask(plain.page, QUESTIONS["ar"])
    expect(plain.page.locator(ANSWERS)).to_have_count(1)
    assert plain.page.locator("article").evaluate(shape) == with_script.locator("article").evaluate(shape)


@swapped
def test_reload_keeps_the_conversation(visit: Visits, language: str, size: tuple[int, int]) -> None:
    page = visit(size).open(f"/{language}/chat")
    page.locator("#starts button").nth(1).click()
    expect(page.locator(ANSWERS)).to_have_count(1)
    ask(page, QUESTIONS[language])
    expect(page.locator(ANSWERS)).to_have_count(2)
    said = page.locator(MINE).all_inner_texts()
    page.reload()
    expect(page.locator(ANSWERS)).to_have_count(2)
    assert page.locator(MINE).all_inner_texts() == said
    assert page.locator("#announcer").inner_text() == ""  # what is restored is not announced


def test_server_gone_for_ten_seconds(visit: Visits, server: Server) -> None:
    """What five people write while the server is down waits, survives a reload in between, and is answered once."""
    pages = {language: visit(size).open(f"/{language}/chat") for language, size in SWAPPED}
    for language, page in pages.items():
        ask(page, QUESTIONS[language])
        expect(page.locator(ANSWERS)).to_have_count(1)
    server.stop()
    stopped = time.monotonic()
    for language, page in pages.items():
        ask(page, MORE[language])
        page.locator(".choices button").first.click()
        expect(page.locator(f"{MINE} .state").nth(1)).not_to_be_empty()
        expect(page.locator(".pending")).to_have_count(2)
    pages["en"].wait_for_timeout(max(0.0, OUTAGE_SECONDS - (time.monotonic() - stopped)) * 1000)
    server.start()
    for language in ("ar", "bn"):
        pages[language].reload()
    for language in ("en", "ur"):
        pages[language].locator(f"{MINE} .state button").first.click()  # "Try again"; the last one waits for itself
    for again in (False, True):
        for page in pages.values():
            if again:
                page.reload()
            expect(page.locator(ANSWERS)).to_have_count(3, timeout=60_000)  # the pause between two tries grows to 30 s
            expect(page.locator(MINE)).to_have_count(3)
            expect(page.locator(".pending")).to_have_count(0)


def test_lost_reply_is_not_doubled(visit: Visits) -> None:
    """The server answered, the answer did not arrive: the same message is sent again and shown once."""
    page = visit().open("/en/chat")
    lost = []

    def lose(route: object) -> None:
        if not lost and route.request.method == "POST":
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/messages", lose)
    ask(page, QUESTIONS["en"])
    expect(page.locator(ANSWERS)).to_have_count(1)
    assert lost
    page.reload()
    expect(page.locator(ANSWERS)).to_have_count(1)
    expect(page.locator(MINE)).to_have_count(1)


@crossed
def test_two_tabs(visit: Visits, language: str, size: tuple[int, int]) -> None:
    """A second tab of the same conversation sees what the first one said, and each catches up with the other."""
    first = visit(size)
    page = first.open(f"/{language}/chat")
    ask(page, QUESTIONS[language])
    expect(page.locator(ANSWERS)).to_have_count(1)
    kept = page.evaluate("JSON.stringify({...sessionStorage})")
    second = visit(size)
    second.page.add_init_script(f"for (const [k, v] of Object.entries({kept})) sessionStorage.setItem(k, v)")
    other = second.open(f"/{language}/chat")
    expect(other.locator(ANSWERS)).to_have_count(1)
    ask(other, MORE[language])
    expect(other.locator(ANSWERS)).to_have_count(2)
    page.locator(".choices button").first.click()
    for tab in (page, other):
        if tab is other:
            tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the person comes back to it
        expect(tab.locator(ANSWERS)).to_have_count(3)
        expect(tab.locator(MINE)).to_have_count(3)
    numbers = "all => all.map(item => Number(item.dataset.number))"
    assert page.locator(ANSWERS).evaluate_all(numbers) == other.locator(ANSWERS).evaluate_all(numbers) == [1, 2, 3]


def test_typed_number_is_a_choice(visit: Visits) -> None:
    page = visit().open("/ar/chat")
    ask(page, QUESTIONS["ar"])
    title = page.locator(".choices button").nth(1).locator("span").last.inner_text()
    ask(page, "٢")
    expect(page.locator(ANSWERS)).to_have_count(2)
    expect(page.locator(MINE).nth(1)).to_contain_text(title)


def test_each_answer_is_announced_once(visit: Visits) -> None:
    page = visit().open("/en/chat")
    page.evaluate(
        """() => { window.said = [];
           new MutationObserver(() => { if (announcer.textContent) said.push(announcer.textContent); })
             .observe(announcer, {childList: true, characterData: true, subtree: true}); }"""
    )
    ask(page, QUESTIONS["en"])
    expect(page.locator(ANSWERS)).to_have_count(1)
    page.locator("#starts button").nth(1).evaluate("button => button.click()")
    expect(page.locator(ANSWERS)).to_have_count(2)
    said = page.evaluate("said")
    assert len(said) == 2
    assert page.locator(f"{ANSWERS} h2").first.inner_text().splitlines()[-1] in said[0]


def test_delete_and_new_chat(visit: Visits) -> None:
    page = visit().open("/en/chat")
    ask(page, QUESTIONS["en"])
    expect(page.locator(ANSWERS)).to_have_count(1)
    open_menu(page)
    page.click("#delete-chat")
    page.keyboard.press("Escape")
    expect(page.locator(ANSWERS)).to_have_count(1)
    open_menu(page)
    page.click("#delete-chat")
    page.locator("dialog .danger-button").click()
    expect(page.locator(ANSWERS)).to_have_count(0)
    expect(page.locator("#status")).to_contain_text("1")
    assert page.evaluate("sessionStorage.length") == 0


def test_english_and_desk_card(visit: Visits) -> None:
    page = visit().open("/pl/chat")
    ask(page, QUESTIONS["pl"])
    english = page.locator(".steps .en").first
    expect(english).to_be_hidden()
    page.locator(".en-switch").check()
    expect(english).to_be_visible()
    page.locator(".desk-button").click()
    says = page.locator("dialog .says")
    expect(says).to_have_attribute("lang", "en")
    page.keyboard.press("Escape")
    expect(says).to_have_count(0)


def test_feedback_in_one_tap(visit: Visits) -> None:
    page = visit().open("/en/chat")
    ask(page, QUESTIONS["en"])
    page.locator(".feedback button").first.click()
    expect(page.locator(".feedback > span")).to_be_focused()


@pytest.mark.parametrize("how", ["button", "shift"])
def test_leaving_wipes_everything(visit: Visits, how: str) -> None:
    made = visit()
    page = made.open("/en/chat")
    ask(page, QUESTIONS["en"])
    expect(page.locator(ANSWERS)).to_have_count(1)
    token = page.evaluate("JSON.parse(sessionStorage.getItem('doorway.token'))")
    page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    if how == "button":
        page.click("#leave")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    made.requests.clear()  # this one was meant to leave
    answer = page.context.request.get(
        f"{made.server.url}/api/v1/messages?after=0", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status == 401
    page.go_back()
    assert page.locator(ANSWERS).count() == 0


HOSTILE = [
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[x](javascript:alert(1))", "javascript:alert(1)",
    '"><svg onload=alert(1)>', "{{7*7}}", "https://evil.example/gov.uk", "evil.gov.uk.example", "‮txt.exe", "/restart",
    "a" * 400 + "​", "é" + "́" * 500,
]  # fmt: skip


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_hostile_text_makes_nothing(visit: Visits, javascript: bool) -> None:
    made = visit(javascript=javascript)
    page = made.page
    page.goto(f"{made.server.url}/en/chat")
    for text in HOSTILE:
        before = page.locator(ANSWERS).count()
        ask(page, text)
        expect(page.locator(ANSWERS)).not_to_have_count(before)
    for item in page.locator(f"{MINE} p").all():
        assert item.locator("*").count() == item.locator(".who").count()
    links = [link.get_attribute("href") or "" for link in page.locator("a").all()]
    assert all(re.match(r"(https://|tel:|/|#|http://127\.0\.0\.1)", link) for link in links)
    assert not [link for link in links if "evil" in link]
