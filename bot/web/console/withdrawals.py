"""Withdrawing an answer, and giving it back."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.users import list_users
from bot.console.withdrawn import (
    Withdrawal,
    checked_reason,
    get_withdrawal,
    restore,
    withdraw,
)
from bot.core.errors import UserInputError
from bot.web.console.page import PREFIX, get, post
from bot.web.console.visit import Visit
from bot.web.switches import refresh_switches

FLAGS = f"{PREFIX}/flags"
ONE = "/withdrawn/{topic:[a-z_]{1,64}}"


async def refresh(visit: Visit) -> None:
    """Let this process know at once what is withdrawn; others look every minute."""
    await refresh_switches(visit.request.app)


async def post_withdraw(visit: Visit) -> web.StreamResponse:
    """POST /console/withdraw: from now on people get contacts in place of the answer of `topic`."""
    topic, reason = visit.field("topic"), checked_reason(visit.field("reason"))

    def work(connection: Connection) -> None:
        if withdraw(connection, topic, reason=reason, by=visit.user.id, now=visit.now):
            visit.record(connection, "answer_withdrawn", object=f"topic:{topic}", reason=reason)

    await visit.run(work)
    await refresh(visit)
    return visit.go(FLAGS, done="answer_withdrawn")


async def get_one(visit: Visit) -> web.StreamResponse:
    """GET /console/withdrawn/{topic}: what giving it back asks for."""
    return await _show(visit)


async def post_one(visit: Visit) -> web.StreamResponse:
    """POST /console/withdrawn/{topic}: give the answer back, with a reason."""
    topic = visit.request.match_info["topic"]

    def work(connection: Connection) -> None:
        get_withdrawal(connection, topic)
        reason = checked_reason(visit.field("reason"))
        restore(connection, topic)
        visit.record(connection, "answer_restored", object=f"topic:{topic}", reason=reason)

    try:
        await visit.run(work)
    except UserInputError as error:
        return await _show(visit, error)
    await refresh(visit)
    return visit.go(FLAGS, done="answer_restored")


async def _show(visit: Visit, error: UserInputError | None = None) -> web.Response:
    topic = visit.request.match_info["topic"]

    def work(connection: Connection) -> tuple[Withdrawal, dict[str, str]]:
        return get_withdrawal(connection, topic), {user.id: user.name for user in list_users(connection)}

    withdrawal, names = await visit.run(work)
    return visit.render(error=error, withdrawal=withdrawal, names=names, typed=visit.field("reason"))


PAGES = (
    post("/withdraw", post_withdraw, action="withdraw_answer"),
    get(ONE, get_one, action="restore_answer", template="withdrawn.html", step_up=True),
    post(ONE, post_one, action="restore_answer", template="withdrawn.html", step_up=True),
)
