"""The pages of places: the list, its search, one place; in every language, without a browser and without a model."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.core.database import Database
from bot.core.errors import ConfigError
from bot.core.settings import load_settings
from bot.directory.hours import coming_days
from bot.directory.models import Schedule
from bot.directory.opening import open_directory
from bot.directory.seed import seed_id
from bot.i18n.locales import Locale
from bot.web.api.oruk import setup_directory
from bot.web.keys import DATABASE, SETTINGS
from bot.web.pages.routes import add_page_routes
from bot.web.pages.templates import setup_templates
from tests.unit.directory.examples import full_service, make_service

Client = TestClient[web.Request, web.Application]
MAP = "https://map.example/?to={latitude},{longitude}"
MONDAY = dt.date(2026, 11, 23)


@pytest.fixture
def database() -> AsyncIterator[Database]:
    opened = Database("sqlite://")
    yield opened
    opened.close()


async def opened_client(database: Database, **settings: object) -> Client:
    app = web.Application()
    app[SETTINGS] = load_settings({}, public_url="https://help.example/", **settings)
    app[DATABASE] = database
    store = open_directory(database)
    database.run_now(lambda connection: store.put(connection, "feed", [full_service()]))
    setup_directory(app, store)
    setup_templates(app)
    add_page_routes(app)
    client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def client(database: Database) -> AsyncIterator[Client]:
    opened = await opened_client(database)
    yield opened
    await opened.close()


async def page(client: Client, address: str, status: int = 200) -> str:
    response = await client.get(address)
    assert response.status == status, address
    return await response.text()


async def test_list_and_one_place_in_every_language(client: Client, each_locale: Locale) -> None:
    tag = each_locale.tag
    listed = await page(client, f"/{tag}/services?place=Leeds&topic=homeless_tonight")
    links = re.findall(rf'href="(/{tag}/services/[^"]+)"', listed)
    assert 3 <= len(links) <= 10
    one = await page(client, links[0])
    for html in (listed, one):
        assert f'<html lang="{tag}" dir="{each_locale.direction}">' in html
        assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*(?:src=|application/))", html)
        assert not re.search(r"\{\w+\}", re.sub(r"<script.*?</script>", "", html, flags=re.S))
    assert f'hreflang="pl" href="https://help.example/pl{links[0].removeprefix("/" + tag).partition("?")[0]}"' in one


async def test_every_place_is_reached_by_going_on(client: Client) -> None:
    address: str | None = "/en/services"
    seen: list[str] = []
    while address:
        html = await page(client, address)
        seen += re.findall(r'class="more" href="/en/services/([^"?]+)', html)
        more = re.search(r'href="(\?[^"]*)" rel="next"', html)
        address = f"/en/services{more[1]}".replace("&amp;", "&") if more else None
    assert len(seen) == len(set(seen))
    database, store = client.app[DATABASE], open_directory(client.app[DATABASE])
    assert len(seen) >= database.run_now(store.count) - 5  # twins of one place are shown once


async def test_words_of_a_language_find_places(client: Client) -> None:
    html = await page(client, "/pl/services?q=jedzenie")
    assert f"/pl/services/{seed_id('red_cross')}" in html or "Trussell" in html


async def test_place_that_means_several_councils_is_asked_back(client: Client) -> None:
    html = await page(client, "/en/services?place=SE15&q=food")
    assert len(re.findall(r'href="\?[^"]*place=(E\d{8})', html)) == 2
    assert 'value="Southwark"' in await page(client, "/en/services?place=E09000028")
    assert "London has more than one council" in await page(client, "/en/services?place=London")
    assert "I do not know this place" in await page(client, "/en/services?place=zzqq")
    assert "not part of the UK" in await page(client, "/en/services?place=Jersey")


async def test_page_of_a_place(client: Client) -> None:
    service = full_service()
    html = await page(client, f"/ar/services/{service.id}")
    structured = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
    assert structured["name"] == service.name
    assert structured["url"] == f"https://help.example/ar/services/{service.id}"
    assert re.search(r'<html lang="ar" dir="rtl">', html)
    assert "<iframe" not in html
    assert "map.example" not in html  # no such link before the operator names a site


async def test_directions_only_where_the_operator_names_a_site(database: Database) -> None:
    client = await opened_client(database, directions_url=MAP)
    html = await page(client, f"/en/services/{full_service().id}")
    location = full_service().service_at_locations[0].location
    assert f"https://map.example/?to={location.latitude:.5f},{location.longitude:.5f}" in html
    await client.close()


@pytest.mark.parametrize(
    "url", ["http://map.example/{latitude},{longitude}", "https://map.example/", 'https://x/"{latitude}{longitude}']
)
def test_address_of_directions_is_checked(url: str) -> None:
    with pytest.raises(ConfigError):
        load_settings({}, directions_url=url)


@pytest.mark.parametrize("address", ["/xx/services", "/xx/services/1", "/en/services/nothing", "/en/services/a%2fb"])
async def test_unknown_places_lead_on(client: Client, address: str) -> None:
    assert "/chat" in await page(client, address, 404)


@pytest.mark.parametrize(
    "query", ["page=x", "page=-1", "page=999", "topic=nothing", "q=%00", "place=%00", "q=" + "x" * 500]
)
async def test_odd_questions_are_answered(client: Client, query: str) -> None:
    await page(client, f"/en/services?{query}")


async def test_hostile_words_stay_words(client: Client) -> None:
    html = await page(client, '/en/services?q="><script>alert(1)</script>&place=<img src=x onerror=alert(1)>')
    assert "<script>alert" not in html
    assert "<img" not in html


async def test_why_is_told_to_whom_searched(client: Client) -> None:
    address = f"/en/services/{seed_id('shelter')}"
    assert "Shown because" not in await page(client, address)
    assert "Shown because: it helps with this" in await page(client, f"{address}?topic=homeless_tonight")


def test_days_without_hours_are_left_out_not_called_closed() -> None:
    rows = (
        Schedule("1", freq="WEEKLY", byday="MO,WE", opens_at="09:00", closes_at="12:00"),
        Schedule("2", freq="WEEKLY", byday="MO", opens_at="13:00", closes_at="17:00"),
    )
    service = dataclasses.replace(make_service(), schedules=rows, service_at_locations=())
    days = coming_days(service, MONDAY)
    assert [(day.day.isoformat(), [f"{a:%H:%M}-{b:%H:%M}" for a, b in day.spans]) for day in days] == [
        ("2026-11-23", ["09:00-12:00", "13:00-17:00"]),
        ("2026-11-25", ["09:00-12:00"]),
    ]
    assert [day.is_doubtful for day in coming_days(service, dt.date(2026, 12, 28))][:1] == [True]  # a bank holiday


async def test_name_of_a_place_is_one_link_even_with_a_number_in_it(client: Client) -> None:
    html = await page(client, "/pl/services?q=NHS+111")
    names = re.findall(r'<a class="more"[^>]*>(.*?)</a>', html)
    assert any("111" in name for name in names)
    assert not [name for name in names if "<a" in name]
