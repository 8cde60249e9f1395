"""One flag: who looks after it, whether the answer is withdrawn, and the tests made from it."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.answers.load import is_topic
from bot.console import cases
from bot.console.cases import WAITING, Case, is_written, list_cases, people_behind
from bot.console.flags import STATES, Flag, change_flag, get_flag
from bot.console.permissions import is_allowed
from bot.console.users import User, list_users
from bot.console.withdrawn import Withdrawal, list_withdrawals
from bot.core.errors import UserInputError
from bot.web.console.ask import language_options, topic_options
from bot.web.console.page import PREFIX, get, post
from bot.web.console.visit import Visit

FLAGS = f"{PREFIX}/flags"
ONE = "/flags/{id:[0-9a-f]{32}}"


@dataclass(frozen=True)
class Shown:
    """What the page of one flag needs to know."""

    flag: Flag
    people: list[User]
    cases: list[Case]
    withdrawals: dict[str, Withdrawal]


async def get_one(visit: Visit) -> web.StreamResponse:
    """GET /console/flags/{id}."""
    return await show_flag(visit, visit.request.match_info["id"])


async def post_one(visit: Visit) -> web.StreamResponse:
    """POST /console/flags/{id}: another state, another owner."""
    flag_id, state, owner = visit.request.match_info["id"], visit.field("state"), visit.field("owner")

    def work(connection: Connection) -> None:
        get_flag(connection, flag_id)
        if owner and owner not in {user.id for user in _keepers(connection)}:
            raise UserInputError("flag_owner", status=422)
        before = change_flag(connection, flag_id, state=state, owner=owner, now=visit.now)
        visit.record(connection, "flag_changed", object=f"flag:{flag_id}", before=before.state, after=state)

    try:
        await visit.run(work)
    except UserInputError as error:
        return await show_flag(visit, flag_id, error=error)
    return visit.go(f"{FLAGS}/{flag_id}", done="flag_changed")


async def show_flag(visit: Visit, flag_id: str, *, error: UserInputError | None = None) -> web.Response:
    """Return the page of a flag.

    Raises:
        NotFound: there is none of this id.
    """

    def work(connection: Connection) -> Shown:
        return Shown(
            get_flag(connection, flag_id),
            list_users(connection),
            list_cases(connection, flag=flag_id),
            {one.topic: one for one in list_withdrawals(connection)},
        )

    shown = await visit.run(work)
    flag = shown.flag
    return visit.render(
        template="flag.html",
        error=error,
        flag=flag,
        states=STATES,
        names={user.id: user.name for user in shown.people},
        keepers=[user for user in shown.people if _is_keeper(user)],
        withdrawal=shown.withdrawals.get(flag.topic),
        is_withdrawable=is_topic(flag.topic) and flag.topic not in shown.withdrawals,
        cases=[(case, is_written(case, cases.FOLDER)) for case in shown.cases],
        waiting=WAITING,
        own_cases={case.id for case in shown.cases if visit.user.id in people_behind(case, flag)},
        topics=topic_options(),
        languages=language_options(),
        typed={
            "question": visit.field("question"),
            "language": visit.field("language") or flag.language,
            "topic": visit.field("topic") or flag.suggested,
            "reason": visit.field("reason"),
        },
    )


def _keepers(connection: Connection) -> list[User]:
    return [user for user in list_users(connection) if _is_keeper(user)]


def _is_keeper(user: User) -> bool:
    return not user.disabled and is_allowed(user.role, "settle_flag")


PAGES = (
    get(ONE, get_one, action="see_flags", template="flag.html"),
    post(ONE, post_one, action="settle_flag", template="flag.html"),
)
