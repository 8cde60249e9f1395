"""What came in, once each: the unique key (conversation, message id) is what makes a retry harmless.

The text is kept masked, for the person's own history, until the retention time.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table, Text, delete, select
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.database import metadata, upsert

inbox = Table(
    "inbox",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("message_id", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("received_at", Float, nullable=False, index=True),
)


def accept(connection: Connection, conversation: str, message_id: str, masked_text: str) -> bool:
    """Record a message; return False when it had been recorded before."""
    row = {
        "conversation_id": conversation,
        "message_id": message_id,
        "text": masked_text,
        "received_at": timestamp(),
    }
    return bool(connection.execute(upsert(inbox), row).rowcount)


def has_message(connection: Connection, conversation: str, message_id: str) -> bool:
    """Whether a message was recorded."""
    found = select(inbox.c.message_id).where(inbox.c.conversation_id == conversation, inbox.c.message_id == message_id)
    return connection.execute(found).first() is not None


def erase_inbox(connection: Connection, conversation: str) -> int:
    """Delete what a conversation sent; return how many messages."""
    return int(connection.execute(delete(inbox).where(inbox.c.conversation_id == conversation)).rowcount)
