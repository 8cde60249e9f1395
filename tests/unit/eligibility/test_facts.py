"""Facts on the way in: of their kind, known, without contradiction."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.errors import UserInputError
from bot.eligibility.facts import assumed_facts, read_facts


@pytest.mark.parametrize(
    ("given", "code", "named"),
    [
        ({"colour": "blue"}, "unknown_fact", "colour"),
        ({"status": "king"}, "bad_fact", "status"),
        ({"status": ["refugee"]}, "bad_fact", "status"),
        ({"hr": "perhaps"}, "bad_fact", "hr"),
        ({"hr": 1}, "bad_fact", "hr"),
        ({"undertaking_years": -1}, "bad_fact", "undertaking_years"),
        ({"undertaking_years": "three"}, "bad_fact", "undertaking_years"),
        ({"undertaking_years": True}, "bad_fact", "undertaking_years"),
        ({"months_since_evacuation": 1e9}, "bad_fact", "months_since_evacuation"),
        ({"left_conflict": "mars"}, "bad_fact", "left_conflict"),
        ({"joint_with": "nobody"}, "bad_fact", "joint_with"),
        ({"household_ineligible": [1]}, "bad_fact", "household_ineligible"),
        ({"nrpf": True, "nrpf_lifted_by_coc": True}, "contradiction", "nrpf"),
    ],
)
def test_a_wrong_fact_is_refused_with_its_name(given: dict[str, Any], code: str, named: str) -> None:
    with pytest.raises(UserInputError) as caught:
        read_facts(given)
    assert (caught.value.code, named in caught.value.detail) == (code, True)


@pytest.mark.parametrize(("written", "meant"), [("yes", True), ("No", False), (True, True), ("false", False)])
def test_yes_and_no_may_be_words(written: object, meant: bool) -> None:
    assert read_facts({"hr": written}) == {"hr": meant}


@pytest.mark.parametrize("nothing", [None, "", "unknown"])
def test_nothing_is_not_a_fact(nothing: object) -> None:
    assert read_facts({"hr": nothing}) == {}


def test_a_lifted_condition_is_gone_and_a_standing_one_was_not_lifted() -> None:
    assert read_facts({"nrpf_lifted_by_coc": True})["nrpf"] is False
    assert read_facts({"nrpf": True})["nrpf_lifted_by_coc"] is False


def test_the_status_says_what_is_assumed_and_what_is_not() -> None:
    assert assumed_facts({"status": "ilr"})["nrpf"] is False
    assert "undertaking_years" not in assumed_facts({"status": "ilr_adr"})
    assert assumed_facts({"status": "refugee", "leave_current": False}).get("leave_current") is None
