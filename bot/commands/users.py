"""`doorway users`: the people of the console, by whoever runs the service. The only way to the first administrator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from bot.console.audit import check_chain, record
from bot.console.languages import named_languages
from bot.console.passwords import check_password, hash_password
from bot.console.permissions import ADMIN
from bot.console.sessions import end_sessions
from bot.console.texts import load_texts
from bot.console.users import User, create_user, find_by_email, invite, list_users, set_disabled, set_password
from bot.core.clock import now as current
from bot.core.clock import timestamp
from bot.core.errors import ConfigError, NotFound, UserInputError
from bot.core.settings import Settings, load_settings

T = TypeVar("T")
HOST = "host"  # stands as the role in the audit list: the command line of the server
LOCAL = ("127.0.0.1", "0.0.0.0", "::")  # noqa: S104 — compared only


@dataclass(frozen=True)
class Invited:
    """An account and the link that opens it; no link when it has a password."""

    email: str
    role: str
    link: str


def create_admin(email: str, *, name: str, password: str = "") -> Invited:
    """Make an administrator, with a password or else with a link for choosing one.

    Raises:
        UserInputError: the address is taken or wrong, or the password is weak.
    """
    if password:
        _explained(lambda: check_password(password, (email, name)))
    settings = load_settings()
    hashed = hash_password(password) if password else ""

    def work(connection: Connection) -> Invited:
        user = create_user(connection, name=name, email=email, role=ADMIN, now=timestamp())
        _record(connection, "admin_created", user)
        if hashed:
            set_password(connection, user.id, hashed)
            return Invited(user.email, user.role, "")
        return Invited(user.email, user.role, _link(settings, invite(connection, user.id, timestamp())))

    return _run(settings, work)


def invite_user(email: str, *, name: str, role: str, languages: Sequence[str] = ()) -> Invited:
    """Make an account, or give one that exists a new link: its password and authenticator are then deleted.

    Raises:
        UserInputError: the address, the name, the role or a language is wrong, or a translator has none.
    """
    settings = load_settings()

    def work(connection: Connection) -> Invited:
        user = find_by_email(connection, email)
        if user is None:
            named = named_languages(role, languages)
            user = create_user(connection, name=name or email, email=email, role=role, languages=named, now=timestamp())
            _record(connection, "user_invited", user)
            if named:
                _record(connection, "languages_changed", user, after=" ".join(named))
        elif role != user.role or user.disabled or (languages and named_languages(role, languages) != user.languages):
            raise UserInputError("not_as_it_is", status=422)
        else:
            _record(connection, "user_invited_again", user)
        end_sessions(connection, user.id)
        return Invited(user.email, user.role, _link(settings, invite(connection, user.id, timestamp())))

    return _run(settings, work)


def disable_user(email: str, *, enable: bool = False) -> None:
    """Close an account and sign it out everywhere, or open it again.

    Raises:
        NotFound: there is no such account.
        UserInputError: it is the last administrator.
    """

    def work(connection: Connection) -> None:
        user = find_by_email(connection, email)
        if user is None:
            raise NotFound(f"no account with the address {email}")
        set_disabled(connection, user.id, not enable)
        end_sessions(connection, user.id)
        _record(connection, "user_enabled" if enable else "user_disabled", user)

    _run(load_settings(), work)


def show_users() -> dict[str, Any]:
    """Return the accounts, and how the audit list stands.

    Raises:
        ConfigError: the audit list was changed.
    """

    def work(connection: Connection) -> dict[str, Any]:
        chain = check_chain(connection)
        if chain.broken_at is not None:
            raise ConfigError(f"the audit list was changed: entry {chain.broken_at} does not fit the one before")
        return {
            "users": [
                {
                    "email": user.email,
                    "name": user.name,
                    "role": user.role,
                    "languages": list(user.languages),
                    "state": _state(user),
                }
                for user in list_users(connection)
            ],
            "audit": {"entries": chain.entries, "digest": chain.digest, "at": current().isoformat(timespec="seconds")},
        }

    return _run(load_settings(), work)


def _run(settings: Settings, work: Callable[[Connection], T]) -> T:
    from bot.service import open_database

    database = open_database(settings)
    try:
        return _explained(lambda: database.run_now(work))
    finally:
        database.close()


def _explained(work: Callable[[], T]) -> T:
    """Give an error of the console the console's words: the command line knows only those for people."""
    try:
        return work()
    except UserInputError as error:
        raise UserInputError("bad_request", detail=load_texts().get(f"error.{error.code}", error.code)) from error


def _record(connection: Connection, action: str, user: User, *, after: str = "") -> None:
    record(connection, action, now=timestamp(), role=HOST, object=f"user:{user.id}", after=after or user.role)


def _link(settings: Settings, token: str) -> str:
    host = "localhost" if settings.host in LOCAL else settings.host
    base = settings.public_url.rstrip("/") or f"http://{host}:{settings.port}"
    return f"{base}/console/invitation/{token}"


def _state(user: User) -> str:
    return "disabled" if user.disabled else "invited" if user.is_invited else "open"
