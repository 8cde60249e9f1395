"""Flags: an adviser says that an answer is wrong. The question is not kept, only the topic, the language and a comment.

A flag goes from `open` over `in_work` to `settled` or `rejected`, and can be opened again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Column, Float, String, Table, Text, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.answers.load import is_topic, load_dialogue_acts
from bot.core.database import metadata
from bot.core.errors import NotFound, UserInputError
from bot.core.text import clean, mask
from bot.i18n.locales import find_locale

UNSAFE = "unsafe"
KINDS = ("wrong", UNSAFE, "outdated", "translation", "missing", "other")
OPEN, IN_WORK, SETTLED, REJECTED = "open", "in_work", "settled", "rejected"
STATES = (OPEN, IN_WORK, SETTLED, REJECTED)
LONGEST_COMMENT = 1000
SHOWN = 200

flags = Table(
    "console_flags",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("topic", String(64), nullable=False),  # of the answer; empty where it had none
    Column("language", String(16), nullable=False),
    Column("suggested", String(64), nullable=False),  # topic it should have been; empty for none
    Column("comment", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("owner", String(32), nullable=False),  # id of the account that looks after it; empty for nobody
    Column("made_by", String(32), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("changed_at", Float, nullable=False),
)


@dataclass(frozen=True)
class Flag:
    """What is wrong with an answer, and how far it is looked after."""

    id: str
    kind: str
    topic: str
    language: str
    suggested: str
    comment: str
    state: str
    owner: str
    made_by: str
    made_at: float
    changed_at: float


def is_expected(topic: str) -> bool:
    """Whether a message may be about this: a topic, or a dialogue act like a greeting."""
    return is_topic(topic) or topic in load_dialogue_acts()


def make_flag(
    connection: Connection,
    *,
    kind: str,
    topic: str,
    language: str,
    by: str,
    now: float,
    suggested: str = "",
    comment: str = "",
) -> Flag:
    """Keep a new flag. Personal data in the comment are masked.

    Args:
        topic: of the answer; empty where it had none.
        suggested: the topic it should have been about; empty for none.

    Raises:
        UserInputError: `flag_kind`, `topic`, `language` or `comment_long`.
    """
    if kind not in KINDS:
        raise UserInputError("flag_kind", status=422)
    if (topic and not is_expected(topic)) or (suggested and not is_expected(suggested)):
        raise UserInputError("topic", status=422)
    locale = find_locale(language)
    if locale is None:
        raise UserInputError("language", status=422)
    comment = mask(clean(comment))
    if len(comment) > LONGEST_COMMENT:
        raise UserInputError("comment_long", status=422)
    flag = Flag(secrets.token_hex(16), kind, topic, locale.tag, suggested, comment, OPEN, "", by, now, now)
    connection.execute(insert(flags).values(**vars(flag)))
    return flag


def get_flag(connection: Connection, flag_id: str) -> Flag:
    """Return a flag.

    Raises:
        NotFound: there is none of this id.
    """
    row = connection.execute(select(flags).where(flags.c.id == flag_id)).first()
    if row is None:
        raise NotFound("no such flag")
    return _flag(row)


def list_flags(connection: Connection, *, state: str = "", limit: int = SHOWN) -> list[Flag]:
    """Return flags, unsafe ones first, then the newest. `state`: only those in it."""
    statement = select(flags).order_by(flags.c.kind != UNSAFE, flags.c.made_at.desc(), flags.c.id).limit(limit)
    return [_flag(row) for row in connection.execute(statement.where(flags.c.state == state) if state else statement)]


def count_flags(connection: Connection) -> dict[str, int]:
    """Return how many flags are in each state."""
    numbers = dict.fromkeys(STATES, 0)
    for state, number in connection.execute(select(flags.c.state, func.count()).group_by(flags.c.state)):
        numbers[state] = number
    return numbers


def change_flag(connection: Connection, flag_id: str, *, state: str, owner: str, now: float) -> Flag:
    """Set state and owner (empty for nobody); return the flag as it was.

    Raises:
        NotFound: there is none of this id.
        UserInputError: `flag_state`.
    """
    before = get_flag(connection, flag_id)
    if state not in STATES:
        raise UserInputError("flag_state", status=422)
    connection.execute(update(flags).where(flags.c.id == flag_id).values(state=state, owner=owner, changed_at=now))
    return before


def _flag(row: Row) -> Flag:
    return Flag(**{name: getattr(row, name) for name in Flag.__dataclass_fields__})
