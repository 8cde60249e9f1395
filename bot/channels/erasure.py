"""Deleting what people wrote: on request with a receipt, and by age."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import delete
from sqlalchemy.engine import Connection

from bot.channels.delivery import erase_deliveries, erase_old_deliveries
from bot.channels.feedback import erase_feedback, feedback
from bot.channels.inbox import erase_inbox, inbox
from bot.channels.outbox import choices, erase_outbox, outbox
from bot.channels.sessions import erase_session, sessions
from bot.core.clock import timestamp
from bot.trackers import conversations, erase_state


@dataclass(frozen=True)
class Receipt:
    """How much was deleted."""

    conversations: int = 0
    messages: int = 0
    answers: int = 0
    votes: int = 0
    sessions: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


def erase_conversation(connection: Connection, conversation: str, *, keep_session: bool = False) -> Receipt:
    """Delete everything of one conversation. `keep_session`: the person goes on writing."""
    erase_deliveries(connection, conversation, keep_open=keep_session)
    return Receipt(
        messages=erase_inbox(connection, conversation),
        answers=erase_outbox(connection, conversation),
        votes=erase_feedback(connection, conversation),
        conversations=erase_state(connection, conversation),
        sessions=0 if keep_session else erase_session(connection, conversation),
    )


def erase_older_than(connection: Connection, hours: float) -> Receipt:
    """Delete messages, answers, votes, states and sessions that nobody has touched for so many hours.

    What was helpful is by then in the counts (bot/insight/counts.py).
    """
    before = timestamp() - hours * 3600
    connection.execute(delete(choices).where(choices.c.created_at < before))
    erase_old_deliveries(connection, before)
    return Receipt(
        messages=int(connection.execute(delete(inbox).where(inbox.c.received_at < before)).rowcount),
        answers=int(connection.execute(delete(outbox).where(outbox.c.created_at < before)).rowcount),
        votes=int(connection.execute(delete(feedback).where(feedback.c.created_at < before)).rowcount),
        sessions=int(connection.execute(delete(sessions).where(sessions.c.seen_at < before)).rowcount),
        conversations=int(
            connection.execute(delete(conversations).where(conversations.c.updated_at < before)).rowcount
        ),
    )
