"""Topics and channels that have a pause, and what the host says meanwhile: the truth for all processes.

A paused topic is answered with contacts only, as a withdrawn one is; a paused channel says that it has a pause and what
to do in danger. What was paused before is in the audit list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Column, Float, String, Table, Text, delete, insert, select
from sqlalchemy.engine import Connection

from bot.answers.load import is_topic
from bot.channels.platforms import CHANNELS
from bot.channels.web import CHANNEL as WEB
from bot.console.withdrawn import checked_reason, withdrawn_topics
from bot.core.database import metadata
from bot.core.errors import NotFound, UserInputError
from bot.core.text import clean
from bot.i18n.locales import find_locale

Kind = Literal["topic", "channel"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAUSABLE = (WEB, *CHANNELS)
LONGEST_TEXT = 300

pauses = Table(
    "console_pauses",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("reason", String(300), nullable=False),
    Column("by", String(32), nullable=False),  # id of the account
    Column("at", Float, nullable=False),
)
maintenance = Table(
    "console_maintenance",
    metadata,
    Column("language", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("by", String(32), nullable=False),
    Column("at", Float, nullable=False),
)


@dataclass(frozen=True)
class Pause:
    """A topic or a channel that has a pause."""

    kind: str
    name: str
    reason: str
    by: str
    at: float


@dataclass(frozen=True)
class Switches:
    """What is off: topics that are withdrawn or paused, paused channels, what is said in them by language."""

    topics: frozenset[str]
    channels: frozenset[str]
    texts: Mapping[str, str]


def pause(connection: Connection, kind: str, name: str, *, reason: str, by: str, now: float) -> bool:
    """Pause a topic or a channel; return whether it had none until now.

    Raises:
        UserInputError: `topic` or `channel`: there is no such thing; `reason`: it is empty or too long.
    """
    if kind == "topic" and not is_topic(name):
        raise UserInputError("topic", status=422)
    if kind != "topic" and (kind != "channel" or name not in PAUSABLE):
        raise UserInputError("channel", status=422)
    kept = checked_reason(reason)
    if connection.execute(select(pauses.c.name).where(_is(kind, name))).first():
        return False
    connection.execute(insert(pauses).values(kind=kind, name=name, reason=kept, by=by, at=now))
    return True


def resume(connection: Connection, kind: str, name: str) -> None:
    """End a pause.

    Raises:
        NotFound: it has none.
    """
    if not connection.execute(delete(pauses).where(_is(kind, name))).rowcount:
        raise NotFound(f"{name!r} has no pause")


def list_pauses(connection: Connection) -> list[Pause]:
    """Return all pauses, the latest first."""
    rows = connection.execute(select(pauses).order_by(pauses.c.at.desc(), pauses.c.name))
    return [Pause(row.kind, row.name, row.reason, row.by, row.at) for row in rows]


def set_maintenance(connection: Connection, language: str, text: str, *, by: str, now: float) -> str:
    """Keep what is said in paused channels in a language, an empty text: nothing of one's own; return it as it is kept.

    Raises:
        UserInputError: `language`; `maintenance_long`.
    """
    locale = find_locale(language)
    if locale is None or locale.tag != language:
        raise UserInputError("language", status=422)
    kept = clean(text)
    if len(kept) > LONGEST_TEXT:
        raise UserInputError("maintenance_long", status=422)
    connection.execute(delete(maintenance).where(maintenance.c.language == language))
    if kept:
        connection.execute(insert(maintenance).values(language=language, text=kept, by=by, at=now))
    return kept


def maintenance_texts(connection: Connection) -> dict[str, str]:
    """Return what is said in paused channels, by language."""
    return {row.language: row.text for row in connection.execute(select(maintenance))}


def read_switches(connection: Connection) -> Switches:
    """Return all that is off."""
    names = {kind: {one.name for one in list_pauses(connection) if one.kind == kind} for kind in KINDS}
    return Switches(
        topics=withdrawn_topics(connection) | names["topic"],
        channels=frozenset(names["channel"]),
        texts=maintenance_texts(connection),
    )


def _is(kind: str, name: str) -> object:
    return (pauses.c.kind == kind) & (pauses.c.name == name)
