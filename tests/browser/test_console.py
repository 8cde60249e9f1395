"""The adviser's bench in a browser: signing in with an authenticator, every page by axe, by keyboard, no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.engine import Connection

from bot.console.users import User, create_user, invite
from bot.core.clock import timestamp
from bot.core.database import Database
from tests.browser.conftest import DESKTOP, PHONE, Server, Visit
from tests.browser.test_accessibility import needs_axe, violations

Visits = Callable[..., Visit]
PASSWORD = "tulip engine marble 9"
PAGES = ("/console/", "/console/users", "/console/audit", "/console/account", "/console/password", "/console/nothing")


@pytest.fixture
def accounts(server: Server) -> Iterator[Database]:
    """The database of the running service."""
    opened = Database(f"sqlite:///{server.database}")
    yield opened
    opened.close()


def invited(accounts: Database, role: str) -> tuple[User, str]:
    """Return a new account and the path of its invitation."""
    now = timestamp()

    def work(connection: Connection) -> tuple[User, str]:
        user = create_user(connection, name="Amina Yusuf", email=f"{role}{now}@example.org", role=role, now=now)
        return user, f"/console/invitation/{invite(connection, user.id, now)}"

    return accounts.run_now(work)


def enrol(made: Visit, accounts: Database, role: str = "admin", look: Callable[[str], None] = lambda name: None) -> str:
    """Walk from the invitation to the first page; return the key of the authenticator."""
    user, path = invited(accounts, role)
    page = made.open(path)
    look("invitation")
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".qr")).to_be_visible()
    page.locator(".by-hand > summary").click()
    look("authenticator")
    key = page.locator(".by-hand code").inner_text().replace(" ", "")
    page.fill("#code", pyotp.TOTP(key).now())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"Hello, {user.name}")
    return key


def fits(page: Page) -> bool:
    """Whether nothing sticks out of the page at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@needs_axe
@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")],
    ids=["phone", "phone-dark", "desktop", "desktop-dark"],
)
def test_no_violations_on_any_page(visit: Visits, accounts: Database, size: tuple[int, int], scheme: str) -> None:
    made = visit(size, color_scheme=scheme)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = [*violations(made.page), *([] if fits(made.page) else ["sticks out"])]

    enrol(made, accounts, look=look)
    other, _ = invited(accounts, "tester")
    for path in (*PAGES, f"/console/users/{other.id}"):
        made.open(path)
        look(path)
    page = made.open("/console/step-up")
    look("step-up")
    page.fill("#code", "000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look("wrong code")
    page = made.open("/console/users")
    page.fill("#name", "Chi")
    page.fill("#email", f"chi{timestamp()}@example.org")
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator("#link")).to_have_value(re.compile(f"^{made.server.url}/console/invitation/"))
    look("link")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_be_visible()
    look("signed out")
    page.fill("#email", "nobody@example.org")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look("wrong sign-in")
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_signing_in_by_keyboard_without_scripts(visit: Visits, accounts: Database) -> None:
    made = visit(PHONE, javascript=False)
    enrol(made, accounts, "tester")
    page = made.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".menu a").first).to_be_focused()
    expect(page.locator(".menu a").first).to_have_attribute("aria-current", "page")
    made.open("/console/users")
    expect(page.get_by_role("alert")).to_contain_text("Your role does not allow this.")


def test_the_browser_takes_our_cookie_and_sends_our_origin(visit: Visits, accounts: Database) -> None:
    made = visit(DESKTOP)
    enrol(made, accounts)
    cookie = next(one for one in made.page.context.cookies() if one["name"] == "doorway-console")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    made.page.get_by_role("button", name="Sign out").click()
    expect(made.page).to_have_url(f"{made.server.url}/console/sign-in?done=signed_out")
