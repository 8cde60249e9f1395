"""Filter, then rank: what is kept, in which order, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.core.database import Database
from bot.directory.models import CostOption, Schedule, Service
from bot.directory.query import Query
from bot.directory.ranking import StateKind, Weights
from bot.directory.search import Found, Result, search
from bot.directory.store import Store
from tests.unit.directory.conftest import Put
from tests.unit.directory.examples import ENGLAND, HACKNEY, HERE, KILOMETRE, LEEDS, make_attribute, make_service

MOMENT = dt.datetime(2027, 1, 15, 12, tzinfo=dt.timezone.utc)
pytestmark = pytest.mark.usefixtures("today")


@dataclass(frozen=True)
class State:
    """A state as `bot.directory.hours` has them."""

    kind: StateKind
    until: dt.datetime | None = None
    opens_at: dt.datetime | None = None


class Finder:
    """Searches one directory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.states: dict[str, State] = {}

    def __call__(self, **query: Any) -> Found:
        query.setdefault("open_at", MOMENT)
        return self.store.database.run_now(
            lambda connection: search(connection, self.store, Query(**query), open_state=self._state)
        )

    def names(self, **query: Any) -> list[str]:
        """Return the names found."""
        return [result.service.name for result in self(**query).results]

    def only(self, **query: Any) -> Result:
        """Return the one result."""
        (result,) = self(**query).results
        return result

    def _state(self, service: Service, moment: dt.datetime) -> State:
        assert moment == MOMENT
        return self.states.get(service.name, State("unknown"))


@pytest.fixture
def find(store: Store) -> Finder:
    """Search the directory."""
    return Finder(store)


def _near(kilometres: float) -> tuple[float, float]:
    return HERE[0] + kilometres * KILOMETRE, HERE[1]


def _ids(result: Result) -> set[str]:
    return {reason.id for reason in result.why}


def _value(result: Result, reason_id: str) -> str:
    return next(reason.value for reason in result.why if reason.id == reason_id)


@pytest.mark.parametrize(
    ("service", "kept_for"),
    [
        (make_service(topics=("food",), areas=("Hackney",)), "area"),
        (make_service(topics=("food",), areas=("England",)), "area"),
        (make_service(topics=("food",), areas=("UK",)), "national"),
        (make_service(topics=("food",), schedules=(Schedule("s", attending_type="phone"),)), "remote"),
        (make_service(topics=("food",), at=(_near(3),)), "distance"),
        (make_service(topics=("food",), at=(_near(3),), areas=("Leeds",)), "distance"),
        (make_service(topics=("food",)), "place_unknown"),
        (make_service(topics=("food",), areas=("People near the canal",)), "place_unknown"),
    ],
)  # fmt: skip
def test_what_may_be_for_the_person_is_kept_and_says_why(
    service: Service, kept_for: str, put: Put, find: Finder
) -> None:
    put(service)
    assert kept_for in _ids(find.only(topic="food_help", near=HERE, areas=(HACKNEY,)))


@pytest.mark.parametrize(
    "service",
    [make_service(topics=("food",), areas=("Leeds",)), make_service(topics=("food",), at=(_near(30),))],
)
def test_what_is_for_elsewhere_is_removed_and_counted(service: Service, put: Put, find: Finder) -> None:
    put(service)
    found = find(topic="food_help", near=HERE, areas=(HACKNEY,))
    assert (found.results, found.removed) == ((), {"place": 1})


def test_a_service_without_a_place_is_for_the_council_of_its_feed(put: Put, find: Finder) -> None:
    put(make_service(topics=("food",)), area=LEEDS)
    assert find.names(topic="food_help", areas=(LEEDS,)) == ["Service one"]
    assert find(topic="food_help", near=HERE, areas=(HACKNEY,)).removed == {"place": 1}


def test_what_cannot_be_compared_is_kept(put: Put, find: Finder) -> None:
    put(make_service(topics=("food",), at=(_near(3),)), make_service("two", topics=("food",), areas=("Leeds",)))
    assert find.names(topic="food_help", areas=(HACKNEY,)) == ["Service one"]
    assert sorted(find.names(topic="food_help", near=HERE)) == ["Service one", "Service two"]
    assert sorted(find.names(topic="food_help")) == ["Service one", "Service two"]


def test_distance_is_to_the_nearest_place_in_metres(put: Put, find: Finder) -> None:
    put(make_service(topics=("food",), at=(_near(5), _near(2))))
    result = find.only(topic="food_help", near=HERE)
    assert result.distance_metres == pytest.approx(2000, rel=0.005)
    assert _value(result, "distance") == str(round(result.distance_metres or 0))


@pytest.mark.parametrize(("topic", "radius"), [("food_help", 6), ("housing_benefits", 15), ("immigration_advice", 30)])
def test_how_far_a_search_reaches_goes_by_topic(topic: str, radius: int, put: Put, find: Finder) -> None:
    words = ("food", "benefits", "immigration")
    put(make_service("in", topics=words, at=(_near(radius - 0.2),)))
    put(make_service("out", topics=words, at=(_near(radius + 0.2),)))
    assert find.names(topic=topic, near=HERE) == ["Service in"]
    assert len(find.names(topic=topic, near=HERE, radius_metres=50_000)) == 2


@pytest.mark.parametrize(("age", "kept"), [(17, False), (18, True), (25, True), (26, False), (None, True)])
def test_ages_exclude_only_who_is_outside(age: float | None, kept: bool, put: Put, find: Finder) -> None:
    put(make_service(minimum_age=18, maximum_age=25, topics=("food",)))
    put(make_service("any", topics=("food",)))
    assert ("Service one" in find.names(topic="food_help", age=age)) is kept
    assert "Service any" in find.names(topic="food_help", age=age)


def test_free_only_removes_what_costs_but_not_what_says_nothing(put: Put, find: Finder) -> None:
    put(
        make_service("dear", topics=("food",), cost_options=(CostOption("c", amount=5),)),
        make_service("free", topics=("food",), cost_options=(CostOption("c", amount=0),)),
        make_service("silent", topics=("food",)),
    )
    assert sorted(find.names(topic="food_help", free_only=True)) == ["Service free", "Service silent"]
    assert "free" in _ids(find(topic="food_help", free_only=True, text="").results[0])


@pytest.mark.parametrize(
    ("status", "alert", "kept"),
    [("active", "", True), ("inactive", "", False), ("defunct", "", False), ("temporarily closed", "", False),
     ("temporarily closed", "Flood, back in May", True)],
)  # fmt: skip
def test_only_running_services_and_closed_ones_that_say_so(
    status: Any, alert: str, kept: bool, put: Put, find: Finder
) -> None:
    put(make_service(topics=("food",), status=status, alert=alert))
    found = find(topic="food_help")
    assert bool(found.results) is kept
    if kept and alert:
        assert "temporarily_closed" in _ids(found.results[0])


def test_zero_results_say_which_filter_removed_how_many(put: Put, find: Finder) -> None:
    put(
        make_service("far", topics=("food",), areas=("Leeds",)),
        make_service("old", topics=("food",), minimum_age=60),
        make_service("dear", topics=("food",), cost_options=(CostOption("c", amount=5),)),
        make_service("shut", topics=("food",), status="temporarily closed"),
        make_service("other", topics=("esol",)),
    )
    found = find(topic="food_help", areas=(HACKNEY,), age=30, free_only=True)
    assert (found.results, found.removed) == ((), {"words": 1, "place": 1, "status": 1, "age": 1, "cost": 1})
    assert sum(found.removed.values()) == 5


def test_words_that_occur_nowhere_and_words_that_say_nothing(put: Put, find: Finder) -> None:
    put(make_service())
    assert find(text="xyzzy").removed == {"words": 1}
    assert find(text="can you help me please").removed == {"words": 1}
    assert find(text="'; DROP TABLE users; -- \" * NEAR( ^").removed == {"words": 1}
    assert find.names() == ["Service one"]


def test_the_name_counts_more_than_the_description(put: Put, find: Finder) -> None:
    put(make_service("a", description="We also lend wheelchairs."), make_service("b", name="Wheelchair repair"))
    assert find.names(text="wheelchairs") == ["Wheelchair repair", "Service a"]


def test_a_name_in_another_script_is_found(put: Put, find: Finder) -> None:
    put(make_service(alternate_name="伦敦难民中心"), make_service("two", description="Центр помощи беженцам"))
    assert find.names(text="难民") == ["Service one"]
    assert find.names(text="помощи") == ["Service two"]


def test_the_topic_itself_before_a_close_one_before_words(put: Put, find: Finder) -> None:
    put(
        make_service("words", description="english esol class"),
        make_service("sibling", attributes=(make_attribute("sibling", "esol"),)),
        make_service("own", topics=("esol",)),
    )
    found = find(topic="esol_online", text="english")  # `esol` means its siblings
    assert [("related_topic" in _ids(result)) for result in found.results] == [True, True, False]
    assert "topic" in _ids(find(topic="esol_find").results[0])
    assert found.results[0].score - find(topic="esol_online").results[0].score == pytest.approx(0)


def test_the_score_is_the_sum_of_its_five_shares(put: Put, find: Finder) -> None:
    put(make_service(topics=("food",), at=(HERE,), languages=("pl",), assured_date="2027-01-15", alert="!"))
    find.states["Service one"] = State("open")
    assert find.only(topic="food_help", near=HERE, languages=("pl",)).score == pytest.approx(1.0)
    find.states["Service one"] = State("closed")
    nothing = find.only(topic="food_help", near=_near(5.9), languages=("so",))
    near = 0.25 * 2.718281828 ** (-5900 / 2000)
    assert nothing.score == pytest.approx(0.40 + near + 0.15 * 0.3 + 0.10 * 0.2 + 0.10, abs=0.001)


@pytest.mark.parametrize(
    ("changes", "share", "reason"),
    [({"languages": ("pl",)}, 1.0, "language"),
     ({"interpretation_services": "by phone"}, 0.6, "interpreter"), ({}, 0.3, "")],
)  # fmt: skip
def test_language_spoken_interpreted_unknown(
    changes: dict[str, Any], share: float, reason: str, put: Put, find: Finder
) -> None:
    put(make_service(topics=("food",), **changes))
    result = find.only(topic="food_help", languages=("pl",))
    without = find.only(topic="food_help")
    assert result.score - without.score == pytest.approx(0.15 * (share - 0.3))
    assert not reason or reason in _ids(result)


@pytest.mark.parametrize(
    ("state", "share", "reason"),
    [
        (State("open", until=MOMENT + dt.timedelta(hours=2)), 1.0, "open"),
        (State("later_today", opens_at=MOMENT + dt.timedelta(hours=2)), 0.8, "later_today"),
        (State("unknown"), 0.5, "hours_unknown"),
        (State("check_first"), 0.5, "check_first"),
        (State("opens", opens_at=MOMENT + dt.timedelta(days=1)), 0.4, "opens"),
        (State("opens", opens_at=MOMENT + dt.timedelta(days=5)), 0.2, "opens"),
        (State("closed"), 0.2, "closed"),
    ],
)
def test_opening_hours_count_and_are_told(state: State, share: float, reason: str, put: Put, find: Finder) -> None:
    put(make_service(topics=("food",), schedules=(Schedule("s", description="see site"),)))
    find.states["Service one"] = State("open")
    best = find.only(topic="food_help").score
    find.states["Service one"] = state
    result = find.only(topic="food_help")
    assert best - result.score == pytest.approx(0.10 * (1 - share))
    assert reason in _ids(result)
    assert result.open_state == state
    if state.until or state.opens_at:
        assert _value(result, reason).startswith("2027-01-")


@pytest.mark.parametrize(
    ("assured", "modified", "share", "stale"),
    [
        ("2027-01-01", "", 1.0, False),
        ("2026-07-20", "", 1.0, False),
        ("2026-01-15", "", (24 - 365 / 30.44) / 18, True),
        ("2024-01-01", "", 0.0, True),
        ("", "2027-01-01T00:00:00.000Z", 0.5, True),
        ("2028-01-01", "", 0.0, True),
        ("", "", 0.0, True),
        ("not a date", "", 0.0, True),
    ],
)
def test_services_nobody_vouched_for_lately_are_marked_and_ranked_down(
    assured: str, modified: str, share: float, stale: bool, put: Put, find: Finder
) -> None:
    put(make_service(topics=("food",), assured_date=assured, last_modified=modified))
    result = find.only(topic="food_help")
    assert result.score == pytest.approx(0.40 + 0.25 * 0.5 + 0.15 * 0.3 + 0.10 * 0.5 + 0.10 * share, abs=1e-6)
    assert (result.is_stale, result.checked) == (stale, assured)


def test_the_councils_duty_stands_above_any_score_but_only_in_its_area(put: Put, find: Finder) -> None:
    duty = (make_attribute("duty", "homelessness", "statutory"),)
    put(
        make_service("best", topics=("homelessness",), at=(HERE,), languages=("pl",), assured_date="2027-01-10"),
        make_service("council", attributes=duty, areas=("Hackney",)),
        make_service("neighbour", attributes=duty, areas=("Leeds",)),
    )
    wanted = {"near": HERE, "areas": (HACKNEY,), "languages": ("pl",)}
    found = find(topic="homeless_tonight", **wanted)
    assert [result.service.name for result in found.results] == ["Service council", "Service best"]
    assert "statutory" in _ids(found.results[0])
    assert found.results[0].score < found.results[1].score
    assert find.names(topic="temporary_accommodation", **wanted)[0] == "Service best"


def test_two_of_one_organisation_at_the_top_the_rest_only_when_nothing_else_is_left(put: Put, find: Finder) -> None:
    many = [make_service(f"m{at}", topics=("food",), organization="Many", at=(HERE,)) for at in range(4)]
    put(*many, make_service("z", topics=("food",), at=(_near(1),)))
    assert find.names(topic="food_help", near=HERE, limit=3) == ["Service m0", "Service m1", "Service z"]
    assert len(find.names(topic="food_help", near=HERE, limit=9)) == 5


def test_the_same_service_of_two_feeds_stands_once(put: Put, find: Finder) -> None:
    put(make_service("a", name="Food  Bank", organization="Charity", topics=("food",)), feed="one")
    put(make_service("b", name="food bank", organization="CHARITY", topics=("food",)), feed="two")
    assert len(find.names(topic="food_help")) == 1


def test_ties_go_by_distance_area_name_and_id(put: Put, find: Finder) -> None:
    put(
        make_service("b", topics=("food",), areas=("UK",)),
        make_service("a", topics=("food",), areas=("England",)),
        make_service("d", topics=("food",), areas=("Hackney",)),
        make_service("c", topics=("food",), areas=("Hackney",)),
    )
    names = find.names(topic="food_help", areas=(HACKNEY,))
    assert names == ["Service c", "Service d", "Service a", "Service b"]
    assert names == find.names(topic="food_help", areas=(HACKNEY,))


def test_hours_are_worked_out_only_where_they_can_change_the_result(put: Put, store: Store) -> None:
    timed = (Schedule("s", description="x"),)
    put(*(make_service(f"{at:03}", topics=("food",), at=(_near(at / 40),), schedules=timed) for at in range(200)))
    judged: list[str] = []

    def judge(service: Service, moment: dt.datetime) -> State:
        judged.append(service.name)
        return State("open")

    query = Query(topic="food_help", near=HERE, open_at=MOMENT, limit=3)
    found = store.database.run_now(lambda connection: search(connection, store, query, open_state=judge))
    assert [result.service.name for result in found.results] == ["Service 000", "Service 001", "Service 002"]
    assert len(judged) <= 60


def test_weights_are_settings(put: Put, store: Store) -> None:
    put(make_service("near", at=(HERE,)), make_service("spoken", at=(_near(4),), languages=("pl",)))
    query = Query(near=HERE, languages=("pl",), open_at=MOMENT)

    def names(weights: Weights) -> list[str]:
        found = store.database.run_now(lambda connection: search(connection, store, query, weights=weights))
        return [result.service.name for result in found.results]

    assert names(Weights()) == ["Service near", "Service spoken"]
    assert names(replace(Weights(), near=0.05, language=0.9)) == ["Service spoken", "Service near"]


def test_a_missing_service_is_not_found_until_it_is_back(put: Put, find: Finder, database: Database) -> None:
    put(make_service(topics=("food",)), make_service("two", topics=("food",)))
    store = find.store
    database.run_now(lambda connection: store.finish(connection, "feed", {make_service("two").id}))
    assert find.names(topic="food_help") == ["Service two"]
    put(make_service(topics=("food",)))
    assert len(find.names(topic="food_help")) == 2


def test_the_areas_of_a_district_are_its_county_and_nation(put: Put, find: Finder) -> None:
    put(
        make_service(topics=("food",), areas=("Hertfordshire",)),
        make_service("two", topics=("food",), areas=("England",)),
    )
    found = find(topic="food_help", areas=("E07000095",))
    assert [_value(result, "area") for result in found.results] == ["E10000015", ENGLAND]
