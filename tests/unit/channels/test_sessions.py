"""Sessions: a token opens one, a copied database opens none."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.channels.sessions import erase_session, get_session, open_session, sessions, update_session
from bot.core.errors import UserInputError

SECRET = "s" * 32


def test_a_token_opens_its_session(connection: Connection) -> None:
    token = open_session(connection, SECRET, language="pl", language_hint="en")
    session = get_session(connection, token)
    assert (session.language, session.language_hint, session.area_code) == ("pl", "en", None)


def test_the_token_is_not_stored(connection: Connection) -> None:
    token = open_session(connection, SECRET, language=None, language_hint=None)
    row = connection.execute(select(sessions)).first()
    assert token not in [str(value) for value in row]


def test_two_sessions_are_two_conversations(connection: Connection) -> None:
    first, second = (open_session(connection, SECRET, language=None, language_hint=None) for _ in range(2))
    assert get_session(connection, first).conversation_id != get_session(connection, second).conversation_id


@pytest.mark.parametrize("token", ["", "x" * 43, "' OR 1=1 --", "\udcff" * 20, "a\x00b"])
def test_any_other_token_is_an_unknown_session(token: str, connection: Connection) -> None:
    open_session(connection, SECRET, language=None, language_hint=None)
    with pytest.raises(UserInputError) as caught:
        get_session(connection, token)
    assert (caught.value.code, caught.value.status) == ("unknown_session", 401)


def test_the_stored_digest_is_not_a_token(connection: Connection) -> None:
    open_session(connection, SECRET, language=None, language_hint=None)
    digest = connection.execute(select(sessions.c.token_digest)).scalar()
    with pytest.raises(UserInputError):
        get_session(connection, digest)


def test_language_and_area_are_remembered(connection: Connection) -> None:
    token = open_session(connection, SECRET, language=None, language_hint="en")
    before = connection.execute(select(sessions.c.seen_at)).scalar()
    update_session(connection, get_session(connection, token), language="so", area_code="E09000012", answers=3)
    session = get_session(connection, token)
    assert (session.language, session.area_code, session.language_hint) == ("so", "E09000012", "en")
    assert session.answers == 3
    assert connection.execute(select(sessions.c.seen_at)).scalar() >= before


def test_an_erased_session_is_unknown_and_others_stay(connection: Connection) -> None:
    gone, kept = (open_session(connection, SECRET, language=None, language_hint=None) for _ in range(2))
    assert erase_session(connection, get_session(connection, gone).conversation_id) == 1
    assert get_session(connection, kept).conversation_id
    with pytest.raises(UserInputError):
        get_session(connection, gone)


@pytest.mark.parametrize(
    ("language", "hint", "spoken"), [("so", "pl", "so"), (None, "pl", "pl"), (None, None, "en"), ("", "", "en")]
)
def test_a_session_is_spoken_to_in_the_chosen_language_then_the_browsers(
    language: str | None, hint: str | None, spoken: str, connection: Connection
) -> None:
    token = open_session(connection, SECRET, language=language, language_hint=hint)
    assert get_session(connection, token).spoken == spoken


def test_session_erased_during_a_turn_takes_no_more(connection: Connection) -> None:
    token = open_session(connection, SECRET, language=None, language_hint=None)
    session = get_session(connection, token)
    erase_session(connection, session.conversation_id)
    with pytest.raises(UserInputError) as caught:
        update_session(connection, session, language="so", area_code=None, answers=1)
    assert caught.value.code == "unknown_session"
