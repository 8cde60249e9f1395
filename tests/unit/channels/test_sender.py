"""One call to a platform, and every way it can end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channels import sender as module
from bot.channels.platform import Request, read_outcome
from bot.channels.sender import Sender


async def _answer(request: web.Request) -> web.Response:
    path = request.path
    if path == "/slow":
        await asyncio.sleep(30)
    if path == "/gone":
        assert request.transport is not None
        request.transport.close()
    if path == "/moved":
        raise web.HTTPFound("/ok")
    body = await request.text()
    status = int(path.strip("/")) if path.strip("/").isdigit() else 200
    return web.Response(status=status, text=body, headers={"Retry-After": "9"})


@pytest.fixture
async def url(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.setattr(module, "TOTAL_SECONDS", 0.3)
    app = web.Application()
    app.router.add_post("/{path}", _answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def sender(url: str) -> AsyncIterator[Sender]:
    made = Sender()
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("path", "kind", "wait"),
    [("ok", "sent", 0), ("429", "again", 9), ("503", "again", 9), ("400", "failed", 0), ("moved", "failed", 0),
     ("gone", "unknown", 0), ("slow", "unknown", 0)],
)  # fmt: skip
async def test_how_a_call_ends(sender: Sender, url: str, path: str, kind: str, wait: float) -> None:
    outcome = await sender.send(Request(f"{url}/{path}", json={"a": 1}), lambda s, h, _b: read_outcome(s, h))
    assert (outcome.kind, outcome.wait) == (kind, wait)


async def test_nobody_there_means_that_nothing_was_sent(sender: Sender) -> None:
    request = Request(f"http://127.0.0.1:{unused_port()}/x", json={})
    assert (await sender.send(request, lambda s, h, _b: read_outcome(s, h))).kind == "again"


async def test_json_and_forms_go_out_as_they_are(sender: Sender, url: str) -> None:
    assert (await sender.call(Request(f"{url}/ok", json={"a": "ż"})))[2] == b'{"a": "\\u017c"}'
    assert (await sender.call(Request(f"{url}/ok", form={"a": "ż b"})))[2] == b"a=%C5%BC+b"


async def test_a_closed_client_sends_nothing(url: str) -> None:
    closed = Sender()
    await closed.close()
    with pytest.raises((RuntimeError, aiohttp.ClientError)):
        await closed.call(Request(url, json={}))
