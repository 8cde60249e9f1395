"""The check as a conversation: few questions, every status, corrections, "I don't know", an earlier permission."""

from __future__ import annotations

import pytest

from bot.core.errors import UserInputError
from bot.eligibility.engine import decide
from bot.eligibility.interview import TRIES, Interview
from bot.eligibility.load import load_facts, load_statuses
from bot.eligibility.questions import MOST_QUESTIONS, next_question, possible_values

ASKED_STATUSES = [status for status in load_statuses() if status != "unknown"]


@pytest.mark.parametrize("status", ASKED_STATUSES)
@pytest.mark.parametrize("which", [0, -1])
def test_every_status_ends_after_few_questions(status: str, which: int) -> None:
    interview = Interview().start(status)
    asked = 0
    while not interview.is_done:
        fact = load_facts()[interview.question]
        answer = "refugee" if fact.name == "status" else possible_values(fact)[which]
        interview = interview.learn(fact.name, answer)
        asked += 1
        assert asked <= MOST_QUESTIONS + 1  # and the earlier permission, where the present one ended


@pytest.mark.parametrize("status", ASKED_STATUSES)
def test_not_knowing_anything_ends_too(status: str) -> None:
    interview = Interview().start(status)
    for _ in range(2 * MOST_QUESTIONS):
        if interview.is_done:
            break
        interview = interview.skip()
    assert interview.is_done
    assert decide(interview.facts).verdicts["allocation"] in ("yes", "no", "depends", "unclear")


def test_the_fact_that_decides_most_comes_first() -> None:
    question = next_question({"status": "euss_pre_settled"})
    assert question is not None
    assert question.name == "rtr"


def test_an_assumption_behind_a_no_is_asked() -> None:
    question = next_question({"status": "british_citizen", "hr": False}, asked=("status", "hr"))
    assert question is not None
    assert question.name == "hrt_exempt"


def test_a_correction_replaces_what_was_said() -> None:
    interview = Interview().start("family_visa").learn("nrpf", True)
    assert decide(interview.facts).verdicts["allocation"] == "no"
    corrected = interview.learn("nrpf", False)
    assert decide(corrected.facts).verdicts["allocation"] == "yes"


def test_another_status_begins_anew() -> None:
    interview = Interview().start("euss_pre_settled").learn("rtr", "none").learn("status", "refugee")
    assert dict(interview.facts) == {"status": "refugee"}


def test_contradicting_answers_let_the_newer_count() -> None:
    interview = Interview(facts={"status": "hong_kong_bno", "nrpf": True, "nrpf_lifted_by_coc": False})
    assert interview.learn("nrpf_lifted_by_coc", True).facts["nrpf"] is False


def test_an_ended_permission_asks_for_the_one_before() -> None:
    interview = Interview().start("leave_3c")
    assert (interview.question, interview.is_previous) == ("status", True)
    known = interview.learn("status", "family_visa").learn("nrpf", False)
    assert decide(known.facts).verdicts["allocation"] == "yes"


def test_not_knowing_the_status_first_brings_help_then_an_end() -> None:
    once = Interview().start().skip()
    assert (once.question, once.unsure) == ("status", True)
    twice = once.skip()
    assert twice.is_done
    assert decide(twice.facts).ask == ("status",)


def test_failing_twice_is_being_stuck() -> None:
    interview = Interview().start()
    for _ in range(TRIES):
        assert not interview.is_stuck
        interview = interview.fail()
    assert interview.is_stuck


def test_it_survives_being_kept_as_plain_data() -> None:
    interview = Interview().start("hong_kong_bno").learn("nrpf", False).introduced()
    assert Interview.from_dict(interview.as_dict()) == interview
    assert Interview.from_dict(None) == Interview()


def test_a_wrong_value_is_refused() -> None:
    with pytest.raises(UserInputError):
        Interview().start("family_visa").learn("nrpf", "perhaps")
