"""Every page of the console by every role: who may is let in, who may not is refused. New pages are walked too."""

from __future__ import annotations

import re

import pytest
from aiohttp.web_urldispatcher import PrefixedSubAppResource
from sqlalchemy import update

from bot.console.permissions import PERMISSIONS, ROLES
from bot.console.sessions import CODE, ENROL, FULL, sessions
from bot.web.console.page import PREFIX, Page
from bot.web.console.routes import PAGES
from bot.web.console.templates import FOLDER
from tests.contract.conftest import Client
from tests.contract.console import SQLITE, Bench, Clock, Visitor, hidden, open_bench

SAMPLES = {
    "id": "0" * 32,
    "token": "A" * 43,
    "topic": "repairs",
    "language": "en",
    "key": "ui.picker.title",
}  # what stands for the parameters of an address
PARAMETER = re.compile(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}")
ON_THE_WAY = (f"{PREFIX}/sign-in", f"{PREFIX}/step-up", f"{PREFIX}/code", f"{PREFIX}/authenticator")


@pytest.fixture
def bench_url() -> str:
    """What is walked here asks nothing special of the database: one kind is enough."""
    return SQLITE


def address(page: Page) -> str:
    """Return an address that a page answers."""
    return PREFIX + PARAMETER.sub(lambda found: SAMPLES[found[1]], page.path)


def names(page: Page) -> str:
    return f"{page.method} {page.path}"


async def ask(visitor: Visitor, page: Page) -> tuple[int, str]:
    """Send a request with a good token; return status and where it leads."""
    if page.method == "GET":
        response = await visitor.get(address(page))
    else:
        response = await visitor.post(address(page), {"csrf": await token_of(visitor)})
    return response.status, response.headers.get("Location", "").partition("?")[0]


def set_stage(bench: Bench, stage: str) -> None:
    """Take all sessions back to half a sign-in."""
    bench.database.run_now(lambda connection: connection.execute(update(sessions).values(stage=stage)))


def role_for(page: Page) -> str:
    """Return a role that may open a page, an administrator where they may."""
    return min(PERMISSIONS[str(page.action)], key=lambda role: (role != "admin", role))


async def token_of(visitor: Visitor) -> str:
    """Return the form token of a visitor."""
    path = f"{PREFIX}/account" if visitor.user else f"{PREFIX}/sign-in"
    return hidden(await visitor.text(path))["csrf"]


@pytest.mark.parametrize("page", PAGES, ids=names)
@pytest.mark.parametrize("role", ROLES)
async def test_a_role_opens_what_the_table_allows_and_nothing_else(bench: Bench, role: str, page: Page) -> None:
    status, target = await ask(bench.signed_in(role), page)
    if page.action is None or (role in PERMISSIONS[page.action] and FULL in page.stages):
        assert status not in (401, 403, 405, 500), status
        assert target not in (ON_THE_WAY if page.action and page.path != "/sign-out" else ()) or page.path == "/step-up"
    elif role in PERMISSIONS[page.action]:
        assert (status, target) == (303, f"{PREFIX}/")
    else:
        assert status == 403


@pytest.mark.parametrize("page", [page for page in PAGES if page.action], ids=names)
async def test_nobody_gets_in_without_signing_in(bench: Bench, page: Page) -> None:
    assert await ask(bench.visitor(), page) == (303, f"{PREFIX}/sign-in")


@pytest.mark.parametrize("page", [page for page in PAGES if page.action], ids=names)
@pytest.mark.parametrize("stage", [CODE, ENROL])
async def test_half_a_sign_in_opens_only_its_other_half(bench: Bench, stage: str, page: Page) -> None:
    visitor = bench.signed_in("admin")
    token = await token_of(visitor)
    set_stage(bench, stage)
    response = (
        await visitor.get(address(page)) if page.method == "GET" else await visitor.post(address(page), {"csrf": token})
    )
    if stage not in page.stages:
        assert response.status == 303
        assert response.headers["Location"] in ON_THE_WAY


@pytest.mark.parametrize("page", [page for page in PAGES if page.step_up], ids=names)
async def test_dangerous_pages_want_a_fresh_code(bench: Bench, page: Page) -> None:
    assert await ask(bench.signed_in(role_for(page), stepped_up=False), page) == (303, f"{PREFIX}/step-up")


@pytest.mark.parametrize("page", [page for page in PAGES if page.method == "POST"], ids=names)
@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {"Origin": "own"}),
        ("0" * 64, {"Origin": "own"}),
        ("é", {"Origin": "own"}),
        ("good", {"Origin": "https://evil.example"}),
        ("good", {"Origin": "null"}),
        ("good", {"Sec-Fetch-Site": "cross-site"}),
        ("good", {}),
    ],
)
async def test_a_form_from_elsewhere_does_nothing(
    bench: Bench, page: Page, token: str, headers: dict[str, str]
) -> None:
    visitor = bench.signed_in(role_for(page)) if page.action else bench.visitor()
    good = await token_of(visitor)
    if page.stages == (CODE,):
        set_stage(bench, CODE)
    sent = {name: bench.origin if value == "own" else value for name, value in headers.items()}
    response = await visitor.post(address(page), {"csrf": good if token == "good" else token}, headers=sent)
    assert response.status == 403


@pytest.mark.parametrize("page", PAGES, ids=names)
async def test_there_is_nothing_before_there_is_an_administrator(clock: Clock, page: Page) -> None:
    async with open_bench(clock) as empty:
        empty.account("editor")
        visitor = empty.visitor()
        response = await (visitor.get(address(page)) if page.method == "GET" else visitor.post(address(page), {}))
        assert response.status == 404
        assert "console" not in await response.text()
        if page.method == "GET":
            other = await visitor.get("/nothing-at-all")
            ignored = ("Date", "Content-Length")
            assert [one for one in response.headers.items() if one[0] not in ignored] == [
                one for one in other.headers.items() if one[0] not in ignored
            ]
            assert (await visitor.get("/console")).status == 404


async def test_the_router_has_no_way_in_beside_the_pages(bench: Bench) -> None:
    (console,) = [one for one in bench.server.app.router.resources() if isinstance(one, PrefixedSubAppResource)]
    routes = {(route.method, str(route.resource and route.resource.canonical)) for route in console}
    declared = {(page.method, PREFIX + PARAMETER.sub(r"{\1}", page.path)) for page in PAGES}
    assert routes == declared | {("GET", PREFIX), ("HEAD", PREFIX)}  # the address without its slash


async def test_the_whole_service_has_nothing_else_under_that_address(client: Client) -> None:
    inside = [one for one in client.server.app.router.resources() if one.canonical.startswith(PREFIX)]
    assert [type(one) for one in inside] == [PrefixedSubAppResource]


def test_every_page_names_an_action_of_the_table_and_a_template_that_is_there() -> None:
    assert {page.action for page in PAGES if page.action} <= set(PERMISSIONS)
    addresses = [(page.method, page.path) for page in PAGES]
    assert len(addresses) == len(set(addresses))
    assert [page.template for page in PAGES if page.template and not (FOLDER / page.template).is_file()] == []


def test_nobody_may_everything() -> None:
    for role in ROLES:
        assert any(role not in allowed for allowed in PERMISSIONS.values()), role
