"""Answers that are withdrawn: in their place people get contacts, until somebody gives the answer back.

The table is the truth for all processes; each keeps what stands in it in a `bot.answers.withdrawn.Withdrawn`. What was
withdrawn before is in the audit list.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Float, String, Table, delete, insert, select
from sqlalchemy.engine import Connection, Row

from bot.answers.load import is_topic
from bot.console.texts import text
from bot.core.database import metadata
from bot.core.errors import NotFound, UserInputError
from bot.core.text import clean, mask

LONGEST_REASON = 300

withdrawn = Table(
    "console_withdrawn",
    metadata,
    Column("topic", String(64), primary_key=True),
    Column("reason", String(LONGEST_REASON), nullable=False),
    Column("by", String(32), nullable=False),  # id of the account
    Column("at", Float, nullable=False),
)


@dataclass(frozen=True)
class Withdrawal:
    """One withdrawn answer."""

    topic: str
    reason: str
    by: str
    at: float


def withdraw(connection: Connection, topic: str, *, reason: str, by: str, now: float) -> bool:
    """Withdraw the answer of a topic; return whether it was given until now.

    Raises:
        UserInputError: `topic`: there is no such topic.
    """
    if not is_topic(topic):
        raise UserInputError("topic", status=422)
    if find_withdrawal(connection, topic):
        return False
    kept = checked_reason(reason or text("flag.unsafe_reason"))
    connection.execute(insert(withdrawn).values(topic=topic, reason=kept, by=by, at=now))
    return True


def restore(connection: Connection, topic: str) -> Withdrawal:
    """Give an answer back; return what was withdrawn.

    Raises:
        NotFound: it is not withdrawn.
    """
    found = get_withdrawal(connection, topic)
    connection.execute(delete(withdrawn).where(withdrawn.c.topic == topic))
    return found


def get_withdrawal(connection: Connection, topic: str) -> Withdrawal:
    """Return the withdrawal of a topic.

    Raises:
        NotFound: it is not withdrawn.
    """
    found = find_withdrawal(connection, topic)
    if found is None:
        raise NotFound(f"{topic!r} is not withdrawn")
    return found


def find_withdrawal(connection: Connection, topic: str) -> Withdrawal | None:
    """Return the withdrawal of a topic, or None."""
    row = connection.execute(select(withdrawn).where(withdrawn.c.topic == topic)).first()
    return _withdrawal(row) if row else None


def list_withdrawals(connection: Connection) -> list[Withdrawal]:
    """Return all withdrawn answers, newest first."""
    return [_withdrawal(row) for row in connection.execute(select(withdrawn).order_by(withdrawn.c.at.desc()))]


def withdrawn_topics(connection: Connection) -> frozenset[str]:
    """Return the topics whose answer is withdrawn."""
    return frozenset(connection.execute(select(withdrawn.c.topic)).scalars())


def checked_reason(reason: str) -> str:
    """Return a reason as it is kept: cleaned, personal data masked.

    Raises:
        UserInputError: `reason`: it is empty or too long.
    """
    kept = mask(clean(reason))
    if not 0 < len(kept) <= LONGEST_REASON:
        raise UserInputError("reason", status=422)
    return kept


def _withdrawal(row: Row) -> Withdrawal:
    return Withdrawal(row.topic, row.reason, row.by, row.at)
