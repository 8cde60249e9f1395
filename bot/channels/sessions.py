"""Sessions of the web channel: a random token in the client's hands, its digest here.

A session knows the language the person chose and the area, nothing else. It ends after the retention time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Float, Integer, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.core.clock import timestamp
from bot.core.database import metadata
from bot.core.errors import UserInputError
from bot.core.ids import conversation_id, new_token, token_digest
from bot.i18n.locales import SOURCE_LANGUAGE

sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("language", String(16)),
    Column("language_hint", String(16)),
    Column("area_code", String(16)),
    Column("answers", Integer, nullable=False, default=0),  # how many were given: numbers go on after an erasure
    Column("seen_at", Float, nullable=False, index=True),
)


@dataclass(frozen=True)
class Session:
    """An open session."""

    token_digest: str
    conversation_id: str
    language: str | None
    language_hint: str | None
    area_code: str | None
    answers: int

    @property
    def spoken(self) -> str:
        """The language to speak: chosen, else the browser's, else English."""
        return self.language or self.language_hint or SOURCE_LANGUAGE


def open_session(connection: Connection, secret: str, *, language: str | None, language_hint: str | None) -> str:
    """Create a session and return its token, which is not stored."""
    token = new_token()
    digest = token_digest(token)
    connection.execute(
        insert(sessions).values(
            token_digest=digest,
            conversation_id=conversation_id(secret, "web", digest),
            language=language,
            language_hint=language_hint,
            seen_at=timestamp(),
        )
    )
    return token


def session_of(connection: Connection, channel: str, conversation: str, language_hint: str | None) -> Session:
    """Return the session of a conversation on a messaging platform; a new one where there is none.

    What stands in place of the token's digest is no digest: no token opens such a session on the web.
    """
    key = f"{channel}:{conversation}"
    row = connection.execute(select(sessions).where(sessions.c.token_digest == key)).first()
    if row is None:
        new = {"token_digest": key, "conversation_id": conversation, "language_hint": language_hint, "answers": 0}
        connection.execute(insert(sessions).values(**new, seen_at=timestamp()))
        return Session(key, conversation, None, language_hint, None, 0)
    return _session(row)


def get_session(connection: Connection, token: str) -> Session:
    """Return the session of a token.

    Raises:
        UserInputError: `unknown_session`: never given out, erased or past its time.
    """
    row = connection.execute(select(sessions).where(sessions.c.token_digest == token_digest(token))).first()
    if row is None:
        raise UserInputError("unknown_session", status=401)
    return _session(row)


def update_session(
    connection: Connection, session: Session, *, language: str | None, area_code: str | None, answers: int
) -> None:
    """Remember the language, the area and the number of answers, and that the session is alive.

    Raises:
        UserInputError: `unknown_session`: it was erased while the answer was made. Nothing may be stored then.
    """
    changed = connection.execute(
        update(sessions)
        .where(sessions.c.token_digest == session.token_digest)
        .values(language=language, area_code=area_code, answers=answers, seen_at=timestamp())
    )
    if not changed.rowcount:
        raise UserInputError("unknown_session", status=401)


def erase_session(connection: Connection, conversation: str) -> int:
    """Delete the sessions of a conversation; return how many."""
    return int(connection.execute(delete(sessions).where(sessions.c.conversation_id == conversation)).rowcount)


def _session(row: Any) -> Session:
    return Session(row.token_digest, row.conversation_id, row.language, row.language_hint, row.area_code, row.answers)
