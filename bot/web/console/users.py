"""The people of the console: invite, role, close and open. For administrators."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.languages import named_languages
from bot.console.permissions import ROLES
from bot.console.sessions import end_sessions
from bot.console.users import User, create_user, get_user, invite, list_users, set_disabled, set_languages, set_role
from bot.core.errors import UserInputError
from bot.i18n.locales import SOURCE_LANGUAGE, load_locales
from bot.web.console.page import PREFIX, get, post
from bot.web.console.visit import Visit
from bot.web.pages.site import base_url

USERS = f"{PREFIX}/users"
ONE = "/users/{id:[0-9a-f]{32}}"


async def get_users(visit: Visit) -> web.StreamResponse:
    """GET /console/users."""
    return await _list(visit)


async def post_users(visit: Visit) -> web.StreamResponse:
    """POST /console/users: invite somebody; the link is shown this once."""

    role = visit.field("role")

    def work(connection: Connection) -> tuple[User, str]:
        user = create_user(
            connection,
            name=visit.field("name"),
            email=visit.field("email"),
            role=role,
            languages=named_languages(role, _ticked(visit)),
            now=visit.now,
        )
        visit.record(connection, "user_invited", object=f"user:{user.id}", after=user.role)
        _record_languages(visit, connection, user, ())
        return user, invite(connection, user.id, visit.now)

    try:
        user, token = await visit.run(work)
    except UserInputError as error:
        return await _list(visit, error)
    return _show_link(visit, user, token)


async def get_one(visit: Visit) -> web.StreamResponse:
    """GET /console/users/{id}."""
    return await _show(visit)


async def post_one(visit: Visit) -> web.StreamResponse:
    """POST /console/users/{id}: what the pressed button says. Nobody changes their own account here."""
    user_id, wanted = visit.request.match_info["id"], visit.field("do")
    token = ""

    def work(connection: Connection) -> User:
        nonlocal token
        user = get_user(connection, user_id)
        if user.id == visit.user.id:
            raise UserInputError("own_account", status=422)
        told = {"object": f"user:{user.id}", "reason": visit.field("reason").strip()}
        if wanted == "role":
            role = visit.field("role")
            languages = named_languages(role, _ticked(visit))
            set_role(connection, user.id, role)
            set_languages(connection, user.id, languages)
            if role != user.role:
                visit.record(connection, "role_changed", before=user.role, after=role, **told)
            _record_languages(visit, connection, get_user(connection, user.id), user.languages, told["reason"])
        elif wanted in ("disable", "enable"):
            set_disabled(connection, user.id, wanted == "disable")
            visit.record(connection, f"user_{wanted}d", **told)
        elif wanted == "invite":
            token = invite(connection, user.id, visit.now)
            visit.record(connection, "user_invited_again", **told)
        else:
            raise UserInputError("bad_request")
        end_sessions(connection, user.id)
        return user

    try:
        user = await visit.run(work)
    except UserInputError as error:
        return await _show(visit, error)
    if token:
        return _show_link(visit, user, token)
    return visit.go(f"{USERS}/{user.id}", done=f"user_{wanted}")


async def _list(visit: Visit, error: UserInputError | None = None) -> web.Response:
    users = await visit.run(list_users)
    typed = {name: visit.field(name) for name in ("name", "email", "role")}
    return visit.render(
        error=error, users=users, roles=ROLES, languages=_languages(), typed={**typed, "languages": _ticked(visit)}
    )


async def _show(visit: Visit, error: UserInputError | None = None) -> web.Response:
    user_id = visit.request.match_info["id"]
    shown = await visit.run(lambda connection: get_user(connection, user_id))
    return visit.render(error=error, shown=shown, roles=ROLES, languages=_languages())


def _languages() -> list[tuple[str, str]]:
    return [(one.tag, one.english_name) for one in load_locales() if one.tag != SOURCE_LANGUAGE]


def _ticked(visit: Visit) -> list[str]:
    return [tag for tag in visit.form.getall("languages", []) if isinstance(tag, str)]


def _record_languages(
    visit: Visit, connection: Connection, user: User, before: tuple[str, ...], reason: str = ""
) -> None:
    if user.languages != before:
        told = {"before": " ".join(before), "after": " ".join(user.languages), "reason": reason}
        visit.record(connection, "languages_changed", object=f"user:{user.id}", **told)


def _show_link(visit: Visit, user: User, token: str) -> web.Response:
    link = f"{base_url(visit.request)}{PREFIX}/invitation/{token}"
    return visit.render(template="invited.html", shown=user, link=link)


PAGES = (
    get("/users", get_users, action="manage_users", template="users.html", menu="users", step_up=True),
    post("/users", post_users, action="manage_users", template="users.html", step_up=True),
    get(ONE, get_one, action="manage_users", template="user.html", step_up=True),
    post(ONE, post_one, action="manage_users", template="user.html", step_up=True),
)
