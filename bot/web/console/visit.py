"""One request to the console as its pages see it: who it is, the form, the database, the page to fill."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web
from multidict import MultiDict, MultiDictProxy
from sqlalchemy.engine import Connection

from bot.console import audit
from bot.console.languages import is_allowed_in
from bot.console.permissions import is_allowed
from bot.console.sessions import FULL, Session
from bot.console.texts import load_texts, text
from bot.console.users import User
from bot.core.clock import timestamp
from bot.core.errors import RateLimited, UserInputError
from bot.web.console.cookies import SESSION, csrf_token, set_cookie
from bot.web.console.keys import PAGES, SECRET, TEMPLATES
from bot.web.console.page import PREFIX, Page
from bot.web.keys import DATABASE
from bot.web.pages.site import SERVICE, asset_version

T = TypeVar("T")
LOCAL = re.compile(rf"{PREFIX}(?:/[A-Za-z0-9_-]+)*/?")  # an address of ours, without a query
HOME = f"{PREFIX}/"
ERROR = "error.html"


class NotAllowed(UserInputError):
    """What the role may do, but not with this object; written down like every refusal. `object`: kind and id."""

    def __init__(self, code: str, object: str) -> None:
        super().__init__(code, status=403)
        self.object = object


@dataclass
class Visit:
    """A request that was let in."""

    request: web.Request
    page: Page | None
    network: str
    cookie: str  # what the tokens of forms hang on
    person: User | None = None  # None on pages that are open
    session: Session | None = None
    form: MultiDictProxy[Any] = field(default_factory=lambda: MultiDictProxy(MultiDict()))
    now: float = field(default_factory=timestamp)

    @property
    def user(self) -> User:
        """The account that is signed in; only on pages that ask for an action."""
        if self.person is None:
            raise LookupError("a page without an action has no user")
        return self.person

    @property
    def own_session(self) -> Session:
        """The session; only on pages that ask for an action."""
        if self.session is None:
            raise LookupError("a page without an action has no session")
        return self.session

    @property
    def secret(self) -> str:
        """The key of the service, for what is sealed."""
        return self.request.app[SECRET]

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction of the database."""
        return await self.request.app[DATABASE].run(work)

    def field(self, name: str) -> str:
        """Return a text of the form as it was sent, or an empty one."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def may(self, action: str) -> bool:
        """Whether the person may do an action, for what a page shows."""
        return self.person is not None and is_allowed(self.person.role, action)

    def may_in(self, action: str, language: str) -> bool:
        """Whether the person may do an action with the texts of a language."""
        return self.person is not None and is_allowed_in(self.person, action, language)

    def record(self, connection: Connection, action: str, **told: str) -> None:
        """Add to the audit list, in the transaction of what it tells about: `object`, `before`, `after`, `reason`."""
        who = {"actor": self.person.id, "role": self.person.role} if self.person else {}
        audit.record(connection, action, now=self.now, network=self.network, **(who | told))

    def render(
        self, *, template: str = "", status: int = 200, error: UserInputError | None = None, **values: Any
    ) -> web.Response:
        """Return the page's template, filled. `error`: what was wrong with a form; its status wins."""
        shown = self.request.app[TEMPLATES].get_template(template or (self.page.template if self.page else ERROR))
        done = f"done.{self.request.query.get('done', '')}"
        html = shown.render(
            service=SERVICE,
            assets=f"/assets/{asset_version()}",
            visit=self,
            user=self.person if self.session and self.session.stage == FULL else None,
            csrf=csrf_token(self.cookie),
            menu=self._menu(),
            done=load_texts().get(done, "") if self.request.method == "GET" else "",
            error=explain(error) if error else "",
            **values,
        )
        response = web.Response(
            text=html, content_type="text/html", charset="utf-8", status=error.status if error else status
        )
        if isinstance(error, RateLimited):
            response.headers["Retry-After"] = str(error.seconds)
        response.enable_compression()
        return response

    def refuse(self, error: UserInputError) -> web.Response:
        """Return the page that says what is wrong."""
        return self.render(template=ERROR, error=error)

    def go(self, path: str, *, done: str = "") -> web.Response:
        """Send the browser on. `done`: key `done.<done>` of what the next page says."""
        return web.Response(status=303, headers={"Location": f"{path}?done={done}" if done else path})

    def sign_in(self, response: web.Response, token: str) -> web.Response:
        """Put a session's token into the browser's cookie."""
        set_cookie(self.request, response, SESSION, token)
        return response

    def next_page(self) -> str:
        """Return the page of ours to go on to, from the form or the address; the first page for anything else."""
        wanted = self.field("next") or self.request.query.get("next", "")
        return wanted if LOCAL.fullmatch(wanted) else HOME

    def _menu(self) -> list[dict[str, Any]]:
        if self.person is None or self.session is None or self.session.stage != FULL:
            return []
        here = self.request.path
        return [
            {
                "name": page.menu,
                "href": PREFIX + page.path,
                "text": text(f"menu.{page.menu}"),
                "is_here": here == PREFIX + page.path
                or (page.path != "/" and here.startswith(f"{PREFIX}{page.path}/")),
            }
            for page in self.request.app[PAGES]
            if page.menu and page.action and self.may(page.action)
        ]


def explain(error: UserInputError) -> str:
    """Return the words for an error."""
    known = f"error.{error.code}" if f"error.{error.code}" in load_texts() else "error.bad_request"
    seconds = error.seconds if isinstance(error, RateLimited) else 0
    return text(known, minutes=max(1, -(-seconds // 60)))
