"""The table of withdrawn answers."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Connection

from bot.console.withdrawn import (
    LONGEST_REASON,
    checked_reason,
    find_withdrawal,
    list_withdrawals,
    restore,
    withdraw,
    withdrawn_topics,
)
from bot.core.errors import NotFound, UserInputError
from tests.unit.console.conftest import NOW


def test_an_answer_is_withdrawn_once_and_given_back(connection: Connection) -> None:
    assert withdraw(connection, "repairs", reason="old law", by="amina", now=NOW)
    assert not withdraw(connection, "repairs", reason="again", by="bob", now=NOW + 1)
    found = find_withdrawal(connection, "repairs")
    assert found
    assert (found.reason, found.by, found.at) == ("old law", "amina", NOW)
    assert withdrawn_topics(connection) == {"repairs"}
    assert restore(connection, "repairs") == found
    assert withdrawn_topics(connection) == frozenset()


def test_the_newest_comes_first(connection: Connection) -> None:
    for number, topic in enumerate(("repairs", "pests", "noise")):
        withdraw(connection, topic, reason="", by="amina", now=NOW + number)
    assert [one.topic for one in list_withdrawals(connection)] == ["noise", "pests", "repairs"]
    assert all(one.reason for one in list_withdrawals(connection))


@pytest.mark.parametrize("topic", ["", "no_such", "greet", "../repairs"])
def test_only_topics_with_an_answer_can_be_withdrawn(connection: Connection, topic: str) -> None:
    with pytest.raises(UserInputError, match="topic"):
        withdraw(connection, topic, reason="x", by="amina", now=NOW)


def test_what_is_not_withdrawn_cannot_be_given_back(connection: Connection) -> None:
    with pytest.raises(NotFound):
        restore(connection, "repairs")


def test_a_reason_is_needed_and_holds_no_number_of_a_person() -> None:
    assert checked_reason(" he is on 07700 900123 ") == "he is on [phone]"
    for reason in ("", "  \n", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(UserInputError, match="reason"):
            checked_reason(reason)
