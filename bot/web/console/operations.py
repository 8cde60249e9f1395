"""How the channels do, and what is switched off: pause a topic or a channel, say what people read meanwhile."""

from __future__ import annotations

import re

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.answers.load import get_answer, load_topics
from bot.channels.figures import channel_state
from bot.channels.platforms import CHANNELS, missing_settings
from bot.console.pauses import (
    PAUSABLE,
    Pause,
    list_pauses,
    maintenance_texts,
    pause,
    resume,
    set_maintenance,
)
from bot.console.users import list_users
from bot.console.withdrawn import Withdrawal, checked_reason, list_withdrawals
from bot.core.errors import UserInputError
from bot.i18n.locales import load_locales
from bot.web.console.page import PREFIX, get, post
from bot.web.console.visit import Visit
from bot.web.keys import SETTINGS
from bot.web.switches import refresh_switches

OPERATIONS = f"{PREFIX}/operations"
LANGUAGE_FIELD = re.compile(r"text-([A-Za-z0-9-]{2,16})")
BODY_LIMIT = 64 * 1024  # texts of every language, each sign up to nine bytes in a form
TYPED = ("topic", "channel", "reason")


async def get_operations(visit: Visit) -> web.StreamResponse:
    """GET /console/operations."""
    return await _show(visit)


async def post_operations(visit: Visit) -> web.StreamResponse:
    """POST /console/operations: what the pressed button says."""
    wanted = visit.field("do")
    if wanted not in ("pause_topic", "pause_channel", "resume", "maintenance"):
        raise UserInputError("bad_request")

    def work(connection: Connection) -> None:
        if wanted == "maintenance":
            _set_texts(visit, connection)
        elif wanted == "resume":
            _resume(visit, connection)
        else:
            _pause(visit, connection, wanted.removeprefix("pause_"))

    try:
        await visit.run(work)
    except UserInputError as error:
        return await _show(visit, error)
    await refresh_switches(visit.request.app)
    return visit.go(OPERATIONS, done=f"operations_{wanted}")


def _pause(visit: Visit, connection: Connection, kind: str) -> None:
    name, reason = visit.field(kind), visit.field("reason")
    if pause(connection, kind, name, reason=reason, by=visit.user.id, now=visit.now):
        visit.record(connection, f"{kind}_paused", object=f"{kind}:{name}", reason=checked_reason(reason))


def _resume(visit: Visit, connection: Connection) -> None:
    kind, name, reason = visit.field("kind"), visit.field("name"), checked_reason(visit.field("reason"))
    resume(connection, kind, name)
    visit.record(connection, f"{kind}_resumed", object=f"{kind}:{name}", reason=reason)


def _set_texts(visit: Visit, connection: Connection) -> None:
    """Keep the texts that changed; of each only that it changed is written down."""
    before = maintenance_texts(connection)
    for field in visit.form:
        found = LANGUAGE_FIELD.fullmatch(field)
        if not found:
            continue
        language = found[1]
        kept = set_maintenance(connection, language, visit.field(field), by=visit.user.id, now=visit.now)
        if kept != before.get(language, ""):
            visit.record(connection, "maintenance_changed", object=f"language:{language}")


async def _show(visit: Visit, error: UserInputError | None = None) -> web.Response:
    settings = visit.request.app[SETTINGS]

    def work(
        connection: Connection,
    ) -> tuple[list[tuple[str, dict[str, object]]], list[Pause], list[Withdrawal], dict[str, str], dict[str, str]]:
        return (
            [(channel, channel_state(connection, channel)) for channel in CHANNELS],
            list_pauses(connection),
            list_withdrawals(connection),
            maintenance_texts(connection),
            {user.id: user.name for user in list_users(connection)},
        )

    states, pauses, withdrawals, texts, names = await visit.run(work)
    paused = {(one.kind, one.name) for one in pauses}
    typed = {name: visit.field(name) for name in TYPED}
    return visit.render(
        error=error,
        channels=[(channel, not missing_settings(settings, channel), state) for channel, state in states],
        pauses=[(one, _name(one)) for one in pauses],
        paused_channels={name for kind, name in paused if kind == "channel"},
        withdrawals=withdrawals,
        topics=[(topic, get_answer(topic).title) for topic in load_topics() if ("topic", topic) not in paused],
        pausable=[channel for channel in PAUSABLE if ("channel", channel) not in paused],
        languages=[
            (locale, visit.field(f"text-{locale.tag}") or texts.get(locale.tag, "")) for locale in load_locales()
        ],
        names=names,
        typed=typed,
    )


def _name(one: Pause) -> str:
    return get_answer(one.name).title if one.kind == "topic" and one.name in load_topics() else one.name


PAGES = (
    get("/operations", get_operations, action="see_operations", template="operations.html", menu="operations"),
    post(
        "/operations",
        post_operations,
        action="operate",
        template="operations.html",
        step_up=True,
        body_limit=BODY_LIMIT,
    ),
)
