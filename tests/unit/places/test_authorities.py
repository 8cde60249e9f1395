"""Councils: how many there are, who took whose place, who does what."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import get_args

import pytest

from bot.core.errors import NotFound
from bot.places.authorities import (
    COUNTY,
    Authority,
    Kind,
    Nation,
    current_authorities,
    get_authority,
    housing_councils,
    load_authorities,
)

pytestmark = pytest.mark.usefixtures("today")
NATION_OF_PREFIX = {"E": "england", "W": "wales", "S": "scotland", "N": "northern_ireland"}
LAST_OF_SURREY, FIRST_AFTER = dt.date(2027, 3, 31), dt.date(2027, 4, 1)


def living() -> list[Authority]:
    return [authority for authority in load_authorities().values() if authority.exists()]


def test_there_are_as_many_councils_of_each_kind_as_there_should_be() -> None:
    assert Counter(authority.kind for authority in living()) == {
        "district": 164, "unitary": 63, "metropolitan": 36, "london": 33, "county": 21,
        "wales": 22, "scotland": 32, "northern_ireland": 11,
    }  # fmt: skip


def test_every_row_is_of_a_known_kind_and_nation_and_lies_in_the_united_kingdom() -> None:
    for code, authority in load_authorities().items():
        assert re.fullmatch(r"[EWSN]\d{8}", code)
        assert authority.kind in get_args(Kind)
        assert authority.nation in get_args(Nation)
        assert NATION_OF_PREFIX[code[0]] == authority.nation
        assert 49.8 < authority.latitude < 61 and -8.3 < authority.longitude < 1.9, authority.name  # noqa: PT018 — one place
        assert authority.website == "" or authority.website.startswith("https://")


def test_living_councils_have_names_of_their_own() -> None:
    assert [name for name, number in Counter(authority.name for authority in living()).items() if number > 1] == []


def test_every_district_and_nobody_else_has_a_county_that_exists() -> None:
    for authority in living():
        assert bool(authority.county) == (authority.kind == "district"), authority.name
        if authority.county:
            assert get_authority(authority.county).kind == COUNTY
            assert get_authority(authority.county).exists()


def test_every_county_has_districts() -> None:
    counties = {authority.gss_code for authority in living() if authority.kind == COUNTY}
    assert counties == {authority.county for authority in living() if authority.county}


def test_successors_lead_to_living_councils() -> None:
    ended = [authority for authority in load_authorities().values() if not authority.exists()]
    assert len(ended) >= 50
    for authority in ended:
        assert current_authorities(authority.gss_code), f"{authority.name} leads nowhere"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("E08000016", {"Barnsley"}),
        ("E08000019", {"Sheffield"}),
        ("E07000154", {"West Northamptonshire"}),
        ("E10000021", {"North Northamptonshire", "West Northamptonshire"}),
        ("E10000002", {"Buckinghamshire"}),
        ("E07000190", {"Somerset"}),  # Taunton Deane, merged twice
        ("E08000035", {"Leeds"}),  # was never replaced
        ("E99999999", set()),
    ],
)
def test_an_old_code_is_the_councils_of_today(old: str, new: set[str]) -> None:
    assert {authority.name for authority in current_authorities(old)} == new


def test_surrey_is_a_county_until_its_last_day() -> None:
    districts = housing_councils(["E10000030"], LAST_OF_SURREY)
    assert len(districts) == 11
    assert {district.social_care_code for district in districts} == {"E10000030"}
    assert housing_councils(["E10000030"], FIRST_AFTER) == ()
    assert [current_authorities(district.gss_code, FIRST_AFTER) for district in districts] == [()] * 11


def test_codes_give_each_council_once_and_in_order() -> None:
    names = [authority.name for authority in housing_councils(["E09000033", "E07000154", "E09000007", "E07000151"])]
    assert names == ["Westminster", "West Northamptonshire", "Camden"]


def test_a_county_gives_its_districts() -> None:
    kent = housing_councils(["E10000016"])
    assert len(kent) == 12
    assert {authority.kind for authority in kent} == {"district"}


@pytest.mark.parametrize(
    ("gss_code", "housing", "social_care"),
    [
        ("E07000178", "Oxford", "Oxfordshire"),
        ("E08000035", "Leeds", "Leeds"),
        ("E06000065", "North Yorkshire", "North Yorkshire"),
        ("N09000003", "Northern Ireland Housing Executive", "Belfast"),
    ],
)
def test_who_does_what(gss_code: str, housing: str, social_care: str) -> None:
    authority = get_authority(gss_code)
    assert authority.housing_authority == housing
    assert get_authority(authority.social_care_code).name == social_care


def test_an_unknown_code_is_not_found() -> None:
    with pytest.raises(NotFound, match="E99999999"):
        get_authority("E99999999")
