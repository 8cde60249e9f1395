"""Flags: made in two taps from an answer, and the list of them."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.answers.load import is_topic
from bot.console.flags import STATES, UNSAFE, Flag, count_flags, list_flags, make_flag
from bot.console.users import list_users
from bot.console.withdrawn import list_withdrawals, withdraw
from bot.web.console.page import PREFIX, get, post
from bot.web.console.visit import Visit
from bot.web.console.withdrawals import refresh

FLAGS = f"{PREFIX}/flags"


async def get_flags(visit: Visit) -> web.StreamResponse:
    """GET /console/flags: `?state=open` shows only those."""
    wanted = visit.request.query.get("state", "")
    state = wanted if wanted in STATES else ""

    def work(connection: Connection) -> dict[str, Any]:
        return {
            "flags": list_flags(connection, state=state),
            "counts": count_flags(connection),
            "withdrawals": list_withdrawals(connection),
            "names": {user.id: user.name for user in list_users(connection)},
        }

    return visit.render(state=state, states=STATES, **await visit.run(work))


async def post_flags(visit: Visit) -> web.StreamResponse:
    """POST /console/flags: make one; `unsafe` withdraws the answer in the same transaction."""
    topic, kind, comment = visit.field("topic"), visit.field("kind"), visit.field("comment")

    def work(connection: Connection) -> tuple[Flag, bool]:
        flag = make_flag(
            connection,
            kind=kind,
            topic=topic,
            language=visit.field("language"),
            suggested=visit.field("suggested"),
            comment=comment,
            by=visit.user.id,
            now=visit.now,
        )
        visit.record(connection, "flag_made", object=f"flag:{flag.id}", after=flag.kind)
        is_withdrawn = kind == UNSAFE and is_topic(topic) and visit.may("withdraw_answer")
        if is_withdrawn and withdraw(connection, topic, reason="", by=visit.user.id, now=visit.now):
            visit.record(connection, "answer_withdrawn", object=f"topic:{topic}")
        return flag, is_withdrawn

    flag, is_withdrawn = await visit.run(work)
    if is_withdrawn:
        await refresh(visit)
    return visit.go(f"{FLAGS}/{flag.id}", done="flag_unsafe" if is_withdrawn else "flag_made")


PAGES = (
    get("/flags", get_flags, action="see_flags", template="flags.html", menu="flags"),
    post("/flags", post_flags, action="flag", template="flags.html"),
)
