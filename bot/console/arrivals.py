"""Which account somebody gets who has signed in elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from bot.console.oidc import Identity, role_of
from bot.console.sessions import end_sessions
from bot.console.users import User, create_user, find_by_email, find_by_subject, get_user, link_subject, set_role
from bot.core.errors import UserInputError


def account_for(connection: Connection, identity: Identity, roles: Mapping[str, str], now: float) -> User:
    """Return the account of an identity, made or changed where the issuer's groups say so.

    With a mapping of groups, the groups alone decide: a role now, or no way in. Without one, only people who were
    invited come in, with the role of the invitation. An account with a password of its own is never taken over by an
    address, nor is one whose address the issuer has not verified.

    Raises:
        UserInputError: `oidc_unknown`: there is no account for them; `last_admin`.
    """
    role = role_of(identity.groups, roles)
    if roles and role is None:
        raise UserInputError("oidc_unknown", status=403)
    user = find_by_subject(connection, identity.subject)
    if user is None and identity.email and identity.is_email_verified:
        invited = find_by_email(connection, identity.email)
        if invited and invited.is_invited:
            link_subject(connection, invited.id, identity.subject)
            user = invited
        elif invited is None and role is not None:
            name = identity.name or identity.email
            user = create_user(
                connection, name=name, email=identity.email, role=role, now=now, oidc_subject=identity.subject
            )
    if user is None or user.disabled:
        raise UserInputError("oidc_unknown", status=403)
    if role is not None and role != user.role:
        set_role(connection, user.id, role)
        end_sessions(connection, user.id)
    return get_user(connection, user.id)
