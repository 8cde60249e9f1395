"""Accounts of the console. An account is invited, then has a password and an authenticator, or a sign-in elsewhere."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, String, Table, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.console.permissions import ADMIN, ROLES
from bot.core.database import metadata
from bot.core.errors import NotFound, UserInputError
from bot.core.ids import new_token, token_digest

INVITATION_SECONDS = 24 * 3600.0
LONGEST_NAME, LONGEST_EMAIL, LONGEST_LANGUAGES = 80, 254, 200
EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+")

users = Table(
    "console_users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("email", String(LONGEST_EMAIL), nullable=False, unique=True),  # in lower case
    Column("role", String(16), nullable=False),
    Column("password_hash", String(255)),
    Column("totp_secret", String(255)),  # sealed
    Column("totp_enrolled", Boolean, nullable=False, default=False),
    Column("totp_step", Integer, nullable=False, default=0),  # the last time step whose code was taken
    Column("oidc_subject", String(512), unique=True),  # "<issuer> <subject>"
    Column("disabled", Boolean, nullable=False, default=False),
    Column("invitation_digest", String(64), unique=True),
    Column("invitation_expires_at", Float),
    Column("created_at", Float, nullable=False),
    Column("signed_in_at", Float),
    Column("languages", String(LONGEST_LANGUAGES), nullable=False, server_default=""),  # tags with spaces between
)


@dataclass(frozen=True)
class User:
    """An account."""

    id: str
    name: str
    email: str
    role: str
    password_hash: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_enrolled: bool
    oidc_subject: str | None
    disabled: bool
    invitation_expires_at: float | None
    created_at: float
    signed_in_at: float | None
    languages: tuple[str, ...]  # tags of those worked in, see bot/console/languages.py

    @property
    def is_invited(self) -> bool:
        """Whether nobody has taken the invitation up yet."""
        return self.password_hash is None and self.oidc_subject is None


def is_open(connection: Connection) -> bool:
    """Whether there is an administrator: without one there is no console."""
    admins = select(users.c.id).where(users.c.role == ADMIN, users.c.disabled.is_(False)).limit(1)
    return connection.execute(admins).first() is not None


def list_users(connection: Connection) -> list[User]:
    """Return all accounts by name."""
    return [_user(row) for row in connection.execute(select(users).order_by(func.lower(users.c.name), users.c.id))]


def get_user(connection: Connection, user_id: str) -> User:
    """Return an account.

    Raises:
        NotFound: there is none of this id.
    """
    return _get(connection, users.c.id == user_id)


def find_by_email(connection: Connection, email: str) -> User | None:
    """Return the account of an address, or None."""
    return _find(connection, users.c.email == email.strip().lower())


def find_by_subject(connection: Connection, subject: str) -> User | None:
    """Return the account of somebody who signs in elsewhere, or None."""
    return _find(connection, users.c.oidc_subject == subject)


def find_invited(connection: Connection, token: str, now: float) -> User | None:
    """Return the account an invitation is for, or None when it was used, replaced or is too old."""
    is_valid = (users.c.invitation_expires_at > now) & users.c.disabled.is_(False)
    return _find(connection, (users.c.invitation_digest == token_digest(token)) & is_valid)


def create_user(
    connection: Connection,
    *,
    name: str,
    email: str,
    role: str,
    now: float,
    languages: tuple[str, ...] = (),
    oidc_subject: str | None = None,
) -> User:
    """Create an account that nobody can sign in to yet, unless by `oidc_subject`.

    Raises:
        UserInputError: `name`, `email`, `role` or `email_taken`.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise UserInputError("name", status=422)
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise UserInputError("email", status=422)
    _check_role(role)
    if find_by_email(connection, email):
        raise UserInputError("email_taken", status=422)
    user_id = secrets.token_hex(16)
    row = {"id": user_id, "name": name, "email": email, "role": role, "created_at": now, "oidc_subject": oidc_subject}
    connection.execute(insert(users).values(**row, languages=" ".join(languages)))
    return get_user(connection, user_id)


def invite(connection: Connection, user_id: str, now: float) -> str:
    """Return a token with which an account sets a new password and authenticator, once, within a day.

    What was there before is worth nothing from now on.

    Raises:
        NotFound: there is no such account.
    """
    token = new_token()
    _change(
        connection,
        user_id,
        invitation_digest=token_digest(token),
        invitation_expires_at=now + INVITATION_SECONDS,
        password_hash=None,
        totp_secret=None,
        totp_enrolled=False,
    )
    return token


def accept_invitation(connection: Connection, token: str, password_hash: str, now: float) -> User | None:
    """Give an invited account its password; None when the invitation was used up in the meantime or is too old."""
    user = find_invited(connection, token, now)
    if user is None:
        return None
    used = connection.execute(
        update(users)
        .where(users.c.id == user.id, users.c.invitation_digest == token_digest(token))
        .values(password_hash=password_hash, invitation_digest=None, invitation_expires_at=None)
    )
    return get_user(connection, user.id) if used.rowcount else None


def set_password(connection: Connection, user_id: str, password_hash: str) -> None:
    """Store a new password."""
    _change(connection, user_id, password_hash=password_hash)


def set_totp(connection: Connection, user_id: str, sealed_secret: str) -> None:
    """Store the secret of an authenticator that has shown a right code."""
    _change(connection, user_id, totp_secret=sealed_secret, totp_enrolled=True)


def take_step(connection: Connection, user_id: str, step: int) -> bool:
    """Use up the code of a time step; False when it or a later one was used before."""
    statement = update(users).where(users.c.id == user_id, users.c.totp_step < step).values(totp_step=step)
    return bool(connection.execute(statement).rowcount)


def link_subject(connection: Connection, user_id: str, subject: str) -> None:
    """From now on an invited account signs in elsewhere."""
    _change(connection, user_id, oidc_subject=subject, invitation_digest=None, invitation_expires_at=None)


def set_role(connection: Connection, user_id: str, role: str) -> None:
    """Give an account a role.

    Raises:
        UserInputError: `role`: there is no such role; `last_admin`: nobody could manage the console.
    """
    _check_role(role)
    if role != ADMIN:
        _keep_an_admin(connection, user_id)
    _change(connection, user_id, role=role)


def set_languages(connection: Connection, user_id: str, languages: tuple[str, ...]) -> None:
    """Say in which languages an account works: tags as `named_languages` gives them."""
    _change(connection, user_id, languages=" ".join(languages))


def set_disabled(connection: Connection, user_id: str, disabled: bool) -> None:
    """Close an account, or open it again.

    Raises:
        UserInputError: `last_admin`: nobody could manage the console.
    """
    if disabled:
        _keep_an_admin(connection, user_id)
    _change(connection, user_id, disabled=disabled)


def note_sign_in(connection: Connection, user_id: str, now: float) -> None:
    """Remember when somebody signed in last."""
    _change(connection, user_id, signed_in_at=now)


def _keep_an_admin(connection: Connection, user_id: str) -> None:
    others = [one for one in list_users(connection) if one.role == ADMIN and not one.disabled and one.id != user_id]
    if get_user(connection, user_id).role == ADMIN and not others:
        raise UserInputError("last_admin", status=422)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise UserInputError("role", status=422)


def _change(connection: Connection, user_id: str, **values: Any) -> None:
    if not connection.execute(update(users).where(users.c.id == user_id).values(**values)).rowcount:
        raise NotFound("account")


def _get(connection: Connection, condition: Any) -> User:
    found = _find(connection, condition)
    if found is None:
        raise NotFound("account")
    return found


def _find(connection: Connection, condition: Any) -> User | None:
    row = connection.execute(select(users).where(condition)).first()
    return _user(row) if row else None


def _user(row: Row) -> User:
    values = {name: getattr(row, name) for name in User.__dataclass_fields__}
    return User(**values | {"languages": tuple(row.languages.split())})
