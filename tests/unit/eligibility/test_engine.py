"""The decision: every worked case, both sides of every limit and date, and what an outcome carries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.files import load_yaml
from bot.eligibility.engine import decide
from bot.eligibility.facts import read_facts
from bot.eligibility.load import load_facts, load_rules, load_statuses
from bot.eligibility.model import SCHEMES
from bot.eligibility.questions import possible_values

CASES = load_yaml(Path(__file__).with_name("cases.yml"))["cases"]
WORKED = 44
ORDER = ("yes", "no", "depends", "unclear")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_comes_out_as_the_law_says(case: dict[str, Any]) -> None:
    on = dt.date.fromisoformat(case["on"]) if "on" in case else None
    outcome = decide(read_facts(case["facts"]), on)
    assert {scheme: outcome.verdicts[scheme] for scheme in case["expect"]} == case["expect"]
    assert set(case.get("ask", ())) <= set(outcome.ask)


def test_no_worked_case_was_lost() -> None:
    assert sum(case["id"].startswith("W") for case in CASES) == WORKED


def test_an_undecided_outcome_names_the_fact_and_a_decided_one_asks_nothing() -> None:
    for case in CASES:
        outcome = decide(read_facts(case["facts"]))
        main = {outcome.verdicts[scheme] for scheme in ("allocation", "homelessness")}
        assert bool(outcome.ask) == ("depends" in main), case["id"]


def test_every_reason_has_its_source_and_date() -> None:
    for status in load_statuses():
        for reason in decide(read_facts({"status": status})).reasons:
            assert reason.text
            assert reason.source.url.startswith("https://")
            assert reason.checked == load_rules().checked


def test_a_no_never_ends_the_conversation() -> None:
    for rule in load_rules().rules:
        if rule.outcome["allocation"] == "no":
            assert rule.open, rule.id
            assert rule.change, rule.id


def test_the_assumptions_told_are_those_that_matter() -> None:
    assert set(decide(read_facts({"status": "refugee"})).assumed) == {"leave_current", "nrpf"}
    assert decide(read_facts({"status": "asylum_seeker"})).assumed == ()
    assert "hrt_exempt" in decide(read_facts({"status": "british_citizen", "hr": False})).assumed


def test_family_without_permission_is_told_about() -> None:
    british = decide(read_facts({"status": "british_citizen", "hr": True, "household_ineligible": ["wife"]}))
    refugee = decide(read_facts({"status": "refugee", "household_ineligible": "overstayer_partner"}))
    assert [reason.rule for reason in british.reasons] == ["not_subject_resident", "household_restricted"]
    assert [reason.rule for reason in refugee.reasons] == ["class_a", "household_disregarded"]


def test_another_council_is_told_about_only_when_it_is_another() -> None:
    moved = decide(read_facts({"status": "refugee", "last_dispersal": "leeds", "applying_to": "camden"}))
    stayed = decide(read_facts({"status": "refugee", "last_dispersal": "leeds", "applying_to": "leeds"}))
    assert "other_council" in [reason.rule for reason in moved.reasons]
    assert "other_council" not in [reason.rule for reason in stayed.reasons]


FACT_VALUES = {
    name: st.sampled_from(possible_values(fact))
    for name, fact in load_facts().items()
    if fact.kind in ("choice", "yes_no", "number") and name != "status"
}


@given(
    status=st.sampled_from(sorted(load_statuses())),
    data=st.data(),
)
def test_saying_what_was_assumed_changes_nothing(status: str, data: st.DataObject) -> None:
    before = decide({"status": status})
    assumed = {name: load_statuses()[status].assumed.get(name, load_facts()[name].assumed) for name in before.assumed}
    known = data.draw(st.lists(st.sampled_from(sorted(assumed)), unique=True)) if assumed else []
    after = decide({"status": status, **{name: assumed[name] for name in known if assumed[name] is not None}})
    assert {scheme: after.verdicts[scheme] for scheme in SCHEMES} == dict(before.verdicts)


@given(
    status=st.sampled_from(sorted(load_statuses())),
    facts=st.fixed_dictionaries({}, optional=FACT_VALUES),
    day=st.dates(dt.date(2006, 6, 1), dt.date(2030, 1, 1)),
)
def test_any_facts_on_any_day_have_a_verdict(status: str, facts: dict[str, Any], day: dt.date) -> None:
    outcome = decide({"status": status, **facts}, day)
    assert set(outcome.verdicts.values()) <= set(ORDER)
    assert outcome.rules
