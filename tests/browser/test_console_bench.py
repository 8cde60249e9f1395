"""The adviser's bench at work in a browser: ask in Urdu, flag, approve as somebody else, withdraw, restore, batch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot.console.batch_file import write_csv
from bot.core.database import Database
from bot.core.paths import EVALUATION
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.test_accessibility import needs_axe, violations
from tests.browser.test_console import accounts, enrol, fits, invited

__all__ = ["accounts"]  # a fixture

Visits = Callable[..., Visit]
URDU = "میرے مالک مکان نے مجھے گھر خالی کرنے کا نوٹس دیا ہے، میں کیا کروں؟"
CASE = "Szczur przebiegł mi wczoraj po nodze w kuchni i teraz boję się tam wejść"
ROWS, PATIENCE = 60, 60_000.0  # ms


def ask(page: Page, question: str, **chosen: str) -> None:
    """Fill the form and ask."""
    page.goto(page.url.partition("/console")[0] + "/console/ask")
    page.fill("#question", question)
    for name, value in chosen.items():
        page.fill(f"#{name}", value) if name == "area" else page.select_option(f"#{name}", value)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#answer")).to_be_visible()


def batch_file(path: Path) -> Path:
    """Write messages to measure on as a batch file."""
    lines = (EVALUATION / "dev" / "ur.jsonl").read_text(encoding="utf-8").splitlines()[:ROWS]
    messages = [json.loads(line) for line in lines]
    rows = [(number, "ur", one["text"], one["topic"]) for number, one in enumerate(messages)]
    path.write_bytes(write_csv(("id", "language", "text", "expected_topic"), rows))
    return path


def confirm(page: Page, key: str) -> None:
    """Enter the code that the page asks for, where it asks."""
    if "/console/step-up" in page.url:
        page.fill("#code", pyotp.TOTP(key).now())
        page.keyboard.press("Enter")


@needs_axe
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_a_question_to_a_withdrawn_answer_and_back(
    visit: Visits, accounts: Database, tmp_path: Path, size: tuple[int, int]
) -> None:
    found: dict[str, list[str]] = {}
    tester, reviewer, person = visit(size), visit(size), visit(size)
    invited(accounts, "admin")  # without one there is no console
    enrol(tester, accounts, "tester")
    key = enrol(reviewer, accounts, "reviewer")

    def look(name: str, made: Visit = tester) -> None:
        found[name] = [*violations(made.page), *([] if fits(made.page) else ["sticks out"])]

    page = tester.page
    tester.open("/console/ask")
    look("ask")
    ask(page, URDU, area="Birmingham", status="refugee")
    for summary in page.locator("details.by-hand > summary").all():
        summary.click()
    expect(page.locator("article[lang=ur][dir=rtl]").first).to_be_visible()
    expect(page.locator("dd code").first).to_have_text("eviction_notice")
    look("answer")
    page.get_by_role("button", name="Unsafe: withdraw it now").click()
    expect(page.locator(".done")).to_contain_text("withdrawn")
    flag = page.url.partition("?")[0]
    look("flag")

    person.open("/en/eviction_notice")
    expect(person.page.locator(".note").first).to_contain_text("being checked")
    expect(person.page.locator(".steps")).to_have_count(0)

    page.fill("#question", CASE)
    page.select_option("#topic", "pests")
    page.get_by_role("button", name="Propose a test").click()
    expect(page.get_by_text("Waits for approval")).to_be_visible()
    other = reviewer.page
    other.goto(flag)
    expect(other.get_by_role("button", name="Approve")).to_be_visible()
    look("test to approve", reviewer)
    other.get_by_role("button", name="Refuse").click()  # approving would write into this tree
    expect(other.locator(".done")).to_contain_text("refused")

    other.goto(flag)
    other.get_by_role("link", name="Give the answer back").click()
    confirm(other, key)
    look("give back", reviewer)
    other.fill("#reason", "checked again")
    other.get_by_role("button", name="Give the answer back").click()
    expect(other.locator(".done")).to_contain_text("given again")
    look("flags", reviewer)
    person.open("/en/eviction_notice")
    expect(person.page.locator(".steps").first).to_be_visible()

    tester.open("/console/compare?topic=repairs&language=ur&language=pl")
    look("compare answers")
    page.fill(
        "#lines", f"ur: {URDU}\nen: My landlord gave me a notice to leave, what can I do?\npl: Kiedy wywożą śmieci?"
    )
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("tr.odd")).to_have_count(1)
    look("compare questions")

    tester.open("/console/batch")
    look("batches")
    page.set_input_files("#file", batch_file(tmp_path / "ur.csv"))
    page.get_by_role("button", name="Start").click()
    look("batch at work")
    expect(page.get_by_role("link", name="Download the result as CSV")).to_be_visible(timeout=PATIENCE)
    look("batch done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the result as CSV").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) >= ROWS
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
