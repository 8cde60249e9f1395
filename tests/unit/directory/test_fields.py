"""Single values of feeds: mended where that is safe."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.fields import (
    to_date,
    to_days,
    to_email,
    to_link,
    to_moment,
    to_number,
    to_phone,
    to_point,
    to_text,
    to_time,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<b>Bold</b>&nbsp;and &amp;", "Bold and &"),
        ('<a href="https://example.org">site</a>', "site (https://example.org)"),
        ('<a href="https://example.org">https://example.org</a>', "https://example.org"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href=" JaVaScRiPt&#58;alert(1)">click</a>', "click"),
        ('<a href="data:text/html,x">click</a>', "click"),
        ("<script>alert(1)</script>Safe<style>p{}</style>", "Safe"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Safe", "Safe"),
        ("&amp;lt;img src=x onerror=alert(1)&amp;gt;Safe", "Safe"),
        ("<img src=x onerror=alert(1)>Safe", "Safe"),
        ("<svg/onload=alert(1)>", ""),
        ("[book](javascript:alert(1))", "[book](alert(1))"),
        ("under 5 < 10 and > 3", "under 5 < 10 and > 3"),
        ("line\u202eevil\x00\x07", "lineevil"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (["one", None, "two"], "one, two"),
        (17, "17"),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_markup_becomes_text(raw: Any, text: str) -> None:
    assert to_text(raw) == text


@given(
    st.lists(
        st.sampled_from(["<", ">", "&lt;", "&amp;", "javascript:", "script", "/", "a",
                         " href=", '"', "'", "!--", "x", "\n"])
        | st.text(max_size=5),
        max_size=30,
    )
)  # fmt: skip
def test_no_text_holds_a_tag_or_a_script(parts: list[str]) -> None:
    text = to_text("".join(parts))
    assert not re.search(r"<[A-Za-z/!?]", text)
    assert "javascript:" not in text.lower()
    assert "\0" not in text


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("www.example.org", "https://www.example.org"),
        ("example.org.uk/help", "https://example.org.uk/help"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("ftp://example.org", ""),
        ("https://user:pass@example.org", ""),
        ("https://exa mple.org", ""),
        ("https:///nohost", ""),
        ('https://example.org/"onmouseover="x', ""),
        ("n/a", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_kept(raw: str, link: str) -> None:
    assert to_link(raw) == link


@pytest.mark.parametrize(
    ("raw", "time"),
    [
        ("10:00:00", "10:00"), ("10:00", "10:00"), ("09:00Z", "09:00"), ("09:00:00Z", "09:00"), ("9am", "09:00"),
        ("9.30pm", "21:30"), ("9 p.m.", "21:00"), ("12am", "00:00"), ("12pm", "12:00"), ("0930", "09:30"),
        ("09:00+01:00", "09:00"), ("2026-11-25T09:00:00Z", "09:00"), ("24:00", "00:00"), ("midday", "12:00"),
        ("25:00", ""), ("13pm", ""), ("late", ""), ("9", ""), (None, ""), ("10:75", ""),
    ],
)  # fmt: skip
def test_times_are_wall_clock_times(raw: Any, time: str) -> None:
    assert to_time(raw) == time


@pytest.mark.parametrize(
    ("raw", "date"),
    [("2026-11-25", "2026-11-25"), ("2026-11-25T00:00:00Z", "2026-11-25"), ("25/11/2026", "2026-11-25"),
     ("5.1.2026", "2026-01-05"), ("25th November 2026", "2026-11-25"), ("2026-13-01", ""), ("soon", ""), ("", "")],
)  # fmt: skip
def test_dates_are_iso(raw: str, date: str) -> None:
    assert to_date(raw) == date


@pytest.mark.parametrize(
    ("raw", "moment"),
    [("2026-11-25T10:00:00.5Z", "2026-11-25T10:00:00.500Z"), ("2026-06-25T10:00:00+01:00", "2026-06-25T09:00:00.000Z"),
     ("2026-11-25", "2026-11-25T00:00:00.000Z"), ("2026-11-25 10:00:00", "2026-11-25T10:00:00.000Z"), ("never", "")],
)  # fmt: skip
def test_moments_have_milliseconds_in_utc(raw: str, moment: str) -> None:
    assert to_moment(raw) == moment


@pytest.mark.parametrize(
    ("raw", "number"),
    [("18", 18), ("18 years", 18), ("£12.50", 12.5), ("1,200", 1200), (7, 7), (7.5, 7.5), (True, None), ("many", None),
     (math.nan, None), (math.inf, None), (None, None), ("-3", -3)],
)  # fmt: skip
def test_numbers_are_numbers(raw: Any, number: float | None) -> None:
    assert to_number(raw) == number


@pytest.mark.parametrize(
    ("latitude", "longitude", "point"),
    [
        (51.5, -0.05, (51.5, -0.05)), ("51.5", "-0.05", (51.5, -0.05)), (-0.05, 51.5, (51.5, -0.05)), (0, 0, None),
        ("0.0", "0", None), (100, 101, None), (None, -0.05, None), ("", "", None), (51.5, 999, None),
    ],
)  # fmt: skip
def test_coordinates_are_on_the_globe_and_the_right_way_round(
    latitude: Any, longitude: Any, point: tuple[float, float] | None
) -> None:
    assert to_point(latitude, longitude) == point


@pytest.mark.parametrize(
    ("raw", "phone"),
    [('"\\"+44 1234 234567\\""'.replace("\\", ""), "+44 1234 234567"), ("tel:020 7946 0018", "020 7946 0018"),
     ("020 7946 0018 (option 2)", "020 7946 0018 (option 2)"), ("999", "999"), ("none", ""),
     (2079460018, "2079460018")],
)  # fmt: skip
def test_phone_numbers_lose_their_quotation_marks(raw: Any, phone: str) -> None:
    assert to_phone(raw) == phone


@pytest.mark.parametrize(
    ("raw", "days"),
    [("MO,TU", "MO,TU"), ("MO, TU", "MO,TU"), ("Monday", "MO"),
     ("monday and friday", "MO,FR"), ("Mon-Fri", "MO,TU,WE,TH,FR"),
     ("Fri to Mon", "FR,SA,SU,MO"), ("1MO", "1MO"), (["MO", "WE"], "MO,WE"), ("", ""), ("daily", "")],
)  # fmt: skip
def test_days_are_two_letters(raw: Any, days: str) -> None:
    assert to_days(raw) == days


def test_an_email_is_taken_out_of_its_link() -> None:
    assert to_email("mailto:desk@example.org?subject=x") == "desk@example.org"
    assert to_email("nobody") == ""
