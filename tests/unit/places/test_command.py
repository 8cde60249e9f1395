"""What `doorway place` prints and `doorway place import` stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.place import import_postcodes, place
from bot.core.database import Database
from bot.core.errors import ConfigError, UserInputError


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Database]:
    """A database in a file."""
    opened = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    yield opened
    opened.close()


def test_a_council_that_does_everything(stored: Database) -> None:
    assert place("sw98jh", database=stored) == {
        "candidates": [
            {
                "gss_code": "E09000022",
                "name": "Lambeth",
                "housing_authority": "Lambeth",
                "waste_authority": "Lambeth",
                "social_care_authority": "Lambeth",
                "latitude": 51.469,
                "longitude": -0.114,
            }
        ],
        "postcode": "SW9 8JH",
    }


def test_a_district_below_a_county(stored: Database) -> None:
    printed = place("Dartford", database=stored)
    (candidate,) = printed["candidates"]
    names = (candidate["housing_authority"], candidate["waste_authority"], candidate["social_care_authority"])
    assert names == ("Dartford", "Dartford", "Kent")
    assert printed["postcode"] == ""


def test_housing_in_northern_ireland(stored: Database) -> None:
    (candidate,) = place("Belfast", database=stored)["candidates"]
    assert candidate["housing_authority"] == "Northern Ireland Housing Executive"
    assert candidate["waste_authority"] == "Belfast"


def test_several_councils_are_several_candidates(stored: Database) -> None:
    assert len(place("Newport", database=stored)["candidates"]) > 3


def test_only_where_it_is_so_more_is_said(stored: Database, tmp_path: Path) -> None:
    assert place("nowhere at all", database=stored) == {"candidates": [], "postcode": ""}
    assert place("JE2 3NG", database=stored) == {"candidates": [], "postcode": "JE2 3NG", "outside": "Jersey"}
    assert place("Brimingham", database=stored)["guess"] is True
    onspd = tmp_path / "ONSPD.csv"
    onspd.write_text("pcds,doterm,oslaua,lat,long\nSW9 8JX,201506,E09000022,51.48,-0.12\n")
    done = import_postcodes(onspd, database=stored)
    assert done == {
        "source": "ONSPD", "rows": 1, "stored": 1, "terminated": 1, "without_place": 0, "broken": 0, "broken_rows": [],
    }  # fmt: skip
    printed = place("sw9 8jx", database=stored)
    assert (printed["terminated"], printed["candidates"][0]["latitude"]) == (True, 51.48)


def test_wrong_use_is_told(stored: Database, tmp_path: Path) -> None:
    with pytest.raises(UserInputError):
        import_postcodes(tmp_path / "missing.csv", database=stored)
    with pytest.raises(ConfigError):
        place("SW9", database=stored, postcodes_url="ftp://example.org")
