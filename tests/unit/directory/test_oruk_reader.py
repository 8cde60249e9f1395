"""What real feeds send, quirk by quirk."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.models import Service
from bot.directory.oruk_reader import read_service, read_services
from bot.directory.oruk_writer import is_uuid, service_document
from bot.directory.report import Report
from tests.unit.directory.examples import v1_document, v3_document
from tests.unit.directory.profile import problems


def _read(**changes: Any) -> tuple[Service, Report]:
    report = Report()
    service = read_service(v3_document(**changes), feed="feed", report=report)
    assert service is not None
    assert problems("service", service_document(service)) == []
    return service, report


def _place(**changes: Any) -> dict[str, Any]:
    """Return service_at_locations with changes to the location; `address` changes its address."""
    located = deepcopy(v3_document()["service_at_locations"])
    location = located[0]["location"]
    location["addresses"][0].update(changes.pop("address", {}))
    location.update(changes)
    return {"service_at_locations": located}


def _hours(**changes: Any) -> dict[str, Any]:
    return {"schedules": [{**v3_document()["schedules"][0], **changes}]}


def test_a_tidy_document_comes_out_as_it_went_in_and_nothing_is_reported() -> None:
    service, report = _read()
    written = service_document(service)
    assert written.pop("organization_id") == written["organization"]["id"]
    assert written == v3_document()
    assert report.as_dict() == {}


def test_v1_and_v3_give_the_same_service() -> None:
    first, second = (read_service(raw, feed="feed", report=Report()) for raw in (v3_document(), v1_document()))
    assert first is not None
    assert second is not None
    one, other = service_document(first), service_document(second)
    for document in (one, other):
        document.pop("attributes")  # v1 knows no link type and no id of the vocabulary
        document["languages"][0].pop("name", None)
    assert one == other
    assert second.attributes[0].taxonomy_term.name == "Food bank"
    assert problems("service", service_document(second)) == []


@pytest.mark.parametrize("plural", ["service_taxonomys", "service_taxonomies"])
@pytest.mark.parametrize("ages", ["eligibilitys", "eligibilities"])
def test_v1_plurals_in_both_spellings(plural: str, ages: str) -> None:
    raw = v1_document()
    raw[plural], raw[ages] = raw.pop("service_taxonomys"), raw.pop("eligibilitys")
    service = read_service(raw, feed="feed", report=Report())
    assert service is not None
    assert (service.minimum_age, len(service.attributes)) == (18, 1)


def test_v1_holidays_become_schedules_with_dates() -> None:
    raw = v1_document()
    raw["holiday_schedules"] = [{"id": "h", "closed": True, "start_date": "2026-12-25", "end_date": "2026-12-26"}]
    service = read_service(raw, feed="feed", report=Report())
    assert service is not None
    holiday = service.schedules[-1]
    assert (holiday.valid_from, holiday.valid_to, holiday.notes, holiday.opens_at) == (
        "2026-12-25", "2026-12-26", "closed", "",
    )  # fmt: skip


def test_v1_costs_are_numbers_and_codes_of_vocabularies_are_kept() -> None:
    raw = v1_document()
    raw["cost_options"] = [{"id": "m", "option": "visit", "amount": "£2.50"}]
    raw["service_taxonomys"] = [{"id": "t", "taxonomy": {"id": "esdServiceTypes:1001", "name": "Advice"}}]
    service = read_service(raw, feed="feed", report=Report())
    assert service is not None
    assert service.cost_options[0].amount == 2.5
    assert service.attributes[0].taxonomy_term.code == "esdServiceTypes:1001"


@pytest.mark.parametrize(
    ("latitude", "longitude", "kind"),
    [(100, 101, "refused.coordinates"), (0, 0, "refused.coordinates"), (-0.056, 51.545, "mended.coordinates"),
     ("51.545", "-0.056", "mended.number")],
)  # fmt: skip
def test_impossible_coordinates_are_dropped_and_swapped_ones_turned(latitude: Any, longitude: Any, kind: str) -> None:
    service, report = _read(**_place(latitude=latitude, longitude=longitude))
    location = service.service_at_locations[0].location
    assert report.counts[kind] == 1
    assert (location.latitude, location.longitude) == ((None, None) if "refused" in kind else (51.545, -0.056))


def test_a_postcode_in_the_wrong_field_is_moved() -> None:
    service, report = _read(**_place(address={"address_1": "1 Example Street, e81ea", "postal_code": ""}))
    address = service.service_at_locations[0].location.addresses[0]
    assert (address.address_1, address.postal_code) == ("1 Example Street", "E8 1EA")
    assert report.counts["mended.postcode"] == 1


def test_a_postcode_that_is_none_is_refused() -> None:
    service, report = _read(**_place(address={"postal_code": "ABC 1234"}))
    assert service.service_at_locations[0].location.addresses[0].postal_code == ""
    assert report.counts["refused.postcode"] == 1


def test_a_country_is_a_code_of_two_letters() -> None:
    service, _ = _read(**_place(address={"country": "United Kingdom"}))
    assert service.service_at_locations[0].location.addresses[0].country == "GB"


def test_quotation_marks_around_a_phone_number_go() -> None:
    contacts = [{"id": "c", "phones": [{"id": "p", "number": '"+44 1234 234567"'}]}]
    service, report = _read(contacts=contacts)
    assert service.contacts[0].phones[0].number == "+44 1234 234567"
    assert report.counts["mended.phone"] == 1


@pytest.mark.parametrize("where", ["service", "location", "service_at_location", "organization"])
def test_phones_are_read_wherever_they_hang(where: str) -> None:
    raw = v3_document()
    owner = {
        "service": raw,
        "service_at_location": raw["service_at_locations"][0],
        "location": raw["service_at_locations"][0]["location"],
        "organization": raw["organization"],
    }[where]
    owner["phones"] = [{"id": "p", "number": "020 7946 0018"}]
    service = read_service(raw, feed="feed", report=Report())
    assert service is not None
    place = service.service_at_locations[0]
    found = [*service.phones, *place.phones, *place.location.phones, *service.organization.phones]
    assert [phone.number for phone in found] == ["020 7946 0018"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"freq": "weekly", "byday": "Monday, TU"}, ("WEEKLY", "MO,TU", "")),
        ({"freq": "WEEKLY", "byday": "2MO"}, ("WEEKLY", "MO", "")),
        ({"freq": "WEEKLY", "byday": "MO", "bymonthday": "3"}, ("WEEKLY", "MO", "")),
        ({"freq": "MONTHLY", "byday": "1MO"}, ("MONTHLY", "1MO", "")),
        ({"freq": None, "byday": "FR"}, ("WEEKLY", "FR", "")),
        ({"freq": "DAILY", "byday": ""}, ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU", "")),
        ({"freq": "SECONDLY", "byday": ""}, ("", "", "")),
    ],
)
def test_rules_are_brought_to_weekly_or_monthly(rule: dict[str, Any], expected: tuple[str, str, str]) -> None:
    schedule = _read(**_hours(**rule))[0].schedules[0]
    assert (schedule.freq, schedule.byday, schedule.bymonthday) == expected


@pytest.mark.parametrize("opens_at", ["10:00:00", "10:00", "10:00Z", "10:00:00Z", "10am"])
def test_every_form_of_a_time(opens_at: str) -> None:
    assert _read(**_hours(opens_at=opens_at))[0].schedules[0].opens_at == "10:00"


def test_a_time_that_cannot_be_read_is_kept_as_words() -> None:
    service, report = _read(**_hours(opens_at="after lunch"))
    assert (service.schedules[0].opens_at, service.schedules[0].description) == ("", "after lunch")
    assert report.counts["refused.time"] == 1


def test_a_past_end_of_a_schedule_is_kept_as_it_is() -> None:
    assert _read(**_hours(valid_to="2005-01-01"))[0].schedules[0].valid_to == "2005-01-01"


def test_html_and_scripts_become_text_and_are_reported() -> None:
    raw = '<p>Food.</p><a href="javascript:steal()">Apply</a><script>steal()</script>'
    service, report = _read(description=raw, fees="<b>Free</b>", url="javascript:steal()")
    assert (service.description, service.fees, service.url) == ("Food.\nApply", "Free", "")
    assert report.counts["mended.html"] == 2
    assert report.counts["refused.link"] == 1


def test_ids_that_are_numbers_become_uuids_and_stay_the_same() -> None:
    first, second = (_read(id=17)[0].id for _ in range(2))
    other_feed = read_service(v3_document(id=17), feed="other", report=Report())
    assert other_feed is not None
    assert is_uuid(first)
    assert first == second != other_feed.id


def test_ages_as_texts_upside_down_and_zero() -> None:
    service, report = _read(minimum_age="65", maximum_age="18")
    assert (service.minimum_age, service.maximum_age) == (18, 65)
    assert report.counts["mended.ages"] == 1
    assert (_read(minimum_age=0, maximum_age=0)[0].minimum_age, _read(maximum_age=0)[0].maximum_age) == (None, None)


@pytest.mark.parametrize(
    ("raw", "status"),
    [("Active", "active"), (None, "active"), ("TEMPORARILY_CLOSED", "temporarily closed"), ("archived", "inactive"),
     ("whatever", "inactive")],
)  # fmt: skip
def test_a_status_is_one_of_the_four(raw: str | None, status: str) -> None:
    assert _read(status=raw)[0].status == status


@pytest.mark.parametrize(
    "languages", ["Polish, Somali", ["Polish", "Somali"], [{"language": "pl"}, {"name": "Somali"}]]
)
def test_languages_as_text_list_or_objects(languages: Any) -> None:
    assert len(_read(languages=languages)[0].languages) == 2


def test_a_service_area_as_prose_is_kept() -> None:
    areas = _read(service_areas=[{"id": "x", "service_area": "People near the canal"}])[0].service_areas
    assert areas[0].name == "People near the canal"


def test_a_missing_organisation_is_the_service_itself() -> None:
    service, report = _read(organization=...)
    assert service.organization.name == service.name
    assert report.counts["mended.organization"] == 1


def test_nulls_and_empty_texts_are_not_said() -> None:
    document = service_document(_read(email=None, url="", schedules=None, alert="null")[0])
    assert not {"email", "url", "schedules", "alert"} & set(document)


def test_places_that_stand_twice_count_once() -> None:
    places = v3_document()["service_at_locations"] * 2
    assert len(_read(service_at_locations=places)[0].service_at_locations) == 1


def test_unknown_fields_are_ignored() -> None:
    assert _read(capacity={"deep": [1, 2]})[1].as_dict() == {}


@pytest.mark.parametrize("raw", [{"id": "x"}, {"name": "No id"}, {"id": "x", "name": "  "}, "text", None, 7, []])
def test_what_is_no_service_is_refused_and_reported(raw: Any) -> None:
    report = Report()
    assert list(read_services([raw], feed="feed", report=report)) == []
    assert report.counts["refused.service"] == 1


def test_a_report_keeps_few_and_short_examples() -> None:
    report = Report()
    for number in range(9):
        report.note("mended.time", str(number), "x" * 500)
    entry = report.as_dict()["mended.time"]
    assert entry["number"] == 9
    assert len(entry["examples"]) == 3
    assert all(len(example) < 100 for example in entry["examples"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=6), children, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(sorted({*v3_document(), *v1_document(), "contacts", "phones"})), JSON, max_size=5)
)
def test_whatever_a_field_holds_the_result_is_valid_or_refused(changes: dict[str, Any]) -> None:
    service = read_service({**v3_document(), **changes}, feed="feed", report=Report())
    assert service is None or problems("service", service_document(service)) == []
