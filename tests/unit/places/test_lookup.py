"""What people type as their place, as one long list, and what comes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.places.lookup import ExactPostcode, find_place

ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def _cases() -> list[tuple[str, set[str]]]:
    rows = (Path(__file__).with_name("cases.tsv")).read_text(encoding="utf-8").split("\n")
    cases = []
    for typed, names, _why in (row.split("\t") for row in rows if row):
        typed = ESCAPE.sub(lambda match: chr(int(match[1], 16)), typed)
        cases.append((typed, {name for name in names.split("|") if name}))
    return cases


class Known:
    """Exact postcodes of a test, by postcode."""

    def __init__(self, *known: ExactPostcode) -> None:
        self.known = {one.postcode: one for one in known}
        self.asked: list[str] = []

    def find(self, postcode: str) -> ExactPostcode | None:
        self.asked.append(postcode)
        return self.known.get(postcode)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(("typed", "names"), _cases())
def test_a_typed_place_is_its_councils(typed: str, names: set[str]) -> None:
    assert {candidate.authority.name for candidate in find_place(typed).candidates} == names


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("my boiler is broken, I live at sw98jh", {"Lambeth"}),
        ("SW٩ ٨JH", {"Lambeth"}),
        ("I am homeless in Hackney tonight", {"Hackney"}),
        ("I live in Tower Hamlets with my mum", {"Tower Hamlets"}),
        ("Newham council refused to help", {"Newham"}),
        ("I live in Reading", {"Reading"}),
        ("мене виселяють з квартири у Бірмінгемі", {"Birmingham"}),
        ("ليدز مدينة باردة", {"Leeds"}),
        ("mieszkam w Londynie", set()),
        ("can I register at E08000035", set()),
        ("I need a B1 class", set()),
        ("B1", set()),
        ("SW9", set()),
        ("I live near the M25", set()),
        ("where can I get help with reading", set()),
        ("the bath is broken", set()),
        ("we came in March", set()),
        ("is there a bank holiday sale", set()),
        ("I was sent to Rye", set()),  # three letters are too few to be sure
        ("hakny", set()),  # slips only where a place was asked for
        ("Birminghham", set()),
        ("", set()),
    ],
)
def test_in_a_message_only_what_is_surely_a_place_counts(text: str, names: set[str]) -> None:
    assert {candidate.authority.name for candidate in find_place(text, is_asked=False).candidates} == names


def test_an_exact_postcode_decides_between_the_councils_of_its_outward_code() -> None:
    exact = Known(ExactPostcode("E2 9PL", "E09000012", 51.5318, -0.0559))
    only = find_place("e29pl", exact).only
    assert only is not None
    assert (only.authority.name, only.latitude, only.longitude) == ("Hackney", 51.5318, -0.0559)


def test_a_terminated_postcode_is_at_its_old_place_and_says_so() -> None:
    found = find_place("SW9 8JH", Known(ExactPostcode("SW9 8JH", "E09000022", 51.47, -0.11, is_terminated=True)))
    assert found.is_terminated
    assert [candidate.authority.name for candidate in found.candidates] == ["Lambeth"]


@pytest.mark.parametrize("gss_code", ["", "E06999999"])
def test_where_the_exact_council_is_unknown_the_outward_code_gives_it(gss_code: str) -> None:
    found = find_place("SW9 8JH", Known(ExactPostcode("SW9 8JH", gss_code, 51.47, -0.11)))
    assert [(one.authority.name, one.latitude) for one in found.candidates] == [("Lambeth", 51.47)]


def test_an_old_council_code_of_an_exact_postcode_is_its_successor() -> None:
    found = find_place("NN1 1AA", Known(ExactPostcode("NN1 1AA", "E07000154", 52.24, -0.89)))
    assert [candidate.authority.name for candidate in found.candidates] == ["West Northamptonshire"]


@pytest.mark.parametrize(("typed", "name"), [("JE2 3NG", "Jersey"), ("gy12px", "Guernsey"), ("IM1 1AE", "Isle of Man")])
def test_a_crown_dependency_is_outside_and_no_source_is_asked(typed: str, name: str) -> None:
    exact = Known()
    found = find_place(typed, exact)
    assert (found.outside, found.candidates, exact.asked) == (name, (), [])


@pytest.mark.parametrize("typed", ["Hakny", "Brimingham", "SE1O OAA"])
def test_what_is_not_quite_it_is_a_guess(typed: str) -> None:
    assert find_place(typed).is_guess


@pytest.mark.parametrize("typed", ["Hackney", "SE1 0AA", "SW9", "ليدز"])
def test_what_is_it_is_no_guess(typed: str) -> None:
    found = find_place(typed)
    assert found.candidates
    assert not found.is_guess


def test_a_postcode_has_its_space_and_a_name_none() -> None:
    assert find_place("sw98jh").postcode == "SW9 8JH"
    assert find_place("Lambeth").postcode == ""


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("I live in Hackney.", "Hackney"),
        ("(Stoke-on-Trent)", "Stoke-on-Trent"),
        ("Londra'da oturuyorum", "Londra'da"),
        ("живу в Бірмінгемі, дуже холодно", "Бірмінгемі"),
        ("আমি লুটনে থাকি", "লুটনে"),
        ("in Hammersmith & Fulham now", "Hammersmith & Fulham"),
        ("\u200fпишу вам: SW\u200e9 8JH, прошу", "SW\u200e9 8JH"),
        ("ﬃ at ＳＷ９ ８ＪＨ now", "ＳＷ９ ８ＪＨ"),
        ("я в Е8 1ЕА", "Е8 1ЕА"),
    ],
)
def test_where_it_stands_in_the_text_as_typed(text: str, written: str) -> None:
    found = find_place(text, is_asked=False)
    assert text[found.start : found.end] == written


def test_surrey_has_no_known_councils_after_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", "2027-03-31")
    assert [candidate.authority.name for candidate in find_place("Guildford").candidates] == ["Guildford"]
    monkeypatch.setenv("DOORWAY_TODAY", "2027-04-01")
    found = find_place("Guildford")
    assert (found.name, found.candidates) == ("Guildford", ())


@given(st.text(max_size=120), st.booleans())
def test_any_text_gives_an_answer(text: str, is_asked: bool) -> None:
    found = find_place(text, is_asked=is_asked)
    assert len({candidate.authority.gss_code for candidate in found.candidates}) == len(found.candidates)
    assert 0 <= found.start <= found.end <= len(text)
