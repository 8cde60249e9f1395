"""The console without the model, and people with a browser each."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pyotp
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from sqlalchemy import create_engine, inspect, text
from yarl import URL

from bot.answers.withdrawn import Withdrawn
from bot.channels.pauses import Pauses
from bot.console.permissions import REVIEWER, TRANSLATOR
from bot.console.seal import seal
from bot.console.sessions import FULL, open_session
from bot.console.totp import PURPOSE, new_secret
from bot.console.users import User, create_user, get_user, invite, set_totp
from bot.core.database import Database, metadata
from bot.core.settings import load_settings
from bot.web.console.cookies import SESSION
from bot.web.console.page import Page
from bot.web.console.routes import PAGES
from bot.web.console.setup import add_console
from bot.web.keys import ASSISTANT, DATABASE, PAUSES, SETTINGS, WITHDRAWN
from bot.web.limits import RateLimit
from bot.web.middleware import MIDDLEWARES, REQUEST_LIMIT
from bot.web.pages.routes import add_page_routes
from bot.web.pages.templates import setup_templates

SQLITE = "sqlite://"  # in memory
SECRET = "k" * 40
PASSWORD = "tulip engine marble 9"
INPUT = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Clock:
    """The time of the service, which a test moves."""

    def __init__(self) -> None:
        self.moment = dt.datetime.now(dt.timezone.utc)

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self.moment += dt.timedelta(seconds=seconds)

    @property
    def seconds(self) -> float:
        """Now, since 1970."""
        return self.moment.timestamp()


class Visitor:
    """A browser of its own. It follows no redirects, so that a test sees them."""

    def __init__(self, session: ClientSession, origin: str) -> None:
        self.session, self.origin = session, origin
        self.user: User | None = None
        self.key = ""  # of the authenticator

    async def get(self, path: str, **options: Any) -> ClientResponse:
        """Open a page."""
        return await self.session.get(path, allow_redirects=False, **options)

    async def text(self, path: str) -> str:
        """Open a page that must be there; return it."""
        response = await self.get(path)
        assert response.status == 200, (path, response.status)
        return await response.text()

    async def post(self, path: str, fields: dict[str, Any], *, headers: dict[str, str] | None = None) -> ClientResponse:
        """Send a form as it is, from our own origin unless `headers` say otherwise."""
        sent = {"Origin": self.origin} if headers is None else headers
        return await self.session.post(path, data=fields, headers=sent, allow_redirects=False)

    async def form(self, path: str, **fields: Any) -> ClientResponse:
        """Open a page and send its form back to it, filled."""
        return await self.post(path, hidden(await self.text(path)) | fields)

    async def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> ClientResponse:
        """Send the first half of a sign-in."""
        return await self.form("/console/sign-in", email=email, password=password, **fields)

    def cookie(self, name: str = SESSION) -> str:
        """Return a cookie the browser has, or nothing."""
        return next((cookie.value for cookie in self.session.cookie_jar if cookie.key == name), "")

    def set_cookie(self, value: str, name: str = SESSION) -> None:
        """Put a cookie into the browser."""
        self.session.cookie_jar.update_cookies({name: value}, URL(self.origin))


class Bench:
    """A running console and its database."""

    def __init__(self, server: TestServer, database: Database, clock: Clock) -> None:
        self.server, self.database, self.clock = server, database, clock
        self.origin = str(server.make_url("/")).rstrip("/")
        self._sessions: list[ClientSession] = []

    def visitor(self) -> Visitor:
        """Return a new browser."""
        session = ClientSession(base_url=self.origin, cookie_jar=CookieJar(unsafe=True))
        self._sessions.append(session)
        return Visitor(session, self.origin)

    def account(
        self, role: str = "tester", name: str = "Amina Yusuf", email: str = "", languages: tuple[str, ...] | None = None
    ) -> User:
        """Return a new account; somebody who works on translations does so into Polish unless `languages` say other."""
        named = languages if languages is not None else ("pl",) if role in (TRANSLATOR, REVIEWER) else ()
        email = email or f"{role}-{new_secret()[:6].lower()}@example.org"
        now = self.clock.seconds
        return self.database.run_now(
            lambda connection: create_user(connection, name=name, email=email, role=role, languages=named, now=now)
        )

    def invite(self, user: User) -> str:
        """Return the address of an invitation."""
        now = self.clock.seconds
        token = self.database.run_now(lambda connection: invite(connection, user.id, now))
        return f"/console/invitation/{token}"

    def read(self, user: User) -> User:
        """Return an account as it is now."""
        return self.database.run_now(lambda connection: get_user(connection, user.id))

    def signed_in(self, role: str = "tester", *, user: User | None = None, stepped_up: bool = True) -> Visitor:
        """Return somebody who has just signed in, without walking through the pages."""
        account, key, now = user or self.account(role), new_secret(), self.clock.seconds
        visitor = self.visitor()

        def work(connection: Any) -> str:
            set_totp(connection, account.id, seal(SECRET, PURPOSE, key))
            return open_session(connection, account.id, FULL, now, stepped_up=stepped_up)

        visitor.set_cookie(self.database.run_now(work))
        visitor.user, visitor.key = self.read(account), key
        return visitor

    async def enrolled(self, role: str = "tester", name: str = "Amina Yusuf") -> Visitor:
        """Return somebody who has walked through invitation, password and authenticator."""
        account, visitor = self.account(role, name), self.visitor()
        response = await visitor.form(self.invite(account), password=PASSWORD, password_again=PASSWORD)
        assert response.status == 303, await response.text()
        page = await visitor.text("/console/authenticator")
        visitor.user, visitor.key = account, key_in(page)
        fields = hidden(page) | {"code": self.code(visitor)}
        response = await visitor.post("/console/authenticator", fields)
        assert response.status == 303, await response.text()
        return visitor

    def code(self, visitor: Visitor, steps: int = 0) -> str:
        """Return the code that a visitor's app shows now, or so many half minutes later."""
        return pyotp.TOTP(visitor.key).at(int(self.clock.seconds) + steps * 30)

    async def close(self) -> None:
        """Close the browsers."""
        for session in self._sessions:
            await session.close()


@asynccontextmanager
async def open_bench(
    clock: Clock, *, url: str = SQLITE, pages: tuple[Page, ...] = PAGES, assistant: Any = None, **settings: Any
) -> AsyncIterator[Bench]:
    """Run the console. `url`: of its database; `assistant`: the real one, or one that stands in for it."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=16 * 1024)
    app[SETTINGS] = load_settings({}, **settings)
    app[DATABASE] = database = Database(url)
    app[REQUEST_LIMIT] = RateLimit(100_000, 60.0)
    app[PAUSES] = Pauses()
    app[WITHDRAWN] = assistant.withdrawn if assistant else Withdrawn()
    if assistant:
        app[ASSISTANT] = assistant
    setup_templates(app)
    add_console(app, secret=SECRET, pages=pages)
    add_page_routes(app)
    server = TestServer(app)
    await server.start_server()
    bench = Bench(server, database, clock)
    try:
        yield bench
    finally:
        await bench.close()
        await server.close()
        database.close()


def emptied(url: str) -> str:
    """Delete every row in a PostgreSQL database, also of the audit list; return its address."""
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        present = set(inspect(connection).get_table_names())
        names = [table.name for table in metadata.sorted_tables if table.name in present]
        if names:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # its triggers stand still
            connection.execute(text(f"TRUNCATE {', '.join(names)}"))
    engine.dispose()
    return url


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page; of several forms the last."""
    return {name: html.unescape(value) for name, value in INPUT.findall(page)}


def key_in(page: str) -> str:
    """Return the key that a page shows for typing into an app."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    return found[1].replace(" ", "")
