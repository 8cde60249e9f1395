"""Tests made from flags: who may approve them, what is written, and that nothing trained on becomes one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.console.cases import (
    APPROVED,
    LONGEST,
    REFUSED,
    WAITING,
    Case,
    case_line,
    is_written,
    judge_case,
    list_cases,
    masked_question,
    propose_case,
    write_case,
)
from bot.console.flags import make_flag
from bot.console.trained import is_trained, training_texts
from bot.core.errors import NotFound, UserInputError
from tests.unit.console.conftest import NOW

QUESTION = "Szczur przebiegł mi po nodze w kuchni"


def case(connection: Connection, **changed: Any) -> Case:
    """Propose a case from a flag that amina made."""
    flag = make_flag(connection, kind="wrong", topic="repairs", language="pl", by="amina", now=NOW)
    fields = {"text": QUESTION, "language": "pl", "topic": "pests", "by": "bob", "now": NOW} | changed
    return propose_case(connection, flag.id, **fields)


def test_a_question_is_masked_and_put_into_one_line() -> None:
    assert masked_question(" Call me\non 07700 900123,  at 12 High Street ") == "Call me on [phone], at [address]"


@pytest.mark.parametrize(
    ("question", "code"), [("", "question"), (" \u200b\n", "question"), ("x" * (LONGEST + 1), "question_long")]
)
def test_a_question_must_be_one(question: str, code: str) -> None:
    with pytest.raises(UserInputError) as raised:
        masked_question(question)
    assert raised.value.code == code


def test_a_third_person_approves(connection: Connection) -> None:
    proposed = case(connection)
    assert proposed.state == WAITING
    approved = judge_case(connection, proposed.id, is_approved=True, by="carol", now=NOW + 5)
    assert (approved.state, approved.judged_by, approved.judged_at, approved.text) == (
        APPROVED,
        "carol",
        NOW + 5,
        QUESTION,
    )
    assert list_cases(connection, state=APPROVED, language="pl") == [approved]


@pytest.mark.parametrize("person", ["amina", "bob"])
@pytest.mark.parametrize("is_approved", [True, False])
def test_nobody_decides_about_their_own_work(connection: Connection, person: str, is_approved: bool) -> None:
    proposed = case(connection)
    with pytest.raises(UserInputError, match="own_case"):
        judge_case(connection, proposed.id, is_approved=is_approved, by=person, now=NOW)
    assert list_cases(connection, state=WAITING) == [proposed]


def test_it_is_decided_once(connection: Connection) -> None:
    proposed = case(connection)
    judge_case(connection, proposed.id, is_approved=False, by="carol", now=NOW)
    with pytest.raises(UserInputError, match="case_judged"):
        judge_case(connection, proposed.id, is_approved=True, by="carol", now=NOW)


def test_the_text_of_a_refused_one_is_gone_and_may_come_again(connection: Connection) -> None:
    refused = judge_case(connection, case(connection).id, is_approved=False, by="carol", now=NOW)
    assert (refused.state, refused.text) == (REFUSED, "")
    assert case(connection).state == WAITING


@pytest.mark.parametrize(
    ("changed", "code"), [({"topic": "no_such"}, "topic"), ({"topic": ""}, "topic"), ({"language": "xx"}, "language")]
)
def test_a_case_names_what_there_is(connection: Connection, changed: dict[str, str], code: str) -> None:
    with pytest.raises(UserInputError, match=code):
        case(connection, **changed)


def test_the_same_question_is_not_proposed_twice(connection: Connection) -> None:
    case(connection)
    with pytest.raises(UserInputError, match="case_known"):
        case(connection)


def test_a_case_comes_from_a_flag(connection: Connection) -> None:
    with pytest.raises(NotFound):
        propose_case(connection, "0" * 32, text=QUESTION, language="pl", topic="pests", by="bob", now=NOW)


def test_it_is_written_once_in_the_form_of_the_other_messages(connection: Connection, tmp_path: Path) -> None:
    proposed = case(connection)
    folder = tmp_path / "cases"
    assert not is_written(proposed, folder)
    assert write_case(proposed, folder)
    assert write_case(proposed, folder)
    lines = (folder / "pl.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"text": QUESTION, "lang": "pl", "topic": "pests", "style": "flagged"}
    ]
    assert is_written(proposed, folder)


def test_a_file_without_an_end_of_line_is_not_spoilt(connection: Connection, tmp_path: Path) -> None:
    path = tmp_path / "pl.jsonl"
    path.write_text('{"text": "a"}', encoding="utf-8")
    proposed = case(connection)
    assert write_case(proposed, tmp_path)
    assert path.read_text(encoding="utf-8") == '{"text": "a"}\n' + case_line(proposed)


def test_a_tree_that_cannot_be_written_is_told(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "cases").write_text("in the way", encoding="utf-8")
    assert not write_case(case(connection), tmp_path / "cases")


# What was trained on


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A folder with two training messages."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "pests.yml").write_text(
        "nlu:\n- intent: pests\n  examples: |\n    - Mice!\n    - there are mice in the kitchen at night\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mice", True),
        ("MICE?", True),
        ("mouse", False),
        ("There are mice in the kitchen, at night", True),
        ("there are mice in my kitchen at night", True),
        ("something runs about behind the cooker after dark", False),
    ],
)
def test_what_was_trained_on_is_found_with_its_near_copies(trained: Path, text: str, expected: bool) -> None:
    assert is_trained(text, trained) is expected


def test_the_training_messages_of_the_tree_are_read() -> None:
    texts = set(training_texts())
    assert len(texts) > 10_000
    assert is_trained(max(texts, key=len))
