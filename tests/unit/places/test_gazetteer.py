"""The tables of outward codes, towns and names in other languages fit the authorities."""

from __future__ import annotations

from collections import Counter
from math import cos, hypot, radians
from pathlib import Path

import pytest

from bot.places.authorities import FOLDER, housing_councils, load_authorities, read_table
from bot.places.gazetteer import key_of, load_outwards, load_places
from bot.places.postcode import WHOLE_OUTWARD

pytestmark = pytest.mark.usefixtures("today")
KILOMETRES_OF_A_DEGREE = 111.3
FARTHEST_KILOMETRES = 100.0  # from an outward code to the main town of its council: the length of the largest


def _outward_lines() -> list[list[str]]:
    files = sorted(FOLDER.glob("outward_*.tsv"))
    return [line.split("\t") for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_an_outward_code_stands_once_and_fits_the_grammar() -> None:
    codes = [line[0] for line in _outward_lines()]
    assert len(codes) > 2_000
    assert [code for code, number in Counter(codes).items() if number > 1] == []
    assert [code for code in codes if not WHOLE_OUTWARD.fullmatch(code)] == []


def test_the_councils_of_an_outward_code_exist_and_stand_once() -> None:
    for code, outward in load_outwards().items():
        councils = housing_councils(outward.councils)
        assert [council.gss_code for council in councils] == list(outward.councils), code


def test_an_outward_code_lies_near_its_first_council() -> None:
    far = []
    for code, outward in load_outwards().items():
        council = load_authorities()[outward.councils[0]]
        east = (outward.longitude - council.longitude) * cos(radians(outward.latitude))
        kilometres = hypot(outward.latitude - council.latitude, east) * KILOMETRES_OF_A_DEGREE
        if kilometres > FARTHEST_KILOMETRES:
            far.append((code, council.name, round(kilometres)))
    assert far == []


def test_every_english_council_has_an_outward_code() -> None:
    covered = {code for outward in load_outwards().values() for code in outward.councils}
    english = {one.gss_code for one in load_authorities().values()
               if one.nation == "england" and one.exists() and one.kind != "county"}  # fmt: skip
    assert {load_authorities()[code].name for code in english - covered} == set()


def test_a_town_stands_once_and_its_councils_exist() -> None:
    rows = read_table(FOLDER / "towns.tsv")
    assert [name for name, number in Counter(key_of(row["name"]) for row in rows).items() if number > 1] == []
    for row in rows:
        councils = housing_councils(row["gss_codes"].split())
        assert [council.gss_code for council in councils] == row["gss_codes"].split(), row["name"]


def test_only_london_is_too_wide_to_have_councils() -> None:
    wide = {place.name for place in load_places().values() if not place.councils}
    assert wide == {"London"}


@pytest.mark.parametrize("path", sorted((FOLDER / "names").glob("*.tsv")), ids=lambda path: path.stem)
def test_names_in_a_language_are_of_places_that_we_know(path: Path) -> None:
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if len(line) != 2] == []
    assert [line[0] for line in lines if key_of(line[0]) not in load_places()] == []
    assert [line[0] for line in lines if not all(map(key_of, line[1].split("|")))] == []


def test_a_name_in_another_language_is_not_the_english_name_of_another_place() -> None:
    own = {key_of(row["name"]): row["name"] for row in read_table(FOLDER / "towns.tsv")}
    own |= {key_of(one.name): one.name for one in load_authorities().values()}
    clashes = []
    for path in sorted((FOLDER / "names").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            english, names = line.split("\t")
            meant = load_places()[key_of(english)]
            for name in names.split("|"):
                other = own.get(key_of(name))
                if other and not set(load_places()[key_of(other)].councils) & set(meant.councils):
                    clashes.append((path.stem, name, english, other))
    assert clashes == []
