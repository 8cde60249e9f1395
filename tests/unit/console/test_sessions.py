"""Sessions: how long they last, what ends them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.console.sessions import (
    CODE,
    ENROL,
    FULL,
    IDLE_SECONDS,
    LONGEST_SECONDS,
    PENDING_SECONDS,
    STEP_UP_SECONDS,
    end_sessions,
    find_session,
    open_session,
    sessions,
    step_up,
)
from bot.console.users import User
from tests.unit.console.conftest import NOW


def test_only_the_digest_is_stored(connection: Connection, amina: User) -> None:
    token = open_session(connection, amina.id, FULL, NOW)
    assert token not in str(connection.execute(select(sessions)).all())
    session = find_session(connection, token, NOW)
    assert session
    assert session.user_id == amina.id
    assert find_session(connection, session.token_digest, NOW) is None


def test_a_visit_keeps_it_alive_a_pause_ends_it(connection: Connection, amina: User) -> None:
    token = open_session(connection, amina.id, FULL, NOW)
    assert find_session(connection, token, NOW + IDLE_SECONDS - 1)
    assert find_session(connection, token, NOW + 2 * IDLE_SECONDS - 2)
    assert find_session(connection, token, NOW + 3 * IDLE_SECONDS - 2) is None
    assert find_session(connection, token, NOW) is None


def test_a_day_of_work_ends_it(connection: Connection, amina: User) -> None:
    token, now = open_session(connection, amina.id, FULL, NOW), NOW
    while now + IDLE_SECONDS / 2 < NOW + LONGEST_SECONDS:
        now += IDLE_SECONDS / 2
        assert find_session(connection, token, now)
    assert find_session(connection, token, NOW + LONGEST_SECONDS) is None


@pytest.mark.parametrize("stage", [CODE, ENROL])
def test_half_a_sign_in_does_not_wait_long(connection: Connection, amina: User, stage: str) -> None:
    token = open_session(connection, amina.id, stage, NOW)
    assert find_session(connection, token, NOW + PENDING_SECONDS - 1)
    assert find_session(connection, token, NOW + PENDING_SECONDS) is None


def test_a_step_up_changes_the_token_and_not_the_end(connection: Connection, amina: User) -> None:
    token = open_session(connection, amina.id, FULL, NOW)
    session = find_session(connection, token, NOW)
    assert session
    assert not session.is_stepped_up(NOW)
    raised = step_up(connection, session, NOW + 100)
    assert find_session(connection, token, NOW + 100) is None
    after = find_session(connection, raised, NOW + 100)
    assert after
    assert after.is_stepped_up(NOW + 100 + STEP_UP_SECONDS - 1)
    assert not after.is_stepped_up(NOW + 100 + STEP_UP_SECONDS)
    assert after.signed_in_at == NOW


def test_signing_out_everywhere_keeps_what_is_to_be_kept(connection: Connection, amina: User, admin: User) -> None:
    tokens = [open_session(connection, amina.id, FULL, NOW) for _ in range(3)]
    other = open_session(connection, admin.id, FULL, NOW)
    kept = find_session(connection, tokens[1], NOW)
    assert end_sessions(connection, amina.id, keep=kept) == 2
    assert [bool(find_session(connection, token, NOW)) for token in (*tokens, other)] == [False, True, False, True]
    assert end_sessions(connection, amina.id) == 1


def test_old_sessions_are_swept(connection: Connection, amina: User) -> None:
    for _ in range(3):
        open_session(connection, amina.id, FULL, NOW)
    open_session(connection, amina.id, FULL, NOW + IDLE_SECONDS + 1)
    assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 1
