"""The table of flags."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.console.flags import (
    IN_WORK,
    KINDS,
    LONGEST_COMMENT,
    OPEN,
    SETTLED,
    Flag,
    change_flag,
    count_flags,
    get_flag,
    list_flags,
    make_flag,
)
from bot.core.errors import NotFound, UserInputError
from tests.unit.console.conftest import NOW


def flag(connection: Connection, **changed: Any) -> Flag:
    """Make a flag."""
    fields = {"kind": "wrong", "topic": "repairs", "language": "ur", "by": "amina", "now": NOW} | changed
    return make_flag(connection, **fields)


def test_a_flag_is_kept_as_it_was_made(connection: Connection) -> None:
    made = flag(connection, suggested="pests", comment=" rats, not a leak ")
    assert get_flag(connection, made.id) == made
    assert (made.state, made.owner, made.comment, made.suggested) == (OPEN, "", "rats, not a leak", "pests")


def test_a_comment_is_masked(connection: Connection) -> None:
    made = flag(connection, comment="write to amina@example.org or 07700 900123")
    assert get_flag(connection, made.id).comment == "write to [email] or [phone]"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "rude"}, "flag_kind"),
        ({"topic": "no_such"}, "topic"),
        ({"suggested": "no_such"}, "topic"),
        ({"language": "xx"}, "language"),
        ({"comment": "x" * (LONGEST_COMMENT + 1)}, "comment_long"),
    ],
)
def test_what_cannot_be_is_refused(connection: Connection, changed: dict[str, str], code: str) -> None:
    with pytest.raises(UserInputError, match=code):
        flag(connection, **changed)
    assert list_flags(connection) == []


def test_an_answer_without_a_topic_can_be_flagged(connection: Connection) -> None:
    assert flag(connection, topic="").topic == ""


def test_unsafe_ones_come_first_then_the_newest(connection: Connection) -> None:
    for number, kind in enumerate(("unsafe", "wrong", "other")):
        flag(connection, kind=kind, now=NOW + number)
    assert [one.kind for one in list_flags(connection)] == ["unsafe", "other", "wrong"]


def test_state_and_owner_are_changed_and_counted(connection: Connection) -> None:
    first, second = flag(connection), flag(connection)
    before = change_flag(connection, first.id, state=IN_WORK, owner="bob", now=NOW + 9)
    assert before == first
    after = get_flag(connection, first.id)
    assert (after.state, after.owner, after.changed_at, after.made_at) == (IN_WORK, "bob", NOW + 9, NOW)
    assert get_flag(connection, second.id) == second
    assert count_flags(connection) == {"open": 1, "in_work": 1, "settled": 0, "rejected": 0}
    assert [one.id for one in list_flags(connection, state=IN_WORK)] == [first.id]
    assert list_flags(connection, state=SETTLED) == []


def test_a_state_that_is_none_is_refused(connection: Connection) -> None:
    made = flag(connection)
    with pytest.raises(UserInputError, match="flag_state"):
        change_flag(connection, made.id, state="lost", owner="", now=NOW)
    with pytest.raises(NotFound):
        change_flag(connection, "0" * 32, state=SETTLED, owner="", now=NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_made(connection: Connection, kind: str) -> None:
    assert flag(connection, kind=kind).kind == kind
