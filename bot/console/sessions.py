"""Who is signed in: a random token in the browser's cookie, its digest here. It ends after a pause or a day's work."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Float, ForeignKey, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.console.users import users
from bot.core.database import metadata
from bot.core.ids import new_token, token_digest

IDLE_SECONDS = 30 * 60.0
LONGEST_SECONDS = 12 * 3600.0
PENDING_SECONDS = 10 * 60.0  # for the code after the password
STEP_UP_SECONDS = 10 * 60.0
TOUCH_SECONDS = 60.0  # a visit is written down no more often

CODE, ENROL, FULL = "code", "enrol", "full"  # what is still missing: a code, an authenticator, nothing

sessions = Table(
    "console_sessions",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey(users.c.id), nullable=False, index=True),
    Column("stage", String(8), nullable=False),
    Column("signed_in_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("stepped_up_at", Float),
)


@dataclass(frozen=True)
class Session:
    """A signed-in browser, or one on its way."""

    token_digest: str
    user_id: str
    stage: str
    signed_in_at: float
    seen_at: float
    stepped_up_at: float | None

    def is_stepped_up(self, now: float) -> bool:
        """Whether a code was given lately enough for what is dangerous."""
        return self.stepped_up_at is not None and now - self.stepped_up_at < STEP_UP_SECONDS

    def is_fresh(self, now: float) -> bool:
        """Whether the sign-in is so recent that a first authenticator may be added."""
        return now - self.signed_in_at < STEP_UP_SECONDS


def open_session(connection: Connection, user_id: str, stage: str, now: float, *, stepped_up: bool = False) -> str:
    """Create a session and return its token, which is not stored. Old sessions of everybody are swept."""
    connection.execute(
        delete(sessions).where(
            (sessions.c.seen_at < now - IDLE_SECONDS) | (sessions.c.signed_in_at < now - LONGEST_SECONDS)
        )
    )
    token = new_token()
    row = {"user_id": user_id, "stage": stage, "signed_in_at": now, "seen_at": now}
    connection.execute(
        insert(sessions).values(token_digest=token_digest(token), stepped_up_at=now if stepped_up else None, **row)
    )
    return token


def find_session(connection: Connection, token: str, now: float) -> Session | None:
    """Return the session of a token and keep it alive; None when it was ended or is past its time."""
    row = connection.execute(select(sessions).where(sessions.c.token_digest == token_digest(token))).first()
    if row is None:
        return None
    session = Session(**{name: getattr(row, name) for name in Session.__dataclass_fields__})
    longest = LONGEST_SECONDS if session.stage == FULL else PENDING_SECONDS
    if now - session.seen_at >= IDLE_SECONDS or now - session.signed_in_at >= longest:
        end_session(connection, session)
        return None
    if now - session.seen_at >= TOUCH_SECONDS:
        is_this = sessions.c.token_digest == session.token_digest
        connection.execute(update(sessions).where(is_this).values(seen_at=now))
    return session


def step_up(connection: Connection, session: Session, now: float) -> str:
    """Mark that a code was given just now; return the new token, the old one is worth nothing."""
    token = new_token()
    connection.execute(
        update(sessions)
        .where(sessions.c.token_digest == session.token_digest)
        .values(token_digest=token_digest(token), seen_at=now, stepped_up_at=now)
    )
    return token


def end_session(connection: Connection, session: Session) -> None:
    """Sign out."""
    connection.execute(delete(sessions).where(sessions.c.token_digest == session.token_digest))


def end_sessions(connection: Connection, user_id: str, *, keep: Session | None = None) -> int:
    """Sign an account out everywhere, but not in the session to keep; return how many were ended."""
    statement = delete(sessions).where(sessions.c.user_id == user_id)
    if keep:
        statement = statement.where(sessions.c.token_digest != keep.token_digest)
    return int(connection.execute(statement).rowcount)
