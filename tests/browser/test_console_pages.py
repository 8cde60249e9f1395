"""Every page of the bench with something on it: axe at both widths, nothing sticks out, prints without its buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.console.permissions import ADMIN, REVIEWER
from bot.console.sessions import CODE, ENROL
from bot.core.database import Database
from bot.web.console.page import PREFIX
from bot.web.console.routes import PAGES
from tests.browser import console as bench
from tests.browser.conftest import DESKTOP, PHONE, Server, Visit
from tests.browser.test_accessibility import needs_axe, violations
from tests.browser.test_console import accounts, fits

__all__ = ["accounts"]  # a fixture

Visits = Callable[..., Visit]


@pytest.fixture(scope="module")
def in_use(server: Server) -> Iterator[dict[str, str]]:
    """A bench with counts, a flag, a test that waits, a proposal; what stands for the parameters of addresses."""
    database = Database(f"sqlite:///{server.database}")
    admin = bench.colleague(database, ADMIN, "Bob Root")
    bench.proposed_translation(database, "ur", "مالک مکان کو مرمت کرنی ہے۔")
    bench.switched_off(database)
    yield {
        "period": bench.asked_last_quarter(database),
        "id_flags": bench.flag_with_case(database),
        "id_users": admin.id,
        "topic": bench.WITHDRAWN,
        "language": "ur",
        "key": bench.KEY,
        "token": bench.invitation(database).rpartition("/")[2],
    }
    bench.switched_on(database)
    database.close()


@needs_axe
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_violations_on_any_page_in_use(
    visit: Visits, accounts: Database, in_use: dict[str, str], size: tuple[int, int]
) -> None:
    found: dict[str, list[str]] = {}
    seen: set[str] = set()

    def look(made: Visit, path: str) -> None:
        status = made.page.goto(made.server.url + path)
        assert status
        made.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        sound = status.status == 200 and made.page.url.partition("?")[0].endswith(path.partition("?")[0])
        problems = [*violations(made.page), *([] if fits(made.page) else ["sticks out"])]
        found[path] = [*problems, *([] if sound else [f"{status.status} {made.page.url}"])]

    for role in (REVIEWER, ADMIN):
        made = visit(size)
        user = bench.signed_in(made, accounts, role)
        bench.finished_batch(accounts, user.id, minutes_ago=9, wrong="repairs")
        values = {**in_use, "id_batch": bench.finished_batch(accounts, user.id)}
        for page in bench.pages_of(role):
            if page.path not in seen and page.stages != (CODE,):
                seen.add(page.path)
                look(made, bench.address(page, **values) + f"?period={in_use['period']}")
    halfway = visit(size)
    for stage, path in ((CODE, "/code"), (ENROL, "/authenticator")):
        bench.signed_in(halfway, accounts, ADMIN, stage=stage)
        look(halfway, PREFIX + path)
        seen.add(path)
    stranger = visit(size)
    for page in PAGES:
        if page.method == "GET" and page.template and not page.action:
            seen.add(page.path)
            look(stranger, bench.address(page, **in_use))
    assert seen == {page.path for page in PAGES if page.method == "GET" and page.template}
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_the_need_map_on_paper_is_the_table_and_how_to_read_it(
    visit: Visits, accounts: Database, in_use: dict[str, str]
) -> None:
    made = visit(DESKTOP)
    bench.signed_in(made, accounts, REVIEWER)
    page = made.open(f"/console/needs?period={in_use['period']}")
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    for words in ("Need map", "Leeds", "How to read this", "fewer than 10"):
        assert words in shown
    for words in ("Sign out", "Menu", "Download", "Help with this page", "Only quarters that have ended"):
        assert words not in shown
    assert page.locator(".figure-size").first.is_visible()
    assert not page.locator("button:visible").count()
