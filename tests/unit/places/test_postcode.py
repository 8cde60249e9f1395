"""UK postcodes in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.places.postcode import find_postcodes


@pytest.mark.parametrize(
    "postcode", ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "SW9 8JH", "N1C 4AG", "BT1 5GS"]
)
@pytest.mark.parametrize(
    "written",
    ["{}", "{joined}", "{lower}", "{dashed}", "I live at {}.", "({})", "мій індекс {}", "الرمز{}هنا", "{hard}"],
)
def test_a_postcode_is_found_however_it_is_typed(postcode: str, written: str) -> None:
    text = written.format(
        postcode, joined=postcode.replace(" ", ""), lower=postcode.lower(), dashed=postcode.replace(" ", "-"),
        hard=postcode.replace(" ", "\u00a0"),
    )  # fmt: skip
    assert [value for value, _, _ in find_postcodes(text)] == [postcode]


def test_places_are_where_it_was_typed() -> None:
    text = "from m11ae to SW9 8JH"
    assert [(value, text[start:end]) for value, start, end in find_postcodes(text)] == [
        ("M1 1AE", "m11ae"),
        ("SW9 8JH", "SW9 8JH"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I need a B1 class",  # a level of English
        "the A1 or the M25",
        "SW9",  # half a postcode
        "Q1 1AA",  # no such first letter
        "SW9 8CI",  # letters never used at the end
        "XSW9 8JHX",
        "SW9 8JH1",
        "form N244 and form N11",
        "E08000035",
        "",
    ],
)
def test_what_is_no_full_postcode_is_not_found(text: str) -> None:
    assert find_postcodes(text) == []


@given(st.text(max_size=200))
def test_any_text_is_searched_without_failing(text: str) -> None:
    assert all(text[start:end] and " " in value for value, start, end in find_postcodes(text))
