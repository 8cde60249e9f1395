"""Looking postcodes up in a service that speaks like postcodes.io: a real one on loopback, well and ill."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.errors import ConfigError
from bot.places import remote
from bot.places.lookup import ExactPostcode, find_place
from bot.places.remote import RemotePostcodes, chain

LAMBETH = {"status": 200, "result": {"postcode": "SW9 8JH", "latitude": 51.47, "longitude": -0.11,
                                     "codes": {"admin_district": "E09000022"}}}  # fmt: skip
GONE = {"status": 404, "error": "Postcode not found", "terminated": {
    "postcode": "SW9 8JX", "year_terminated": 2015, "month_terminated": 6, "longitude": -0.12, "latitude": 51.48,
}}  # fmt: skip
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Service:
    """A service whose answer a test chooses; `asked` keeps the postcodes."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: list[Handler | tuple[int, Any]] = []
        self.url = ""
        self.never = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.match_info["postcode"])
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if callable(answer):
            return await answer(request)
        status, body = answer
        return web.json_response(body, status=status)

    async def find(self, source: RemotePostcodes, postcode: str = "SW9 8JH") -> ExactPostcode | None:
        """Ask in a thread, as the service runs in this one."""
        return await asyncio.to_thread(source.find, postcode)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    app = web.Application()
    app.router.add_get("/postcodes/{postcode}", made.handle)
    async with TestServer(app) as server:
        made.url = str(server.make_url(""))
        yield made
        made.never.set()


async def test_a_known_postcode_is_its_council_and_place(service: Service) -> None:
    service.answers = [(200, LAMBETH)]
    found = await service.find(RemotePostcodes(service.url))
    assert found == ExactPostcode("SW9 8JH", "E09000022", 51.47, -0.11)


async def test_it_is_asked_once(service: Service) -> None:
    service.answers = [(200, LAMBETH)]
    source = RemotePostcodes(service.url)
    assert await service.find(source) == await service.find(source)
    assert service.asked == ["SW9 8JH"]


async def test_what_was_asked_longest_ago_is_forgotten_first(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "REMEMBERED", 2)
    service.answers = [(200, LAMBETH)]
    source = RemotePostcodes(service.url)
    for postcode in ("SW9 8JA", "SW9 8JB", "SW9 8JA", "SW9 8JD", "SW9 8JA", "SW9 8JB"):
        await service.find(source, postcode)
    assert service.asked == ["SW9 8JA", "SW9 8JB", "SW9 8JD", "SW9 8JB"]


async def test_an_unknown_postcode_is_none_and_not_asked_again(service: Service) -> None:
    service.answers = [(404, {"status": 404, "error": "Postcode not found"})]
    source = RemotePostcodes(service.url)
    assert await service.find(source) is None
    assert await service.find(source) is None
    assert len(service.asked) == 1


async def test_a_terminated_postcode_is_found_at_its_old_place(service: Service) -> None:
    service.answers = [(404, GONE)]
    source = RemotePostcodes(service.url)
    assert await service.find(source, "SW9 8JX") == ExactPostcode("SW9 8JX", "", 51.48, -0.12, is_terminated=True)
    found = await asyncio.to_thread(find_place, "sw98jx", source)
    assert found.is_terminated
    assert [(one.authority.name, one.latitude) for one in found.candidates] == [("Lambeth", 51.48)]


async def test_a_slow_service_is_given_up_after_two_tries(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "TIMEOUT_SECONDS", 0.05)

    async def silent(_: web.Request) -> web.StreamResponse:
        await service.never.wait()
        return web.Response()

    service.answers = [silent]
    assert await service.find(RemotePostcodes(service.url)) is None
    assert len(service.asked) == remote.TRIES


async def test_an_answer_that_drips_is_given_up(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "TIMEOUT_SECONDS", 0.1)

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            try:
                await response.write(b" ")
                await asyncio.wait_for(service.never.wait(), 0.02)
            except asyncio.TimeoutError:
                continue
            except ConnectionError:
                break
        return response

    service.answers = [dripping]
    assert await asyncio.wait_for(service.find(RemotePostcodes(service.url)), 3) is None


async def test_after_a_failure_it_is_tried_once_more_and_the_answer_counts(service: Service) -> None:
    service.answers = [(503, {}), (200, LAMBETH)]
    assert await service.find(RemotePostcodes(service.url)) is not None
    assert len(service.asked) == 2


async def test_a_failure_is_not_remembered(service: Service) -> None:
    service.answers = [(500, {}), (500, {}), (200, LAMBETH)]
    source = RemotePostcodes(service.url)
    assert await service.find(source) is None
    assert await service.find(source) is not None


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, "text", {"result": None}, {"result": []}, {"result": {"latitude": 51.4, "longitude": -0.1}},
        {"result": {"latitude": None, "longitude": None, "codes": {"admin_district": "L99999999"}}},  # Jersey
        {"result": {"latitude": "51", "longitude": -0.1, "codes": {"admin_district": "E09000022"}}},
        {"result": {"latitude": 1e9, "longitude": -0.1, "codes": {"admin_district": "E09000022"}}},
        {"result": {"latitude": 51.4, "longitude": -0.1, "codes": {"admin_district": 7}}},
    ],
)  # fmt: skip
async def test_an_answer_of_another_form_is_none(service: Service, body: object) -> None:
    service.answers = [(200, body)]
    assert await service.find(RemotePostcodes(service.url)) is None


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xfe", b'{"result": ', b" " * 100_000 + b"{}"])
async def test_garbage_is_none(service: Service, content: bytes) -> None:
    async def garbage(_: web.Request) -> web.StreamResponse:
        return web.Response(body=content, content_type="application/json")

    service.answers = [garbage]
    assert await service.find(RemotePostcodes(service.url)) is None


async def test_a_redirect_is_not_followed(service: Service) -> None:
    async def elsewhere(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/postcodes/elsewhere"})

    service.answers = [elsewhere]
    assert await service.find(RemotePostcodes(service.url)) is None
    assert "elsewhere" not in service.asked


async def test_nothing_is_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service.answers = [(500, {}), (404, GONE)]
    await service.find(RemotePostcodes(service.url))
    ours = [record for record in caplog.records if not record.name.startswith(("aiohttp", "asyncio"))]
    assert [record for record in ours if "SW9" in record.getMessage()] == []


def test_nobody_there_is_none() -> None:
    assert RemotePostcodes("http://127.0.0.1:9").find("SW9 8JH") is None


@pytest.mark.parametrize("url", ["", "ftp://example.org", "file:///etc/passwd", "example.org"])
def test_an_address_that_is_none_fails_at_the_start(url: str) -> None:
    with pytest.raises(ConfigError):
        RemotePostcodes(url)


class Fixed:
    """A source that always says the same."""

    def __init__(self, answer: ExactPostcode | None) -> None:
        self.answer, self.asked = answer, 0

    def find(self, postcode: str) -> ExactPostcode | None:
        self.asked += 1
        return self.answer


def test_a_chain_asks_the_second_only_for_what_the_first_does_not_know() -> None:
    known = ExactPostcode("SW9 8JH", "E09000022", 51.47, -0.11)
    second = Fixed(known)
    both = chain(Fixed(None), second)
    assert both is not None
    assert (both.find("SW9 8JH"), second.asked) == (known, 1)
    both = chain(Fixed(known), second)
    assert both is not None
    assert (both.find("SW9 8JH"), second.asked) == (known, 1)


def test_a_chain_of_one_or_none() -> None:
    only = Fixed(None)
    assert chain(only, None) is only
    assert chain(None, only) is only
    assert chain(None, None) is None
