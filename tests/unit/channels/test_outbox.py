"""The outbox: numbered answers, and buttons only their own conversation can press."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.channels.outbox import (
    Button,
    answers_after,
    answers_to,
    erase_outbox,
    find_choice,
    find_typed_choice,
    put,
    put_choices,
)


def test_answers_are_numbered_through_a_conversation(connection: Connection) -> None:
    assert put(connection, "c1", "m1", [{"text": "a"}, {"text": "b"}], last=0) == [
        {"text": "a", "number": 1}, {"text": "b", "number": 2},
    ]  # fmt: skip
    assert put(connection, "c1", "m2", [{"text": "c"}], last=2) == [{"text": "c", "number": 3}]
    assert put(connection, "c2", "m1", [{"text": "d"}], last=0) == [{"text": "d", "number": 1}]


def test_no_answers_change_nothing(connection: Connection) -> None:
    assert put(connection, "c1", "m1", [], last=0) == []
    assert put(connection, "c1", "m2", [{}], last=0) == [{"number": 1}]


def test_answers_to_one_message_come_back_in_order(connection: Connection) -> None:
    stored = put(connection, "c1", "m1", [{"text": "ż"}, {"text": "ب"}], last=0)
    put(connection, "c1", "m2", [{"text": "c"}], last=2)
    assert answers_to(connection, "c1", "m1") == stored
    assert answers_to(connection, "c2", "m1") == []


@pytest.mark.parametrize(("after", "numbers"), [(0, [1, 2, 3]), (2, [3]), (3, []), (-1, [1, 2, 3]), (10**9, [])])
def test_a_client_gets_what_it_has_not_seen(after: int, numbers: list[int], connection: Connection) -> None:
    put(connection, "c1", "m1", [{}, {}, {}], last=0)
    assert [body["number"] for body in answers_after(connection, "c1", after)] == numbers


def test_a_button_works_in_its_own_conversation_only(connection: Connection) -> None:
    put_choices(connection, "c1", {"id1": Button("topic:repairs", "Title"), "id2": Button("act:restart", "Title")})
    assert find_choice(connection, "c1", "id1") == Button("topic:repairs", "Title")
    assert find_choice(connection, "c2", "id1") is None
    assert find_choice(connection, "c1", "topic:repairs") is None


def test_no_buttons_are_fine_and_one_id_cannot_mean_two_things(connection: Connection) -> None:
    put_choices(connection, "c1", {})
    put_choices(connection, "c1", {"id1": Button("topic:repairs", "Title")})
    with pytest.raises(IntegrityError):
        put_choices(connection, "c2", {"id1": Button("topic:noise", "Title")})


def test_erasing_takes_answers_and_buttons_of_one_conversation(connection: Connection) -> None:
    for conversation in ("c1", "c2"):
        put(connection, conversation, "m1", [{}, {}], last=0)
        put_choices(connection, conversation, {f"id-{conversation}": Button("topic:repairs", "Title")})
    assert erase_outbox(connection, "c1") == 2
    assert answers_after(connection, "c1", 0) == []
    assert find_choice(connection, "c1", "id-c1") is None
    assert find_choice(connection, "c2", "id-c2") == Button("topic:repairs", "Title")
    assert len(answers_after(connection, "c2", 0)) == 2


def _choice(key: str, title: str, number: int | None = None) -> dict[str, object]:
    return {"id": key, "title": title, **({} if number is None else {"number": number})}


@pytest.mark.parametrize(
    ("typed", "found"), [("1", "a"), ("২", "b"), ("2.", "b"), ("bins", "b"), ("3", None), ("", None)]
)
def test_a_typed_number_or_title_means_a_button_of_the_last_answer(
    typed: str, found: str | None, connection: Connection
) -> None:
    put(connection, "c1", "m1", [{"choices": [_choice("x", "Old")]}], last=0)
    put(connection, "c1", "m2", [{"choices": [_choice("a", "Repairs"), _choice("b", "Bins")]}], last=1)
    assert find_typed_choice(connection, "c1", typed) == found
    assert find_typed_choice(connection, "c2", typed) is None


def test_numbers_that_were_shown_run_through_all_answers_of_a_turn(connection: Connection) -> None:
    bodies = [{"choices": [_choice("a", "Repairs", 1)]}, {"choices": [_choice("b", "English", 2)]}]
    put(connection, "c1", "m1", bodies, last=0)
    assert [find_typed_choice(connection, "c1", typed) for typed in ("1", "2", "3", "repairs")] == ["a", "b", None, "a"]


def test_choices_without_numbers_beside_numbered_ones_are_named_by_title_only(connection: Connection) -> None:
    bodies = [{"choices": [_choice("a", "Repairs")]}, {"choices": [_choice("b", "English", 1)]}]
    put(connection, "c1", "m1", bodies, last=0)
    assert find_typed_choice(connection, "c1", "1") == "b"
