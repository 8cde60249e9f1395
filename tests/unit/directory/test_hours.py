"""Opening hours: what feeds write, what may be said of it, and never "closed" from what is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.calendar_rules import read_opening
from bot.directory.hours import Kind, Nation, OpenState, open_state, service_state
from bot.directory.models import (
    Address,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = Schedule("w", freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at="09:00", closes_at="17:00")
EVERY_DAY = replace(WEEKDAYS, freq="DAILY", byday="")  # type: ignore[arg-type]  # feeds write it, the profile does not
ALWAYS = replace(EVERY_DAY, opens_at="00:00", closes_at="23:59")
TEXT_ONLY = Schedule("t", description="Most mornings, ring the bell")
EXCEPTION = Schedule("x", valid_from="2026-11-25", valid_to="2026-11-25", opens_at="10:00", closes_at="12:00")


def _at(text: str) -> dt.datetime:
    """A moment by the clock in London."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def _say(state: OpenState) -> str:
    """A state in one line: kind, closing or opening by the clock in London, reason."""
    moment = state.until or state.opens_at
    return " ".join(filter(None, [state.kind, moment.strftime("%m-%d %H:%M") if moment else "", state.reason]))


def _state(*rows: Schedule, at: str = "2026-11-25 10:00", **options: Any) -> str:
    return _say(open_state(rows, _at(at), **options))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-25 08:59", "later_today 11-25 09:00"),
        ("2026-11-25 09:00", "open 11-25 17:00"),
        ("2026-11-25 16:59", "open 11-25 17:00"),
        ("2026-11-25 17:00", "opens 11-26 09:00"),  # Wednesday
        ("2026-11-27 17:00", "opens 11-30 09:00"),  # Friday
        ("2026-11-28 12:00", "opens 11-30 09:00"),
    ],
)
def test_both_edges_of_a_day_and_of_a_week(at: str, said: str) -> None:
    assert _state(WEEKDAYS, at=at) == said


@pytest.mark.parametrize(
    "changes",
    [
        {"freq": "weekly", "byday": "mo, tu ,we"},
        {"byday": "Monday,Tuesday,Wednesday"},
        {"byday": "monday; WEDNESDAY"},
        {"byday": "Mon/Weds"},
        {"byday": "['MO', 'WE']"},
        {"opens_at": "09:00:00", "closes_at": "17:00:00"},
        {"opens_at": "09:00Z", "closes_at": "17:00:00Z"},
        {"opens_at": "9am", "closes_at": "5 pm"},
        {"opens_at": "9.00 a.m.", "closes_at": "17.00"},
        {"interval": 1, "wkst": "MO", "dtstart": "2026-11-02T00:00:00Z"},
        {"dtstart": "0001-01-01", "valid_to": "9999-12-31"},
        {"dtstart": "1900-01-01", "until": "20261125T235959Z"},
        {"byday": "", "dtstart": "2026-11-04"},  # a Wednesday
        {"freq": "MONTHLY", "byday": "4WE"},
        {"freq": "MONTHLY", "byday": "-1we"},
        {"freq": "MONTHLY", "byday": "", "bymonthday": "1, 25"},
        {"freq": "YEARLY", "byday": "WE", "byweekno": "48"},
        {"freq": "YEARLY", "byday": "", "byyearday": "329"},
        {"freq": "YEARLY", "byday": "", "dtstart": "2020-11-25"},
        {"valid_from": "2026-11-25", "valid_to": "2027-11-25"},
    ],
)
def test_a_row_is_understood_however_it_is_spelled(changes: dict[str, Any]) -> None:
    assert _state(replace(WEEKDAYS, **changes)) == "open 11-25 17:00"


def test_z_is_local_time_in_summer_too() -> None:
    row = replace(WEEKDAYS, opens_at="09:00Z", closes_at="17:00Z")
    assert _state(row, at="2026-07-01 09:00") == "open 07-01 17:00"
    assert _state(row, at="2026-07-01 17:00") == "opens 07-02 09:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"freq": ""},
        {"freq": "HOURLY"},
        {"freq": "sometimes"},
        {"byday": ""},  # which day of the week?
        {"byday": "T"},
        {"byday": "someday"},
        {"byday": "2MO"},  # weekly
        {"byday": "0MO", "freq": "MONTHLY"},
        {"byday": "6MO", "freq": "MONTHLY"},
        {"byday": "MO,1TU", "freq": "MONTHLY"},
        {"byday": "1MO", "bymonthday": "31", "freq": "MONTHLY"},
        {"byday": "", "freq": "MONTHLY"},
        {"byday": "", "freq": "MONTHLY", "bymonthday": "32"},
        {"bymonthday": "3"},
        {"byyearday": "3"},
        {"interval": 2},  # which week is the first?
        {"interval": 2, "valid_from": "2026-01-05"},
        {"interval": 0},
        {"interval": -1},
        {"count": 5},  # counted from when?
        {"count": 0},
        {"count": 99_999, "dtstart": "1990-01-01"},
        {"wkst": "XX"},
        {"dtstart": "05/01/2026"},
        {"until": "soon"},
        {"dtstart": "2026-02-30"},
        {"dtstart": "2026-12-01", "until": "2026-11-01"},
        {"valid_from": "2027-01-01", "valid_to": "2026-01-01"},
        {"valid_to": "2026-11-24"},  # past: nobody vouches for it
        {"valid_from": "2027-11-24"},  # not yet
        {"opens_at": ""},
        {"closes_at": ""},
        {"opens_at": "", "closes_at": ""},
        {"opens_at": "9", "closes_at": "5"},
        {"opens_at": "25:00"},
        {"opens_at": "09:75"},
        {"opens_at": "13pm"},
        {"opens_at": "morning"},
        {"byday": 7},
        {"interval": 1.5},
        {"opens_at": None},
    ],
)
@pytest.mark.parametrize("at", ["2026-11-25 10:00", "2026-11-28 10:00"])
def test_what_cannot_be_told_is_unknown_and_never_closed(changes: dict[str, Any], at: str) -> None:
    assert _state(replace(WEEKDAYS, **changes), at=at) == "unknown"


def test_no_rows_and_rows_of_text_are_unknown() -> None:
    assert _state() == "unknown"
    assert _state(TEXT_ONLY) == "unknown"


def test_a_row_that_cannot_be_read_leaves_open_as_it_is_and_takes_the_rest_back() -> None:
    assert _state(WEEKDAYS, TEXT_ONLY) == "open 11-25 17:00"
    assert _state(WEEKDAYS, TEXT_ONLY, at="2026-11-25 18:00") == "unknown 11-26 09:00"


def test_a_row_that_no_longer_holds_does_not_disturb_the_one_that_does() -> None:
    old = replace(WEEKDAYS, byday="someday", valid_to="2025-01-01")
    assert _state(old, WEEKDAYS, at="2026-11-28 12:00") == "opens 11-30 09:00"


def test_hours_of_next_week_do_not_tell_those_of_today() -> None:
    assert _state(replace(WEEKDAYS, valid_from="2026-11-30"), at="2026-11-25 10:00") == "unknown 11-30 09:00"


def test_more_rows_than_are_read_count_as_unknown() -> None:
    assert _state(*[WEEKDAYS] * 101, at="2026-11-28 10:00") == "unknown 11-30 09:00"


def test_a_series_that_is_over_is_closed_and_one_not_vouched_for_is_unknown() -> None:
    assert _state(replace(WEEKDAYS, until="2026-11-24")) == "closed"
    assert _state(replace(WEEKDAYS, dtstart="2026-11-02", count=3)) == "closed"
    assert _state(replace(WEEKDAYS, valid_to="2026-11-27"), at="2026-11-27 18:00") == "unknown"


def test_until_and_valid_to_name_the_last_day() -> None:
    assert _state(replace(WEEKDAYS, until="2026-11-25")) == "open 11-25 17:00"
    assert _state(replace(WEEKDAYS, valid_to="2026-11-25")) == "open 11-25 17:00"


def test_a_series_opens_when_it_begins() -> None:
    assert _state(replace(WEEKDAYS, dtstart="2026-12-01")) == "opens 12-01 09:00"
    assert _state(replace(WEEKDAYS, dtstart="2027-06-01")) == "closed"


def test_every_other_week_keeps_its_phase() -> None:
    row = replace(WEEKDAYS, byday="WE", interval=2, dtstart="2024-01-03")
    assert _state(row, at="2026-11-18 10:00") == "open 11-18 17:00"
    assert _state(row, at="2026-11-25 10:00") == "opens 12-02 09:00"
    assert _state(row, at="2026-11-18 18:00") == "opens 12-02 09:00"


def test_where_a_week_starts_decides_every_other_week() -> None:
    row = replace(WEEKDAYS, byday="SU,MO", interval=2, dtstart="2026-11-02")
    assert _state(replace(row, wkst="MO"), at="2026-11-08 10:00") == "open 11-08 17:00"
    assert _state(replace(row, wkst="SU"), at="2026-11-08 10:00") == "opens 11-15 09:00"


def test_a_count_ends_a_series_on_its_last_day() -> None:
    row = replace(WEEKDAYS, byday="WE", interval=2, dtstart="2026-10-28", count=3)  # 28 Oct, 11 Nov, 25 Nov
    assert _state(row) == "open 11-25 17:00"
    assert _state(replace(row, count=2)) == "closed"


def test_nothing_within_fourteen_days_is_closed_and_the_fourteenth_day_counts() -> None:
    row = replace(WEEKDAYS, freq="MONTHLY", byday="", bymonthday="9")
    assert _state(row, at="2026-11-24 10:00") == "closed"
    assert _state(row, at="2026-11-25 10:00") == "opens 12-09 09:00"


def test_several_rows_of_a_day_are_a_lunch_break() -> None:
    rows = [replace(WEEKDAYS, closes_at="12:30"), replace(WEEKDAYS, opens_at="13:30")]
    assert _state(*rows, at="2026-11-25 12:00") == "open 11-25 12:30"
    assert _state(*rows, at="2026-11-25 12:30") == "later_today 11-25 13:30"
    assert _state(*rows, at="2026-11-25 13:30") == "open 11-25 17:00"


def test_rows_that_touch_are_one_stretch() -> None:
    rows = [replace(WEEKDAYS, closes_at="13:00"), replace(WEEKDAYS, opens_at="13:00")]
    assert _state(*rows) == "open 11-25 17:00"


def test_past_midnight_belongs_to_the_day_before() -> None:
    row = replace(WEEKDAYS, byday="FR", opens_at="22:00", closes_at="02:00")
    assert _state(row, at="2026-11-27 23:00") == "open 11-28 02:00"
    assert _state(row, at="2026-11-28 01:59") == "open 11-28 02:00"
    assert _state(row, at="2026-11-28 02:00") == "opens 12-04 22:00"
    assert _state(row, at="2026-11-27 01:00") == "later_today 11-27 22:00"


def test_last_night_still_runs_when_its_row_held_until_yesterday() -> None:
    row = replace(WEEKDAYS, opens_at="22:00", closes_at="02:00", valid_to="2026-11-24")
    assert _state(row, at="2026-11-25 01:00") == "open 11-25 02:00"


@pytest.mark.parametrize("closes_at", ["23:59", "23:59:59", "24:00", "00:00", "midnight"])
def test_day_and_night_has_no_closing(closes_at: str) -> None:
    assert _state(replace(ALWAYS, closes_at=closes_at)) == "open"
    assert _state(replace(ALWAYS, closes_at=closes_at, freq="WEEKLY", byday="MO,TU,WE,TH,FR,SA,SU")) == "open"


def test_day_and_night_is_open_on_bank_holidays_and_to_the_end_of_what_is_known() -> None:
    assert _state(ALWAYS, at="2026-12-25 03:00") == "open"
    assert _state(replace(ALWAYS, valid_to="2026-11-27")) == "open"


def test_day_and_night_of_some_days_closes_after_them() -> None:
    row = replace(ALWAYS, freq="WEEKLY", byday="MO,TU,WE,TH,FR")
    assert _state(row) == "open 11-28 00:00"
    assert _state(replace(ALWAYS, until="2026-11-27")) == "open 11-28 00:00"


@pytest.mark.parametrize(
    ("day", "nations"),
    [
        ("2026-01-02", {"SCT"}),
        ("2026-03-17", {"NIR"}),
        ("2026-04-03", {"ENG", "WLS", "SCT", "NIR"}),  # Good Friday
        ("2026-04-06", {"ENG", "WLS", "NIR"}),  # Easter Monday
        ("2026-07-13", {"NIR"}),
        ("2026-08-03", {"SCT"}),
        ("2026-08-31", {"ENG", "WLS", "NIR"}),
        ("2026-11-30", {"SCT"}),
        ("2026-12-28", {"ENG", "WLS", "SCT", "NIR"}),  # for Boxing Day, a Saturday
        ("2026-11-25", set()),
    ],
)
def test_bank_holidays_are_those_of_the_nation(day: str, nations: set[str]) -> None:
    said = {nation: _state(EVERY_DAY, at=f"{day} 10:00", nation=nation) for nation in get_args(Nation)}
    clock = f"{day[5:]} 17:00"
    assert said == {
        nation: f"check_first {clock} bank_holiday" if nation in nations else f"open {clock}" for nation in said
    }


def test_an_opening_on_a_coming_bank_holiday_is_to_be_checked() -> None:
    assert _state(WEEKDAYS, at="2026-08-29 10:00") == "check_first 08-31 09:00 bank_holiday"
    assert _state(WEEKDAYS, at="2026-08-31 18:00") == "opens 09-01 09:00"


def test_a_bank_holiday_without_hours_changes_nothing() -> None:
    assert _state(replace(WEEKDAYS, byday="TH"), at="2026-08-31 10:00") == "opens 09-03 09:00"


def test_an_exception_holds_instead_of_the_usual_hours() -> None:
    assert _state(WEEKDAYS, EXCEPTION, at="2026-11-25 09:30") == "later_today 11-25 10:00"
    assert _state(WEEKDAYS, EXCEPTION, at="2026-11-25 11:00") == "open 11-25 12:00"
    assert _state(WEEKDAYS, EXCEPTION, at="2026-11-25 13:00") == "opens 11-26 09:00"
    assert _state(WEEKDAYS, EXCEPTION, at="2026-11-26 09:30") == "open 11-26 17:00"


def test_an_exception_without_hours_makes_its_day_doubtful_and_no_other() -> None:
    row = replace(EXCEPTION, opens_at="", closes_at="", description="Closed for training")
    assert _state(WEEKDAYS, row) == "check_first 11-25 17:00"
    assert _state(WEEKDAYS, row, at="2026-11-25 18:00") == "unknown 11-26 09:00"
    assert _state(WEEKDAYS, row, at="2026-11-26 10:00") == "open 11-26 17:00"
    assert _state(ALWAYS, row) == "check_first"


def test_a_stated_closure_holds_over_the_usual_hours_however_long_it_is() -> None:
    row = Schedule("c", valid_from="2026-12-24", valid_to="2027-01-03", notes="closed")
    assert _state(WEEKDAYS, row, at="2026-12-23 10:00") == "open 12-23 17:00"
    assert _state(WEEKDAYS, row, at="2026-12-24 10:00") == "opens 01-04 09:00"
    assert _state(ALWAYS, row, at="2026-12-23 10:00") == "open 12-24 00:00"
    assert _state(WEEKDAYS, replace(row, notes="", description="Closed."), at="2026-12-24 10:00") == "opens 01-04 09:00"
    assert _state(WEEKDAYS, replace(row, valid_to="2027-03-01"), at="2026-12-24 10:00") == "closed"


def test_hours_for_some_dates_without_a_rule_are_an_exception_of_at_most_a_month() -> None:
    row = replace(EXCEPTION, valid_from="2026-11-20", valid_to="2026-12-05")
    assert _state(WEEKDAYS, row, at="2026-11-25 13:00") == "opens 11-26 10:00"
    year = replace(row, valid_to="2027-11-20")  # what repeats in a year is not said
    assert _state(WEEKDAYS, year, at="2026-11-25 18:00") == "unknown 11-26 09:00"


def test_an_exception_says_what_happens_on_a_bank_holiday() -> None:
    row = replace(EXCEPTION, valid_from="2026-12-25", valid_to="2026-12-25")
    assert _state(WEEKDAYS, row, at="2026-12-25 11:00") == "open 12-25 12:00"


def test_an_exception_alone_tells_its_own_day_only() -> None:
    assert _state(EXCEPTION, at="2026-11-25 11:00") == "open 11-25 12:00"
    assert _state(EXCEPTION, at="2026-11-25 13:00") == "unknown"


def test_a_row_of_some_weeks_is_added_to_the_others() -> None:
    row = Schedule(
        "l", "WEEKLY", byday="WE", valid_from="2026-11-01", valid_to="2026-12-20", opens_at="18:00", closes_at="20:00"
    )
    assert _state(WEEKDAYS, row) == "open 11-25 17:00"
    assert _state(WEEKDAYS, row, at="2026-11-25 17:30") == "later_today 11-25 18:00"


@pytest.mark.parametrize(
    ("rows", "at", "said"),
    [
        ([WEEKDAYS], "2026-11-25 10:00", "check_first 11-25 17:00 alert"),
        ([WEEKDAYS], "2026-11-25 18:00", "check_first 11-26 09:00 alert"),
        ([WEEKDAYS], "2026-12-25 10:00", "check_first 12-25 17:00 alert"),
        ([ALWAYS], "2026-11-25 10:00", "check_first alert"),
        ([], "2026-11-25 10:00", "check_first alert"),
    ],
)
def test_an_alert_is_to_be_checked_first(rows: list[Schedule], at: str, said: str) -> None:
    assert _state(*rows, at=at, alert="Flooded") == said


def test_an_alert_of_spaces_is_none() -> None:
    assert _state(WEEKDAYS, alert=" \n") == "open 11-25 17:00"


@pytest.mark.parametrize(
    ("at", "closes"),  # closing at 17:00 by the clock, in UTC
    [
        ("2026-03-28T10:00", "17:00"),
        ("2026-03-29T10:00", "16:00"),
        ("2026-10-24T10:00", "16:00"),
        ("2026-10-25T10:00", "17:00"),
    ],
)
def test_closing_stays_at_the_same_clock_time_across_both_changes(at: str, closes: str) -> None:
    state = open_state([EVERY_DAY], _at(at))
    assert state.until is not None
    assert state.until.tzinfo == LONDON
    assert state.until.astimezone(dt.timezone.utc).strftime("%H:%M") == closes


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 3), ("2026-10-24", 5)])
def test_a_night_of_a_clock_change_is_an_hour_shorter_or_longer(day: str, hours: int) -> None:
    row = replace(EVERY_DAY, opens_at="23:00", closes_at="03:00")
    opened = _at(f"{day} 23:00").astimezone(dt.timezone.utc)
    last_minute = opened + dt.timedelta(hours=hours, minutes=-1)
    assert _say(open_state([row], last_minute)).startswith("open ")
    assert open_state([row], last_minute + dt.timedelta(minutes=1)).kind == "later_today"


def test_a_time_left_out_in_spring_is_an_hour_on_and_one_that_comes_twice_in_autumn_is_the_first() -> None:
    row = replace(EVERY_DAY, opens_at="01:30", closes_at="05:00")
    assert _state(row, at="2026-03-29 00:30") == "later_today 03-29 02:30"
    state = open_state([row], _at("2026-10-25 00:30"))
    assert state.opens_at is not None
    assert state.opens_at.utcoffset() == dt.timedelta(hours=1)
    second = dt.datetime(2026, 10, 25, 1, 15, tzinfo=dt.timezone.utc)  # 01:15 for the second time
    assert open_state([row], second).kind == "open"


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_day_and_night_knows_no_clock_change(day: str) -> None:
    assert {_state(ALWAYS, at=f"{day} {hour:02}:30") for hour in range(24)} == {"open"}


def test_the_moment_may_come_from_any_zone_and_without_one_is_londons() -> None:
    moment = dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.timezone.utc)
    other = moment.astimezone(dt.timezone(dt.timedelta(hours=9)))
    assert open_state([WEEKDAYS], other) == open_state([WEEKDAYS], moment)
    assert open_state([WEEKDAYS], dt.datetime(2026, 7, 1, 9, 30)).kind == "open"


def _place(
    *rows: Schedule, own: tuple[Schedule, ...] = (), kind: str = "physical", postcode: str = ""
) -> ServiceAtLocation:
    address = Address("a", "", "", "", postcode, "GB", "physical")
    location = Location("l", kind, schedules=rows, addresses=(address,) if postcode else ())  # type: ignore[arg-type]  # a kind of location
    return ServiceAtLocation("p", location, schedules=own)


def _service(*rows: Schedule, places: tuple[ServiceAtLocation, ...] = (), **others: Any) -> Service:
    organization = Organization("o", "Someone", "Helps.")
    return Service(
        "s",
        "Something",
        others.pop("status", "active"),
        organization,
        schedules=rows,
        service_at_locations=places,
        **others,
    )


MORNING = replace(WEEKDAYS, closes_at="12:00")
LATE = replace(WEEKDAYS, closes_at="20:00")


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (_service(WEEKDAYS), "open 11-25 17:00"),
        (_service(WEEKDAYS, places=(_place(),)), "open 11-25 17:00"),
        (_service(WEEKDAYS, places=(_place(own=(MORNING,)),)), "open 11-25 12:00"),
        (_service(WEEKDAYS, places=(_place(MORNING),)), "open 11-25 12:00"),
        (_service(places=(_place(LATE, own=(MORNING,)),)), "open 11-25 12:00"),
        (_service(places=(_place(own=(MORNING,)), _place(own=(LATE,)))), "open 11-25 20:00"),
        (_service(WEEKDAYS, places=(_place(LATE, kind="postal"),)), "open 11-25 17:00"),
        (_service(places=(_place(), _place())), "unknown"),
        (_service(WEEKDAYS, alert="Flooded"), "check_first 11-25 17:00 alert"),
        (_service(WEEKDAYS, status="temporarily closed"), "closed"),
        (_service(), "unknown"),
    ],
)
def test_a_place_overrides_the_service_and_the_best_place_counts(service: Service, said: str) -> None:
    assert _say(service_state(service, _at("2026-11-25 10:00"))) == said


def test_one_place_can_be_asked_about() -> None:
    early, late = _place(own=(MORNING,)), _place(own=(LATE,))
    service = _service(places=(early, late))
    assert _say(service_state(service, _at("2026-11-25 10:00"), place=early)) == "open 11-25 12:00"


def test_unknown_hours_of_one_place_are_not_hidden_by_closed_doors_of_another() -> None:
    service = _service(places=(_place(own=(MORNING,)), _place(own=(TEXT_ONLY,))))
    assert service_state(service, _at("2026-11-25 18:00")).kind == "unknown"


@pytest.mark.parametrize(
    ("service", "kind"),
    [
        (_service(WEEKDAYS), "open"),
        (_service(WEEKDAYS, service_areas=(ServiceArea("a", "Scotland"),)), "check_first"),
        (_service(WEEKDAYS, service_areas=(ServiceArea("a", "Scotland"), ServiceArea("b", "England"))), "open"),
        (_service(WEEKDAYS, service_areas=(ServiceArea("a", "Glasgow", uri="https://x/S12000049"),)), "check_first"),
    ],
)
def test_the_nation_is_that_of_the_areas(service: Service, kind: str) -> None:
    assert service_state(service, _at("2026-11-30 10:00")).kind == kind  # St Andrew's Day


def test_a_postcode_of_belfast_has_the_bank_holidays_of_northern_ireland() -> None:
    service = _service(WEEKDAYS, places=(_place(postcode="bt1 5gs"),))
    assert service_state(service, _at("2026-07-13 10:00")).reason == "bank_holiday"


WORDS = st.one_of(
    st.sampled_from(
        ["", "WEEKLY", "MONTHLY", "DAILY", "YEARLY", "MO", "2MO", "MO,1TU", "-1FR", "6MO", "monday, TU", "09:00",
         "24:00", "00:00", "23:59", "5pm", "9", "01:30Z", "2026-11-25", "2026-11-20", "0001-01-01", "9999-12-31",
         "1900-01-01", "2026-02-30", "366", "-366", "31", "53", "0", "1", "2", "999999", "٣", "１２:００", "9" * 5_000]
    ),
    st.text(max_size=12),
)  # fmt: skip
ANYTHING = st.one_of(WORDS, st.none(), st.integers(), st.floats(), st.booleans(), st.lists(WORDS, max_size=3))
ROWS = st.builds(Schedule, **{field.name: st.one_of(WORDS, ANYTHING) for field in fields(Schedule)})
MOMENTS = st.datetimes(
    dt.datetime(1950, 1, 1), dt.datetime(2150, 1, 1), timezones=st.sampled_from([LONDON, dt.timezone.utc])
)


@given(rows=st.lists(ROWS, max_size=4), moment=MOMENTS, alert=WORDS, nation=st.sampled_from(get_args(Nation)))
def test_whatever_a_feed_holds_there_is_one_of_six_answers(
    rows: list[Schedule], moment: dt.datetime, alert: str, nation: Nation
) -> None:
    state = open_state(rows, moment, alert=alert, nation=nation)
    assert state.kind in get_args(Kind)
    assert len(get_args(Kind)) == 6
    assert all(
        not time or time.tzinfo == LONDON and time > moment.astimezone(LONDON) for time in (state.until, state.opens_at)
    )
    assert service_state(_service(*rows, alert=alert), moment).kind in get_args(Kind)


RULES = st.builds(
    Schedule,
    id=st.just("r"),
    freq=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.sampled_from([None, 1, 2, 3, 12]),
    byday=st.sampled_from(["", "MO", "WE,SA", "1MO", "-1FR", "5SU"]),
    bymonthday=st.sampled_from(["", "1,15", "-1", "31"]),
    dtstart=st.sampled_from(["2026-01-05", "2026-11-25", "2025-02-28", "2024-02-29"]),
    count=st.sampled_from([None, 1, 5, 60]),
    until=st.sampled_from(["", "2026-12-01"]),
    opens_at=st.sampled_from(["09:00", "22:00", "00:00"]),
    closes_at=st.sampled_from(["17:00", "02:00", "23:59"]),
)


@given(row=RULES, hour=st.integers(0, 40 * 24))
def test_an_opening_is_where_it_opens(row: Schedule, hour: int) -> None:
    """What is said of one moment is true at another: at `opens_at` it is open, up to it not."""
    moment = _at("2026-11-10 00:30").astimezone(dt.timezone.utc) + dt.timedelta(hours=hour)
    state = open_state([row], moment)
    if state.opens_at and state.kind in ("opens", "later_today"):
        assert open_state([row], state.opens_at).kind == "open"
        before = state.opens_at.astimezone(dt.timezone.utc) - dt.timedelta(minutes=1)
        assert open_state([row], max(before, moment)).kind in ("opens", "later_today")
    if state.kind == "open" and state.until:
        assert open_state([row], state.until).kind != "open"


@given(
    rule=st.sampled_from(
        ["DAILY", "DAILY;BYDAY=MO,SA", "WEEKLY;BYDAY=TU,SU", "WEEKLY;BYDAY=TU,SU;WKST=SU", "MONTHLY;BYDAY=1MO,-1FR",
         "MONTHLY;BYMONTHDAY=1,31", "MONTHLY", "WEEKLY", "YEARLY", "YEARLY;BYWEEKNO=1,48", "YEARLY;BYYEARDAY=-1,330"]
    ),
    start=st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1)),
    interval=st.integers(1, 5),
    count=st.sampled_from([None, 1, 7, 100]),
    first=st.dates(dt.date(2026, 11, 1), dt.date(2027, 1, 15)),
)  # fmt: skip
def test_days_are_those_of_the_standard(
    rule: str, start: dt.date, interval: int, count: int | None, first: dt.date
) -> None:
    """Interval and count, which are applied here and not by dateutil, give what dateutil's own give."""
    last = first + dt.timedelta(days=15)
    text = f"FREQ={rule};INTERVAL={interval}" + (f";COUNT={count}" if count else "")
    series = rrulestr(text, dtstart=dt.datetime.combine(start, dt.time()))
    expected = series.between(dt.datetime.combine(first, dt.time()), dt.datetime.combine(last, dt.time()), inc=True)
    freq, *parts = rule.split(";")
    named: dict[str, Any] = {name.lower(): value for name, value in (part.split("=") for part in parts)}
    named |= {"freq": freq, "interval": interval, "count": count, "dtstart": start.isoformat()}
    row = Schedule("r", opens_at="09:00", closes_at="17:00", **named)
    opening = read_opening(row, first, last)
    assert opening is not None
    assert opening.days == tuple(moment.date() for moment in expected)
