"""Fetching, against a real server on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.core.errors import SourceUnavailable, UserInputError
from bot.directory import download
from bot.directory.download import Downloader


class _Handler(BaseHTTPRequestHandler):
    failures = 0
    seen: list[str] = []
    target = ""

    def do_GET(self) -> None:
        kind = type(self)
        kind.seen.append(self.headers["Host"])
        status, body, headers = 200, b'{"ok": true}', {}
        if self.path == "/again" and kind.failures > 0:
            kind.failures -= 1
            status, headers = 503, {"Retry-After": "7"}
        elif self.path == "/away":
            status, headers = 302, {"Location": kind.target}
        elif self.path == "/circle":
            status, headers = 302, {"Location": "/circle"}
        elif self.path == "/missing":
            status = 404
        elif self.path == "/big":
            body = b"x" * 5_000
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a running server."""
    _Handler.failures, _Handler.target = 0, ""
    _Handler.seen = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_an_answer_comes_with_its_status_and_address(server: str) -> None:
    answer = Downloader(server).get(f"{server}/a?b=c")
    assert (answer.status, answer.body, answer.url) == (200, b'{"ok": true}', f"{server}/a?b=c")
    assert _Handler.seen == [server.removeprefix("http://")]
    assert Downloader(server).get(f"{server}/missing").status == 404


def test_a_busy_server_is_asked_three_times_and_given_the_pause_it_wants(server: str) -> None:
    pauses: list[float] = []
    _Handler.failures = 2
    assert Downloader(server, pause=pauses.append).get(f"{server}/again").status == 200
    assert pauses == [7.0, 7.0]
    _Handler.failures = 3
    with pytest.raises(SourceUnavailable, match="status 503"):
        Downloader(server, pause=pauses.append).get(f"{server}/again")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    pauses: list[float] = []
    with pytest.raises(SourceUnavailable):
        Downloader("http://127.0.0.1:1", pause=pauses.append).get("http://127.0.0.1:1/")
    assert pauses == [0.5, 1.0]


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]", "192.168.1.1"])
def test_a_redirect_into_a_private_network_is_refused(host: str, server: str) -> None:
    _Handler.target = f"http://{host}:9/secret"
    with pytest.raises(SourceUnavailable, match="private network"):
        Downloader(server).get(f"{server}/away")


def test_a_private_host_is_followed_where_it_is_allowed_or_was_typed(server: str) -> None:
    _Handler.target = "/elsewhere"
    assert Downloader(server).get(f"{server}/away").url == f"{server}/elsewhere"
    with pytest.raises(SourceUnavailable, match="private network"):
        Downloader("https://feed.example.org").get(server)
    assert Downloader("https://feed.example.org", allow_private=True).get(server).status == 200


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://example.org", "javascript:alert(1)"])
def test_a_redirect_to_another_scheme_is_refused(target: str, server: str) -> None:
    _Handler.target = target
    with pytest.raises(UserInputError):
        Downloader(server).get(f"{server}/away")


def test_a_redirect_in_a_circle_ends(server: str) -> None:
    with pytest.raises(SourceUnavailable, match="too many redirects"):
        Downloader(server).get(f"{server}/circle")


def test_an_answer_that_is_too_large_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 1_000)
    with pytest.raises(SourceUnavailable, match="more than 1000 bytes"):
        Downloader(server).get(f"{server}/big")
