"""The pages without a browser and without a model: texts, links, search, addresses."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.load import load_answers
from bot.answers.withdrawn import Withdrawn
from bot.core.errors import ConfigError
from bot.core.settings import load_settings
from bot.directory.seed import seed_id
from bot.i18n.locales import Locale, load_locales
from bot.web.keys import SETTINGS, WITHDRAWN
from bot.web.pages.chat import with_questions
from bot.web.pages.rich import host_of, rich, safe_url
from bot.web.pages.routes import add_page_routes
from bot.web.pages.search import find, fold
from bot.web.pages.site import BRAND, SAFE_PLACE
from bot.web.pages.templates import script_json, setup_templates
from bot.web.qr import qr_file

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """The pages alone, under a public address."""
    async with pages(public_url="https://help.example/", operator="Example Council") as opened:
        yield opened


@asynccontextmanager
async def pages(**settings: str) -> AsyncIterator[Client]:
    app = web.Application()
    app[SETTINGS] = load_settings({}, **settings)
    app[WITHDRAWN] = Withdrawn()
    setup_templates(app)
    add_page_routes(app)
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("In danger, call 999.", ["999"]),
        ("Call Shelter on 0808 800 4444 or 101", ["0808 800 4444", "101"]),
        ("اتصل بـ ⁦0808 2000 247⁩.", ["0808 2000 247"]),
        ("It costs £999, or 0.999, or 1999, or 999%", []),
        ("within 28 days of 1 May 2026", []),
    ],
)
def test_phone_numbers_become_links(text: str, numbers: list[str]) -> None:
    html = str(rich(text))
    assert re.findall(r'href="tel:(\d+)"', html) == [number.replace(" ", "") for number in numbers]
    assert re.findall(r'<bdi dir="ltr">([^<]+)</bdi>', html) == numbers


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)>", "javascript:alert(1)", "evil.example/gov.uk", "me@nhs.uk", "xgov.uk.evil.example"],
)
def test_nothing_else_becomes_a_link(text: str) -> None:
    html = str(rich(text))
    assert "<a" not in html
    assert "<img" not in html


def test_official_addresses_become_links() -> None:
    assert 'href="https://gov.uk/find-local-council"' in str(rich("See gov.uk/find-local-council."))
    assert str(rich("See www.nhs.uk.")).endswith("</a>.")


def test_only_web_addresses_are_linked() -> None:
    assert safe_url("javascript:alert(1)") == ""
    assert safe_url("https://www.gov.uk/x") != ""
    assert host_of("https://www.gov.uk/x") == "gov.uk"


def test_data_block_cannot_be_ended() -> None:
    text = str(script_json({"a": "</script><!--\u2028"}))
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!--\u2028"}


def test_search_forgives_marks_and_finds_in_english_too() -> None:
    assert fold("Łódź ŻÓŁĆ") == "lodz zolc"
    assert fold("إيجار") == fold("ايجار")
    assert find("pl", "wilgoc")[0].topic == "repairs"
    assert find("ar", "mould")[0].topic == "repairs"
    assert find("en", "  ") == []
    assert find("en", "zzzzzz") == []


def test_words_are_shown_once_for_several_answers() -> None:
    first = {"number": 1, "asked": "hello", "client_msg_id": "a"}
    second = {"number": 2, "asked": "hello", "client_msg_id": "a"}
    third = {"number": 3, "asked": "hello", "client_msg_id": "b"}
    chosen = {"number": 4, "asked": "", "client_msg_id": "c", "title": {"text": "Damp", "english": "Damp"}}
    asked = [words for words, _ in with_questions((first, second, third, chosen))]
    assert asked == ["hello", "", "hello", "Damp"]


async def test_every_page_of_a_language(client: Client, each_locale: Locale) -> None:
    tag = each_locale.tag
    for path in ("", "chat", "privacy", "accessibility", *load_answers()):
        response = await client.get(f"/{tag}/{path}")
        html = await response.text()
        assert response.status == 200, path
        assert f'<html lang="{tag}" dir="{each_locale.direction}">' in html
        assert f'<link rel="canonical" href="https://help.example/{tag}/{path}">' in html
        assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*(?:src=|application/))", html), path
        assert not re.search(r"\{\w+\}", re.sub(r"<script.*?</script>", "", html, flags=re.S)), path


async def test_answer_page(client: Client) -> None:
    html = await (await client.get("/ar/homeless_tonight")).text()
    structured = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
    assert structured["mainEntity"][0]["acceptedAnswer"]["text"]
    assert 'href="tel:08088004444"' in html
    assert "<svg" in html
    assert "qr" in html
    for locale in load_locales():
        assert f'hreflang="{locale.tag}" href="https://help.example/{locale.tag}/homeless_tonight"' in html


@pytest.mark.parametrize("path", ["/xx/", "/en/nothing", "/xx/homeless_tonight", "/a/b/c", "/en/chat/x"])
async def test_unknown_addresses_lead_on(client: Client, path: str) -> None:
    response = await client.get(path, headers={"Accept-Language": "so"})
    assert response.status == 404
    tag = "en" if path.startswith("/en") else "so"
    assert f'href="/{tag}/chat"' in await response.text()


async def test_root_goes_to_the_best_language(client: Client) -> None:
    response = await client.get("/", headers={"Accept-Language": "de, ar;q=0.8"}, allow_redirects=False)
    assert response.status == 302
    assert response.headers["Location"] == "/ar/"


async def test_sitemap_and_robots(client: Client) -> None:
    sitemap = await (await client.get("/sitemap.xml")).text()
    assert "<loc>https://help.example/pl/repairs</loc>" in sitemap
    assert "Disallow: /*/chat" in await (await client.get("/robots.txt")).text()


async def test_picker_without_javascript(client: Client) -> None:
    html = await (await client.get("/chat?q=polish")).text()
    assert re.findall(r'href="/(\w+)/chat"', html) == ["pl"]


async def test_files_may_be_kept_for_ever(client: Client) -> None:
    html = await (await client.get("/en/")).text()
    address = re.findall(r'href="(/assets/[0-9a-f]+/pages\.css)"', html)[0]
    assert "immutable" in (await client.get(address)).headers["Cache-Control"]
    assert (await client.get("/assets/old/pages.css")).headers["Cache-Control"] == "no-cache"
    assert (await client.get("/assets/old/../../keys.py")).status == 404
    loader = await (await client.get("/widget.js")).text()
    host = json.loads(re.findall(r"const HOST = (\{.*?\});", loader)[0])
    assert (host["name"], host["colour"], host["safe"]) == ("Doorway", BRAND, SAFE_PLACE)
    assert "pl" in host["languages"]


async def test_code_of_an_answer_holds_its_public_address_only(client: Client) -> None:
    response = await client.get("/ar/repairs/qr.svg", headers={"Authorization": "Bearer secret-of-a-chat"})
    assert response.content_type == "image/svg+xml"
    assert await response.read() == qr_file("https://help.example/ar/repairs")
    for path in ("/xx/repairs/qr.svg", "/en/nothing/qr.svg"):
        assert (await client.get(path)).status == 404


@pytest.mark.parametrize(
    ("contact", "link"),
    [("ask@council.example", "mailto:ask@council.example"), ("0113 222 4444", "tel:01132224444"), ("", "")],
)
async def test_another_form_can_be_asked_for(contact: str, link: str, each_locale: Locale) -> None:
    async with pages(contact=contact) as client:
        html = await (await client.get(f"/{each_locale.tag}/accessibility")).text()
        private = await (await client.get(f"/{each_locale.tag}/privacy")).text()
    assert (f'href="{link}"' in html) == bool(link)
    assert f'href="/{each_locale.tag}/find_adviser"' in html
    assert f'href="/{each_locale.tag}/services/{seed_id("eass")}"' in html  # where to complain
    assert seed_id("eass") not in private


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "a@b", "ask@x.example, me@x.example", "call us"])
def test_contact_is_one_address_or_number(contact: str) -> None:
    with pytest.raises(ConfigError):
        load_settings({}, contact=contact)
