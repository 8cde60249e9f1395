"""The directory on SQLite and on a real PostgreSQL: one suite, the same behaviour; and its read API."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.commands.services import export_services, import_services, search_services
from bot.core.database import Database
from bot.core.errors import NotFound, SourceUnavailable, UserInputError
from bot.core.paths import ROOT
from bot.core.settings import load_settings
from bot.directory import sqlite
from bot.directory.distance import metres_between
from bot.directory.models import Service
from bot.directory.opening import open_directory
from bot.directory.oruk_writer import is_uuid
from bot.directory.query import Query
from bot.directory.search import search
from bot.directory.seed import seed_services
from bot.directory.store import Filters, Looking, Store, Written, open_store
from bot.web.api import oruk
from bot.web.keys import DATABASE, SETTINGS
from bot.web.limits import RateLimit
from bot.web.middleware import MIDDLEWARES, REQUEST_LIMIT
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture
from tests.unit.directory.examples import HACKNEY, HERE, KILOMETRE, full_service, make_service, v3_document
from tests.unit.directory.profile import problems

Put = Callable[..., Written]
Client = TestClient[Any, Any]
TABLES = "service_places, service_areas, service_topics, service_languages, service_terms, service_hours, services"


@pytest.fixture(params=["sqlite", "sqlite without modules", "postgresql"])
def directory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An empty directory in each database, and in a SQLite without FTS5 and R*Tree."""
    if request.param == "sqlite without modules":
        monkeypatch.setattr(sqlite, "has_module", lambda connection, call: False)
    address = request.getfixturevalue("postgres_url") if request.param == "postgresql" else "sqlite://"
    opened = Database(address)
    store = open_store(opened)
    if request.param == "postgresql":
        opened.run_now(lambda connection: connection.execute(text(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")))
    assert opened.run_now(store.count) == 0
    yield opened
    opened.close()


@pytest.fixture
def store(directory: Database) -> Store:
    """The directory."""
    return open_store(directory)


@pytest.fixture
def put(store: Store) -> Put:
    """Write services of a feed."""

    def write(*services: Service, feed: str = "feed", area: str = "") -> Written:
        return store.database.run_now(lambda connection: store.put(connection, feed, services, area=area))

    return write


def _get(store: Store, service_id: str) -> Service:
    return store.database.run_now(lambda connection: store.get(connection, service_id))


def _finish(store: Store, *seen: Service, feed: str = "feed") -> int:
    ids = {service.id for service in seen}
    return store.database.run_now(lambda connection: store.finish(connection, feed, ids))


def _found(store: Store, **looking: Any) -> dict[str, float]:
    """Return names and text scores of the candidates, in order."""
    candidates = store.database.run_now(lambda connection: store.candidates(connection, Looking(**looking)))
    return {candidate.name: candidate.text_score for candidate in candidates}


def _page(store: Store, page: int = 1, per_page: int = 50, **filters: Any) -> list[str]:
    found = store.database.run_now(lambda connection: store.page(connection, Filters(**filters), page, per_page))
    return [document["name"] for document in found.contents]


def _north(kilometres: float) -> tuple[float, float]:
    return HERE[0] + kilometres * KILOMETRE, HERE[1]


# Writing


def test_a_service_comes_back_as_it_was_put(store: Store, put: Put) -> None:
    put(full_service())
    assert _get(store, full_service().id) == full_service()
    assert _get(store, full_service().id.upper()) == full_service()


def test_every_service_of_ours_comes_back_as_it_was_put(store: Store, put: Put) -> None:
    services = seed_services()
    assert put(*services).added == len(services)
    found = store.database.run_now(lambda connection: store.many(connection, [service.id for service in services]))
    assert list(found.values()) == sorted(services, key=lambda service: list(found).index(service.id))


def test_what_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        _get(store, full_service().id)
    with pytest.raises(NotFound):
        _get(store, "' OR 1=1 --")


def test_the_same_again_writes_nothing_a_change_is_written(store: Store, put: Put) -> None:
    one, two = make_service("one", topics=("food",), at=(HERE,)), make_service("two")
    first, again = put(one, two), put(one, two)
    assert (first.added, first.changed, first.unchanged) == (2, 0, 0)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    third = put(make_service("one", name="Otherwise", topics=("esol",), at=(_north(3),)), two)
    assert (third.added, third.changed, third.unchanged) == (0, 1, 1)
    assert list(_found(store, words=("otherwise",))) == ["Otherwise"]
    assert _found(store, words=("one",)) == {"Otherwise": pytest.approx(0, abs=1)}  # of its organisation
    assert _found(store, topics=("food_help",)) == {}
    assert list(_found(store, near=_north(3), radius_metres=500)) == ["Otherwise", "Service two"]
    assert list(_found(store, near=HERE, radius_metres=500)) == ["Service two"]


def test_an_id_that_another_feed_has_becomes_one_of_its_own_and_stays_that(store: Store, put: Put) -> None:
    put(make_service(), feed="first")
    put(make_service(name="Copy"), feed="second")
    assert put(make_service(name="Copy"), feed="second").unchanged == 1
    assert _get(store, make_service().id).name == "Service one"
    documents = store.database.run_now(lambda connection: store.page(connection, Filters(), 1, 9)).contents
    assert sorted(document["name"] for document in documents) == ["Copy", "Service one"]
    assert len({document["id"] for document in documents}) == 2
    assert all(is_uuid(document["id"]) for document in documents)


def test_what_a_full_pass_no_longer_lists_is_missing_and_comes_back(store: Store, put: Put) -> None:
    one, two = make_service("one"), make_service("two")
    put(one, two)
    put(make_service("other"), feed="another")
    assert _finish(store, one) == 1
    assert _finish(store, one) == 0
    assert _page(store) == ["Service one", "Service other"]
    with pytest.raises(NotFound):
        _get(store, two.id)
    assert put(two).changed == 1
    assert _page(store) == ["Service one", "Service other", "Service two"]


def test_an_empty_pass_wipes_nothing(store: Store, put: Put) -> None:
    put(make_service())
    assert put().ids == set()
    assert _finish(store) == 0
    assert _page(store) == ["Service one"]


def test_a_failure_in_a_batch_leaves_nothing_of_it(store: Store, put: Put) -> None:
    def services() -> Iterator[Service]:
        yield make_service("one")
        raise SourceUnavailable("gone")

    with pytest.raises(SourceUnavailable):
        store.database.run_now(lambda connection: store.put(connection, "feed", services()))
    assert store.database.run_now(store.count) == 0


def test_an_index_that_was_lost_is_made_anew(directory: Database, store: Store, put: Put) -> None:
    put(make_service(topics=("food",), at=(HERE,)))
    names = ("services_words", "services_pieces", "services_text", "service_boxes")
    with directory.engine.begin() as connection:
        tables = directory.is_sqlite and connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
        for name in names if directory.is_sqlite else ("services_words",):
            if not tables or name in tables:
                connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 — names of this test
    again = open_store(directory)
    assert list(_found(again, words=("food",))) == ["Service one"]
    assert list(_found(again, near=HERE, radius_metres=100)) == ["Service one"]


# Finding


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("refugees",), ["Refugee Council"]),
        (("council", "bakery"), ["Bread", "Refugee Council"]),
        (("lodz",), ["Polska Szkoła Łódź"]),
        (("marys",), ["St Mary’s Hall"]),
        (("nothing",), []),
    ],
)
def test_words_are_found_by_their_stem_without_accents_and_apostrophes(
    words: tuple[str, ...], names: list[str], store: Store, put: Put
) -> None:
    put(
        make_service("a", name="Refugee Council"), make_service("b", name="Bread", description="A bakery."),
        make_service("c", name="Polska Szkoła Łódź"), make_service("d", name="St Mary’s Hall"),
    )  # fmt: skip
    found = _found(store, words=words)
    assert sorted(found) == names
    assert all(0 < score < 1 for score in found.values())


def test_a_name_weighs_more_than_a_topic_an_organisation_a_description(store: Store, put: Put) -> None:
    put(
        make_service("a", description="Of canoes and rivers."),
        make_service("b", organization="Canoe"),
        make_service("c", name="Canoe"),
    )
    found = _found(store, words=("canoe",))
    assert list(found) == ["Canoe", "Service b", "Service a"]
    assert len(set(found.values())) == 3


def test_words_of_other_scripts_are_found_inside_runs(store: Store, put: Put) -> None:
    put(make_service("a", description="伦敦难民中心"), make_service("b", alternate_name="مركز اللاجئين"))
    assert list(_found(store, pieces=(("难民",),))) == ["Service a"]
    assert list(_found(store, pieces=(("难民", "民中"),))) == ["Service a"]
    assert list(_found(store, pieces=(("民难",),))) == []
    assert list(_found(store, pieces=(("اللاجیین",), ("اللاجئین",)))) == ["Service b"]


@pytest.mark.parametrize("kilometres", [0.05, 0.5, 3.0, 14.0])
def test_places_inside_the_circle_are_found_and_distances_agree(kilometres: float, store: Store, put: Put) -> None:
    put(
        make_service("in", topics=("food",), at=(_north(kilometres),)),
        make_service("out", topics=("food",), at=(_north(kilometres * 1.1 + 0.1),)),
    )
    radius = kilometres * 1000 * 1.01
    assert list(_found(store, near=HERE, radius_metres=radius, topics=("food_help",))) == ["Service in"]
    query = Query(topic="food_help", near=HERE, radius_metres=radius)
    found = store.database.run_now(lambda connection: search(connection, store, query))
    assert found.results[0].distance_metres == pytest.approx(kilometres * 1000, rel=0.005)


def test_the_nearest_come_first_where_nothing_else_is_asked(store: Store, put: Put) -> None:
    put(*(make_service(str(at), at=(_north(at),)) for at in (3, 1, 2)))
    assert list(_found(store, near=HERE, radius_metres=9000)) == ["Service 1", "Service 2", "Service 3"]
    assert list(_found(store, near=HERE, radius_metres=9000, limit=1)) == ["Service 1"]


def test_a_topic_comes_before_one_close_to_it(store: Store, put: Put) -> None:
    put(make_service("a", topics=("arrears",)), make_service("b", topics=("benefits",)))
    assert list(_found(store, topics=("housing_benefits", "rent_arrears"))) == ["Service b", "Service a"]


def test_a_search_gives_the_same_on_every_database(store: Store, put: Put, today: dt.date) -> None:
    put(*seed_services())
    expected = {
        "homeless_tonight": "Haringey Council homelessness",
        "immigration_advice": "Haringey Migrant Support Centre",
    }
    for topic, name in expected.items():
        query = Query(topic=topic, areas=("E09000014",), open_at=dt.datetime(2027, 1, 15, 12, tzinfo=dt.timezone.utc))
        found = store.database.run_now(lambda connection: search(connection, store, query))  # noqa: B023 — run at once
        assert found.results[0].service.name == name
        assert all(reason.id != "words" for result in found.results for reason in result.why)


# Pages


def test_pages_follow_one_another_by_name(store: Store, put: Put) -> None:
    put(*(make_service(f"{at:02}") for at in range(7)))
    assert [_page(store, page, 3) for page in (1, 2, 3, 4)] == [
        ["Service 00", "Service 01", "Service 02"], ["Service 03", "Service 04", "Service 05"], ["Service 06"], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"text": "beds"}, ["Service full"]),
        ({"text": "zebra"}, []),
        ({"text": "the"}, []),
        ({"language": "so"}, ["Service full"]),
        ({"minimum_age": 70}, ["Service one"]),
        ({"maximum_age": 17}, ["Service one"]),
        ({"minimum_age": 20, "maximum_age": 30}, ["Service full", "Service one"]),
        ({"modified_after": "2027-01-02T09:59:59.000Z"}, ["Service full"]),
        ({"modified_after": "2027-01-02T10:00:00.000Z"}, []),
        ({"day": "MO"}, ["Service full"]),
        ({"day": "MO", "start_time": "10:00", "end_time": "16:00"}, ["Service full"]),
        ({"day": "MO", "end_time": "18:00"}, []),
        ({"day": "WE"}, []),
        ({"areas": (HACKNEY,)}, ["Service full"]),
        ({"feed": "nobody"}, []),
        ({"organization_id": full_service().organization.id}, ["Service full"]),
        ({"taxonomy_term_id": full_service().attributes[0].taxonomy_term.id}, ["Service full"]),
        ({"taxonomy_id": full_service().attributes[0].taxonomy_term.taxonomy_id, "language": "pl"}, ["Service full"]),
        ({"taxonomy_id": full_service().attributes[0].taxonomy_term.taxonomy_id, "language": "fr"}, []),
    ],
)
def test_filters_add_up(filters: dict[str, Any], names: list[str], store: Store, put: Put) -> None:
    put(full_service(), make_service())
    assert _page(store, **filters) == names


# Commands


def _feed(folder: Path, *documents: Any) -> str:
    path = folder / "feed.json"
    path.write_text(json.dumps(list(documents)), encoding="utf-8")
    return str(path)


def test_an_import_reports_is_repeatable_and_marks_what_is_gone(directory: Database, tmp_path: Path) -> None:
    address = _feed(tmp_path, v3_document(id=1), v3_document(id=2, name="Two"), {"name": "no id"})
    first = import_services(address, database=directory)
    assert (first["feed"], first["added"], first["complete"]) == ("feed.json", 2, True)
    assert first["report"]["refused.service"]["number"] == 1
    again = import_services(address, database=directory)
    assert (again["added"], again["changed"], again["unchanged"], again["missing"]) == (0, 0, 2, 0)
    less = import_services(_feed(tmp_path, v3_document(id=1)), database=directory)
    assert (less["unchanged"], less["missing"]) == (1, 1)
    assert import_services(_feed(tmp_path), database=directory)["missing"] == 0
    assert directory.run_now(open_store(directory).count) == 1


def test_an_import_that_breaks_off_keeps_what_came_and_wipes_nothing(
    directory: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_services(_feed(tmp_path, *(v3_document(id=at, name=f"S{at}") for at in range(3))), database=directory)

    def half(self: Any) -> Iterator[Any]:
        yield v3_document(id=0, name="S0 changed")
        raise SourceUnavailable("feed.example.org: status 503")

    monkeypatch.setattr("bot.directory.feed.Feed.__iter__", half)
    result = import_services(_feed(tmp_path), feed="feed.json", database=directory)
    assert (result["changed"], result["missing"], result["complete"]) == (1, 0, False)
    assert result["error"] == "feed.example.org: status 503"
    assert _page(open_store(directory)) == ["S0 changed", "S1", "S2"]


def test_an_export_is_valid_and_can_be_imported_again(directory: Database, tmp_path: Path) -> None:
    file, lines = tmp_path / "out.json", tmp_path / "out.ndjson"
    number = export_services(file, database=directory)
    documents = json.loads(file.read_text(encoding="utf-8"))
    assert number == len(documents) == len(seed_services())
    assert [problem for document in documents for problem in problems("service", document)] == []
    assert export_services(lines, database=directory) == number
    assert [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()] == documents
    copy = import_services(str(file), feed="copy", database=directory)
    assert copy["added"] == number
    assert copy["report"] == {}


def test_an_export_that_cannot_be_written_leaves_no_file(directory: Database, tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="nowhere"):
        export_services(tmp_path / "nowhere" / "out.json", database=directory)
    assert list(tmp_path.iterdir()) == []


def test_a_search_on_the_command_line(directory: Database, today: dt.date) -> None:
    found = search_services(topic="homeless_tonight", near="N17", open_at="2027-01-15T12:00", database=directory)
    first = found["results"][0]
    assert first["name"] == "Haringey Council homelessness"
    assert first["why"][0] == {"id": "statutory", "value": "homeless_tonight"}
    assert {"distance_metres", "open_state", "why", "checked"} <= set(first)
    assert search_services("zebra", database=directory) == {"results": [], "removed": {"words": len(seed_services())}}
    for wrong in ({"near": "nowhere at all"}, {"areas": ("Hackney",)}, {"open_at": "tomorrow"}):
        with pytest.raises(UserInputError):
            search_services("food", database=directory, **wrong)  # type: ignore[arg-type]


def test_an_import_that_is_killed_is_finished_by_running_it_again(tmp_path: Path) -> None:
    address = _feed(tmp_path, *(v3_document(id=at, name=f"Service {at}") for at in range(3_000)))
    url = f"sqlite:///{tmp_path / 'test.sqlite'}"
    code = (
        "import sys; from bot.commands import services; put = services._put\n"
        "def tell(*args):\n    written = put(*args); print('written', flush=True); return written\n"
        "services._put = tell; services.import_services(sys.argv[1])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, address], cwd=ROOT, env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    opened = Database(url)
    before = opened.run_now(open_store(opened).count)
    result = import_services(address, database=opened)
    assert 0 < before < 3_000
    assert (result["added"], result["unchanged"], result["missing"]) == (3_000 - before, before, 0)
    assert list(_found(open_store(opened), words=("2999",))) == ["Service 2999"]
    opened.close()


# The read API


@pytest.fixture
async def client(directory: Database) -> AsyncIterator[Client]:
    """The API alone, with the middleware of the whole application."""
    app = web.Application(middlewares=MIDDLEWARES)
    app[SETTINGS], app[DATABASE], app[REQUEST_LIMIT] = load_settings({}), directory, RateLimit(10_000, 60)
    oruk.setup_directory(app, open_directory(directory))
    oruk.add_oruk_routes(app)
    store = app[oruk.STORE]
    directory.run_now(lambda connection: store.put(connection, "feed", [full_service()]))
    async with TestClient(TestServer(app)) as running:
        yield running


async def _json(client: Client, path: str) -> Any:
    response = await client.get(path)
    assert response.status == 200, await response.text()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return await response.json()


async def test_the_root_names_the_version(client: Client) -> None:
    root = await _json(client, "/oruk")
    assert root["version"] == "HSDS-UK-3.0"
    assert {"profile", "openapi_url"} <= set(root)


async def test_every_page_and_every_service_is_valid(client: Client) -> None:
    seen: set[str] = set()
    page, pages = 1, 1
    while page <= pages:
        document = await _json(client, f"/services?page={page}&per_page=60")
        assert problems("page", document) == []
        pages = document["total_pages"]
        assert (document["page_number"], document["last_page"]) == (page, page == pages)
        seen |= {service["id"] for service in document["contents"]}
        page += 1
    assert len(seen) == document["total_items"] == len(seed_services()) + 1
    for service_id in sorted(seen)[:20]:
        assert problems("service", await _json(client, f"/services/{service_id}")) == []


@pytest.mark.parametrize(
    ("path", "entity"),
    [("organizations", "organization"), ("service_at_locations", "service_at_location"), ("taxonomies", "taxonomy"),
     ("taxonomy_terms", "taxonomy_term")],
)  # fmt: skip
async def test_other_lists_and_their_entities_are_valid(path: str, entity: str, client: Client) -> None:
    document = await _json(client, f"/{path}?per_page=5")
    assert 0 < document["size"] <= 5
    for item in document["contents"]:
        assert problems(entity, item) == []
        assert await _json(client, f"/{path}/{item['id']}") == item
    missing = await client.get(f"/{path}/{seed_services()[0].id[:-4]}0000")
    assert (missing.status, (await missing.json())["error"]["code"]) == (404, "not_found")


async def test_a_page_beyond_the_last_is_empty(client: Client) -> None:
    document = await _json(client, "/services?page=999")
    assert (document["empty"], document["contents"], document["page_number"]) == (True, [], 999)
    assert problems("page", document) == []


async def test_pages_have_a_largest_size(client: Client) -> None:
    assert (await _json(client, "/services?per_page=100000"))["size"] <= 200


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("search=beds", True), ("search=zebra", False),
        ("minimum_age=20&maximum_age=30", True), ("minimum_age=70", False),
        ("day=MO&start_time=10:00", True), ("day=Sunday", False), ("modified_after=2027-01-01", True),
        ("modified_after=2028-01-01T00:00:00Z", False), ("unknown=1", True), ("postcode=E8+1EA", True),
        ("postcode=LS1", False), (f"organization_id={full_service().organization.id}", True),
        (f"taxonomy_term_id={full_service().attributes[0].taxonomy_term.id}", True),
    ],
)  # fmt: skip
async def test_filters_of_services(query: str, holds: bool, client: Client) -> None:
    document = await _json(client, f"/services?per_page=200&{query}")
    assert (full_service().id in {service["id"] for service in document["contents"]}) is holds


@pytest.mark.parametrize(("proximity", "number"), [("100", 0), ("5000", 1)])
async def test_places_near_a_postcode(proximity: str, number: int, client: Client) -> None:
    document = await _json(client, f"/service_at_locations?postcode=E8&proximity={proximity}")
    centre = (51.5450, -0.0650)  # roughly that of the district
    places = [item["location"] for item in document["contents"]]
    assert document["total_items"] == number
    assert all(metres_between(centre, (place["latitude"], place["longitude"])) < 6000 for place in places)


async def test_minimal_and_line_by_line(client: Client) -> None:
    document = await _json(client, "/services?minimal=true&search=beds")
    assert document["contents"] == [{"id": full_service().id, "last_modified": "2027-01-02T10:00:00.000Z"}]
    response = await client.get("/services?format=ndjson&search=beds")
    assert response.content_type == "application/x-ndjson"
    assert [problems("service", json.loads(line)) for line in (await response.text()).splitlines()] == [[]]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "per_page=-1", "per_page=9999999999", "minimum_age=x", "minimum_age=nan", "modified_after=x",
     "day=x", "start_time=x", "postcode=zzzz", "proximity=x&postcode=E8", "search=" + "x" * 300, "search=%00"],
)  # fmt: skip
async def test_wrong_values_are_told_in_the_shape_of_the_house(query: str, client: Client) -> None:
    response = await client.get(f"/services?{query}")
    assert response.status == 400
    error = (await response.json())["error"]
    assert error["code"] == "bad_request"
    assert error["message"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
async def test_it_is_read_only(method: str, client: Client) -> None:
    assert (await getattr(client, method)("/services")).status == 405
