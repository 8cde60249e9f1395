"""Accounts: invitations, roles, the last administrator."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Connection

from bot.console.users import (
    INVITATION_SECONDS,
    User,
    accept_invitation,
    create_user,
    find_by_email,
    find_invited,
    get_user,
    invite,
    is_open,
    link_subject,
    list_users,
    set_disabled,
    set_password,
    set_role,
    set_totp,
    take_step,
)
from bot.core.errors import NotFound, UserInputError
from tests.unit.console.conftest import NOW


def test_an_address_is_one_account_however_it_is_written(connection: Connection, amina: User) -> None:
    assert amina.email == "amina@example.org"
    assert find_by_email(connection, " AMINA@example.org") == amina
    with pytest.raises(UserInputError, match="email_taken"):
        create_user(connection, name="Other", email="AMINA@EXAMPLE.ORG", role="viewer", now=NOW)


def test_ids_cannot_be_counted_through(connection: Connection, amina: User, admin: User) -> None:
    assert len(amina.id) == 32
    assert amina.id != admin.id
    with pytest.raises(NotFound):
        get_user(connection, "1")


def test_people_are_listed_by_name(connection: Connection, admin: User, amina: User) -> None:
    assert list_users(connection) == [amina, admin]


def test_an_invitation_is_taken_up_once_and_in_time(connection: Connection, amina: User) -> None:
    token = invite(connection, amina.id, NOW)
    assert find_invited(connection, token, NOW + INVITATION_SECONDS - 1) == get_user(connection, amina.id)
    assert find_invited(connection, token, NOW + INVITATION_SECONDS) is None
    assert find_invited(connection, token[:-1], NOW) is None
    taken = accept_invitation(connection, token, "hash", NOW)
    assert taken
    assert not taken.is_invited
    assert accept_invitation(connection, token, "other hash", NOW) is None
    assert get_user(connection, amina.id).password_hash == "hash"


def test_a_new_invitation_takes_everything_back(connection: Connection, amina: User) -> None:
    set_password(connection, amina.id, "hash")
    set_totp(connection, amina.id, "sealed")
    first, second = invite(connection, amina.id, NOW), invite(connection, amina.id, NOW)
    user = get_user(connection, amina.id)
    assert (user.password_hash, user.totp_secret, user.totp_enrolled) == (None, None, False)
    assert find_invited(connection, first, NOW) is None
    assert find_invited(connection, second, NOW)


def test_a_closed_account_takes_up_no_invitation(connection: Connection, amina: User) -> None:
    token = invite(connection, amina.id, NOW)
    set_disabled(connection, amina.id, True)
    assert find_invited(connection, token, NOW) is None


def test_signing_in_elsewhere_uses_the_invitation_up(connection: Connection, amina: User) -> None:
    token = invite(connection, amina.id, NOW)
    link_subject(connection, amina.id, "https://login.example 1")
    assert find_invited(connection, token, NOW) is None
    assert not get_user(connection, amina.id).is_invited


def test_a_time_step_is_used_up_with_all_before_it(connection: Connection, amina: User) -> None:
    assert [take_step(connection, amina.id, step) for step in (10, 10, 9, 11)] == [True, False, False, True]


def test_the_console_is_open_with_an_administrator_alone(connection: Connection, amina: User) -> None:
    assert not is_open(connection)
    create_user(connection, name="Bob", email="bob@example.org", role="admin", now=NOW)
    assert is_open(connection)


def test_the_last_administrator_stays(connection: Connection, amina: User, admin: User) -> None:
    with pytest.raises(UserInputError, match="last_admin"):
        set_role(connection, admin.id, "editor")
    with pytest.raises(UserInputError, match="last_admin"):
        set_disabled(connection, admin.id, True)
    set_role(connection, amina.id, "admin")
    set_disabled(connection, admin.id, True)
    with pytest.raises(UserInputError, match="last_admin"):
        set_role(connection, amina.id, "viewer")


def test_no_secret_shows_when_an_account_is_printed(connection: Connection, amina: User) -> None:
    set_password(connection, amina.id, "the hash")
    set_totp(connection, amina.id, "the seal")
    printed = repr(get_user(connection, amina.id))
    assert "the hash" not in printed
    assert "the seal" not in printed
