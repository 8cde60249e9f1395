"""Whole errands on the bench in a browser, by mouse and by keyboard: translations, figures, switches, batch, tests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.console.batch_file import write_csv
from bot.console.permissions import ADMIN, EDITOR, REVIEWER, TESTER, TRANSLATOR, VIEWER
from bot.core.database import Database
from bot.core.paths import EVALUATION
from tests.browser import console as bench
from tests.browser.conftest import DESKTOP, PHONE, Server, Visit
from tests.browser.server import CASES
from tests.browser.test_console import accounts, fits

__all__ = ["accounts"]  # a fixture

Visits = Callable[..., Visit]
PATIENCE = 90_000.0  # ms
FEW, MANY = 300, 2_000  # rows
WORDS = "Wybierz swój język tutaj"
CASE = "Od tygodnia po kuchni biegają myszy i boję się o dzieci"


@pytest.fixture(autouse=True)
def _open(accounts: Database) -> None:
    """Without an administrator there is no console."""
    bench.colleague(accounts, ADMIN, "Bob Root")


def tab_to(page: Page, name: str, role: str = "link") -> None:
    """Press Tab until the focus is on what has this name."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    expect(wanted).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{name!r} is not reached by Tab")


def batch_file(path: Path, rows: int) -> Path:
    """Write messages to measure on, of all languages, over and over, as a batch file."""
    messages = [
        json.loads(line)
        for file in sorted((EVALUATION / "dev").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()[:40]
    ]
    lines = [
        (n, one["lang"], one["text"], one["topic"])
        for n, one in ((n, messages[n % len(messages)]) for n in range(rows))
    ]
    path.write_bytes(write_csv(("id", "language", "text", "expected_topic"), lines))
    return path


def send_batch(page: Page, file: Path) -> None:
    """Choose a file and start."""
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Start").click()
    expect(page.locator("main [role=status]")).to_contain_text("rows")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_translation_is_written_by_keyboard_and_approved_by_a_colleague(
    visit: Visits, accounts: Database, size: tuple[int, int]
) -> None:
    translator, reviewer = visit(size, javascript=False), visit(size)
    bench.signed_in(translator, accounts, TRANSLATOR)
    bench.signed_in(reviewer, accounts, REVIEWER, name="Chi Nguyễn")
    words = f"{WORDS}, {'na telefonie' if size == PHONE else 'na komputerze'}"

    page = translator.open("/console/translations")
    expect(page.get_by_role("link", name="Urdu", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Somali", exact=True)).to_have_count(0)
    tab_to(page, "Polish")
    page.keyboard.press("Enter")
    page.get_by_label("With these words").focus()
    page.keyboard.type("Choose your language")
    page.keyboard.press("Enter")
    tab_to(page, "ui.picker.title")
    page.keyboard.press("Enter")
    page.get_by_label("Translation", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
    tab_to(page, "Send for approval", "button")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Somebody else approves it")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    other = reviewer.open("/console/translations/pl?state=proposed")
    other.get_by_role("link", name="ui.picker.title").click()
    other.get_by_role("article").filter(has_text=words).get_by_role("button", name="Approve").click()
    expect(other.locator(".done")).to_contain_text("is approved")
    expect(other.get_by_role("table")).to_contain_text("Chi Nguyễn")
    assert fits(other)
    other.goto(f"{reviewer.server.url}/console/translations/pl?state=approved")
    with other.expect_download() as download:
        other.get_by_role("link", name="Approved texts only").click()
    assert f'msgstr "{words}"' in download.value.path().read_text(encoding="utf-8")


def test_figures_are_read_without_a_small_number(visit: Visits, accounts: Database) -> None:
    period = bench.asked_last_quarter(accounts)
    made = visit(PHONE)
    bench.signed_in(made, accounts, VIEWER)
    page = made.open("/console/insight")
    page.select_option("#rows", "topic")
    page.select_option("#columns", "area")
    page.select_option("#period", period)
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table").first
    expect(table).to_contain_text("Leeds")
    cells = [cell.strip() for cell in table.locator("td.number").all_inner_texts()]
    assert "fewer than 10" in cells
    assert "hidden" in cells
    assert [cell for cell in cells if cell.isdecimal() and int(cell) < 10] == []
    region = page.get_by_role("region").first
    region.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    for _ in range(50):  # what does not fit is scrolled to by keyboard
        if region.evaluate("one => one.scrollLeft") > 0:
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("the table does not scroll")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this table (CSV)").click()
    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    numbers = re.findall(r"(?<=,)\d+(?=,|$)", "\n".join(rows))
    assert numbers
    assert min(map(int, numbers)) >= 10
    page.get_by_role("link", name="Need map by council").click()
    expect(page.get_by_role("row").filter(has_text="Leeds")).to_contain_text("Damp")


def test_freshness_leads_a_host_to_what_is_past_its_day(visit: Visits, accounts: Database) -> None:
    made = visit(DESKTOP)
    bench.signed_in(made, accounts, VIEWER)
    page = made.open("/console/")
    tab_to(page, "Freshness")
    page.keyboard.press("Enter")
    kinds = page.get_by_role("table").first.get_by_role("rowheader")
    expect(kinds).to_have_count(6)
    links = kinds.get_by_role("link")
    if not links.count():  # the files of this version are fresh
        expect(page.get_by_text("Nothing is past its review")).to_be_visible()
        return
    name = links.first.inner_text()
    links.first.click()
    expect(page.get_by_role("heading", level=2).filter(has_text=name)).to_be_visible()


def test_a_topic_is_paused_by_keyboard_and_people_get_contacts_until_it_goes_on(
    visit: Visits, accounts: Database
) -> None:
    made, person = visit(PHONE, javascript=False), visit(PHONE)
    bench.signed_in(made, accounts, ADMIN)
    page = made.open("/console/operations")
    page.select_option("#topic", "noise")
    page.locator("#reason-topic").focus()
    page.keyboard.type("the number is wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("The topic has a pause")
    person.open("/pl/noise")
    expect(person.page.locator(".steps")).to_have_count(0)
    card = page.get_by_role("listitem").filter(has_text="the number is wrong")
    card.get_by_label("Reason").focus()
    page.keyboard.type("mended")
    tab_to(page, "End the pause", "button")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("The pause is over")
    person.open("/pl/noise")
    expect(person.page.locator(".steps").first).to_be_visible()
    page.get_by_role("link", name="Audit list: what was done").click()
    expect(page.get_by_role("row").filter(has_text="topic:noise")).to_have_count(2)


def test_what_people_read_in_a_pause_is_written_and_an_editor_only_looks(visit: Visits, accounts: Database) -> None:
    made, other = visit(DESKTOP), visit(PHONE)
    bench.signed_in(made, accounts, ADMIN)
    page = made.open("/console/operations")
    page.get_by_label("In Polish").fill("Wracamy w poniedziałek.")
    page.get_by_role("button", name="Save the texts").click()
    expect(page.locator(".done")).to_contain_text("saved")
    bench.signed_in(other, accounts, EDITOR)
    look = other.open("/console/operations")
    expect(look.get_by_text("Wracamy w poniedziałek.")).to_have_attribute("lang", "pl")
    expect(look.get_by_role("button", name="Pause a topic")).to_have_count(0)
    page.get_by_label("In Polish").fill("")
    page.get_by_role("button", name="Save the texts").click()
    expect(page.get_by_label("In Polish")).to_have_value("")


def test_a_batch_shows_its_progress_and_is_compared_with_the_run_before(
    visit: Visits, accounts: Database, tmp_path: Path
) -> None:
    made = visit(DESKTOP)
    bench.signed_in(made, accounts, TESTER)
    page = made.open("/console/batch")
    file = batch_file(tmp_path / "all.csv", FEW)
    send_batch(page, file)
    result = page.get_by_role("link", name="Download the result as CSV")
    seen = set()
    for _ in range(400):
        told = page.context.request.get(page.url).text()  # beside the page, which looks again by itself
        seen.add(int(told.partition(f'<progress id="progress" max="{FEW}" value="')[2].partition('"')[0]))
        if "/result" in told:
            break
        page.wait_for_timeout(100)
    expect(result).to_be_visible(timeout=PATIENCE)
    assert len(seen) >= 2, seen  # how far it was, more than once
    expect(page.locator("main [role=status]")).to_have_text(f"Done: {FEW} of {FEW} rows")
    expect(page.get_by_role("table").first).to_contain_text("Bengali")
    page.get_by_role("link", name="To the batch tests").click()
    send_batch(page, file)
    expect(result).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("0 better, 0 worse, 0 otherwise different.")).to_be_visible()


def test_a_batch_is_stopped_by_keyboard_and_keeps_what_was_understood(
    visit: Visits, accounts: Database, tmp_path: Path
) -> None:
    made = visit(PHONE, javascript=False)
    bench.signed_in(made, accounts, TESTER)
    page = made.open("/console/batch")
    send_batch(page, batch_file(tmp_path / "many.csv", MANY))
    page.get_by_role("link", name="Stop that").click()  # no reload under the fingers
    tab_to(page, "Stop the run", "button")
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status]").last).to_contain_text("Stopped: ")
    done = int(page.locator("progress").get_attribute("value") or "")
    assert done < MANY
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the result as CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) >= MANY + 1
    page.get_by_role("button", name="Delete the run").click()
    expect(page.locator(".done")).to_contain_text("deleted")


def test_a_test_is_approved_by_a_second_person_and_written_down(
    visit: Visits, accounts: Database, server: Server
) -> None:
    proposer, reviewer = visit(DESKTOP), visit(PHONE, javascript=False)
    bench.signed_in(proposer, accounts, REVIEWER)
    bench.signed_in(reviewer, accounts, REVIEWER, name="Chi Nguyễn")
    page = proposer.open(f"/console/flags/{bench.flag_with_case(accounts)}")
    page.fill("#question", f"{CASE}, zadzwoń do mnie 07700 900123")
    page.select_option("#language", "pl")
    page.select_option("#topic", "pests")
    page.get_by_role("button", name="Propose a test").click()
    card = page.get_by_role("region", name="Test 2")
    expect(card).not_to_contain_text("900123")
    expect(card.get_by_text("somebody else must decide")).to_be_visible()
    expect(card.get_by_role("button")).to_have_count(0)

    other = reviewer.page
    other.goto(page.url.partition("?")[0])
    button = other.get_by_role("region", name="Test 2").get_by_role("button", name="Approve")
    button.focus()
    other.keyboard.press("Enter")
    expect(other.locator(".done")).to_contain_text("written into the tree")
    written = (server.database.parent / CASES / "pl.jsonl").read_text(encoding="utf-8")
    assert CASE in written
    assert "900123" not in written
    assert json.loads(written.splitlines()[-1])["topic"] == "pests"
