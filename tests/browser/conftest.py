"""A running server, a browser, and pages that report whatever goes wrong in them."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="needs requirements/test.txt")
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402 — after the check above

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 60.0
PHONE, DESKTOP = (320, 640), (1280, 800)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """The application in a process of its own; it can be stopped and started in the middle of a test."""

    port: int
    database: Path
    site: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        script, database = str(HERE / "server.py"), str(self.database)
        command = [sys.executable, "-W", "ignore", script, str(self.port), database, self.site]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # this tree, wherever the package is installed from
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None, "the server did not start"
                time.sleep(0.2)
        raise AssertionError("the server did not answer")

    def stop(self) -> None:
        """Stop it the hard way: nothing is said to clients."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@dataclass
class Visit:
    """A page and what happened in it."""

    page: Page
    server: Server
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the server and wait for the script of the chat, if it is one."""
        self.page.goto(self.server.url + path)
        if self.page.locator("#composer").count():
            self.page.locator("html[data-ready]").wait_for()
        return self.page


@pytest.fixture(scope="session")
def site_port() -> int:
    """Port of another web site, which embeds the widget."""
    return free_port()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, site_port: int) -> Iterator[Server]:
    """The application."""
    if not (ROOT / "models" / "doorway.tar.gz").exists():
        pytest.skip("no model: run `doorway train`")
    running = Server(free_port(), tmp_path_factory.mktemp("data") / "doorway.db", f"http://127.0.0.1:{site_port}")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Visit]]:
    """Make a visit: `visit(size=PHONE, javascript=False)`. At the end no script failed and nothing left the origin."""
    visits: list[Visit] = []

    def make(size: tuple[int, int] = PHONE, *, javascript: bool = True, **options: object) -> Visit:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, java_script_enabled=javascript, **options)
        context.set_default_timeout(15_000)
        made = Visit(context.new_page(), server)
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.on("pageerror", lambda error: made.errors.append(str(error)))
        visits.append(made)
        return made

    yield make
    for made in visits:
        strangers = [url for url in made.requests if not url.startswith((server.url, "data:", "about:", "blob:"))]
        made.page.context.close()
        assert not made.errors
        assert not strangers


@pytest.fixture(scope="session")
def other_site(tmp_path_factory: pytest.TempPathFactory, site_port: int) -> Iterator[tuple[str, Path]]:
    """Another web site: its address and the folder it serves."""
    folder = tmp_path_factory.mktemp("site")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", site_port), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site_port}", folder
        httpd.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""
