"""Speed of the directory with 20,000 services on SQLite and PostgreSQL: `python -m tests.load.directory`.

Invented services around the real councils of England; the same feed and the same searches for both databases.
Reach: import in 60 s, 95 of 100 searches in 30 ms. PostgreSQL is started from the system's package unless an address
is given.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime as dt
import json
import os
import pwd
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.commands.services import import_services
from bot.core.database import Database
from bot.core.paths import REFERENCE
from bot.directory.hours import service_state
from bot.directory.oruk_writer import new_id
from bot.directory.query import Query
from bot.directory.search import search
from bot.directory.store import open_store
from bot.directory.topicmap import load_topic_map
from tests.contract.server import free_port

SERVICES, ORGANIZATIONS, SEARCHES, WARM_UP = 20_000, 4_000, 400, 40
REACH_IMPORT_SECONDS, REACH_SEARCH_MILLISECONDS = 60.0, 30.0
MOMENT = dt.datetime(2027, 1, 15, 11, tzinfo=dt.timezone.utc)
LANGUAGES = ("pl", "ro", "so", "ar", "uk", "ur", "bn", "fa", "es", "pt", "tr")
WORDS = (
    "advice housing council family support centre community people local free drop-in session group english class food "
    "bank refugee migrant women children young older health wellbeing debt benefits rent tenancy legal volunteer "
    "training work skills café garden church mosque hall library school nursery counselling mental shelter beds night "
    "outreach recycling repair energy heating council-tax letters forms interpreter asylum home hope trust action"
)
TAIL = tuple(
    f"{first}{middle}{last}"
    for first in "bdfgklmnprst"
    for middle in ("an", "el", "or", "u", "i")
    for last in (
        "ber",
        "dow",
        "fen",
        "gate",
        "ham",
        "kin",
        "ley",
        "mor",
        "ness",
        "pool",
        "ridge",
        "stone",
        "ton",
        "wick",
        "worth",
    )
)
TYPED = ("food bank", "english class for women", "help with rent and debt", "refugee council", "mental health support",
         "legal advice housing", "community garden", "night shelter beds", "难民", "library")  # fmt: skip
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA")


def councils() -> list[tuple[str, str, float, float]]:
    """Return code, name, latitude, longitude of the English councils of today."""
    with (REFERENCE / "places" / "authorities.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file, delimiter="\t") if row["gss_code"][:3] in ("E06", "E07", "E08", "E09")
        ]
    return [
        (row["gss_code"], row["name"], float(row["latitude"]), float(row["longitude"]))
        for row in rows
        if not row["replaced_by"] and row["latitude"]
    ]


def make_document(number: int, chance: random.Random, places: list[tuple[str, str, float, float]]) -> dict[str, Any]:
    """Return an invented service as a feed sends it."""
    code, council, latitude, longitude = chance.choice(places if chance.random() < 0.6 else places[:33])
    words = [*chance.sample(WORDS.split(), 3), council]
    organization = f"{council} {chance.choice(WORDS.split())} {number % ORGANIZATIONS}"
    topics = chance.sample(sorted(load_topic_map().named.items()), chance.choice((1, 2, 2, 3)))
    key = str(number)
    located = [
        {
            "id": new_id(key, "sal", str(at)),
            "location": {
                "id": new_id(key, "location", str(at)), "location_type": "physical",
                "latitude": round(latitude + chance.gauss(0, 0.04), 5),
                "longitude": round(longitude + chance.gauss(0, 0.06), 5),
                "addresses": [{
                    "id": new_id(key, "address", str(at)), "address_1": f"{number} Example Street", "city": council,
                    "state_province": "", "postal_code": "", "country": "GB", "address_type": "physical",
                }],
            },
        }
        for at in range(chance.choice((0, 1, 1, 1, 1, 2)))
    ]  # fmt: skip
    area = [{"id": new_id(key, "area"), "name": council, "uri": f"https://example.org/id/{code}"}]
    national = [{"id": new_id(key, "area"), "name": "England"}]
    return {
        "id": new_id("load", key), "name": " ".join(words).title(), "status": "active",
        "description": " ".join([*chance.choices(WORDS.split(), k=15), *chance.choices(TAIL, k=45)]) + ".",
        "url": f"https://example.org/{number}",
        "minimum_age": chance.choice((None, None, 16, 18)),
        "assured_date": (MOMENT.date() - dt.timedelta(days=chance.randrange(900))).isoformat(),
        "last_modified": "2027-01-01T00:00:00Z",
        "organization": {"id": new_id("load", "organization", organization), "name": organization, "description": "x"},
        "schedules": [
            {"id": new_id(key, "schedule", day), "freq": "WEEKLY", "byday": day,
            "opens_at": "09:30", "closes_at": "16:00"}
            for day in chance.sample(DAYS, chance.choice((0, 1, 2, 5)))
        ],
        "service_areas": national if chance.random() < 0.03 else area if chance.random() < 0.5 or not located else [],
        "service_at_locations": located,
        "languages": [
            {"id": new_id(key, "language", language), "code": language}
            for language in chance.sample(LANGUAGES, chance.choice((0, 0, 0, 1, 2)))
        ],
        "attributes": [
            {
                "id": new_id(key, "attribute", word), "link_type": "topic",
                "taxonomy_term": {"id": new_id("term", word), "name": name, "description": name, "code": word},
            }
            for word, name in topics
        ],
    }  # fmt: skip


def make_queries(chance: random.Random, places: list[tuple[str, str, float, float]]) -> list[Query]:
    """Return searches as people make them: mostly a topic and a place, some words."""
    topics = sorted({topic for topics in load_topic_map().by_code.values() for topic in topics})
    queries = []
    for _ in range(SEARCHES + WARM_UP):
        code, _, latitude, longitude = chance.choice(places)
        has_place, has_words = chance.random() < 0.85, chance.random() < 0.35
        queries.append(
            Query(
                text=chance.choice(TYPED) if has_words else "",
                topic=chance.choice(topics) if not has_words or chance.random() < 0.5 else None,
                near=(latitude, longitude) if has_place else None,
                areas=(code,) if has_place else (),
                languages=(chance.choice(LANGUAGES),),
                open_at=MOMENT,
            )
        )
    return queries


def measure(url: str, feed: Path, queries: list[Query]) -> dict[str, float]:
    """Import the feed twice, search, and return seconds and milliseconds."""
    database = Database(url)
    began = time.perf_counter()
    result = import_services(str(feed), feed="load", database=database)
    seconds = time.perf_counter() - began
    assert result["added"] == SERVICES, result
    began = time.perf_counter()
    assert import_services(str(feed), feed="load", database=database)["unchanged"] == SERVICES
    again = time.perf_counter() - began
    store = open_store(database)
    times, empty = [], 0
    for query in queries:
        began = time.perf_counter()
        found = database.run_now(lambda connection: search(connection, store, query, open_state=service_state))  # noqa: B023 — run at once
        times.append((time.perf_counter() - began) * 1000)
        empty += not found.results
    database.close()
    cut = statistics.quantiles(times[WARM_UP:], n=100)
    return {
        "import_s": seconds,
        "again_s": again,
        "p50_ms": cut[49],
        "p95_ms": cut[94],
        "p99_ms": cut[98],
        "empty": empty,
    }


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a cluster of its own on a loopback port."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))[-1].parent
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid} if user else {}
    if user:  # the server refuses to run as root
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    data, port = folder / "data", free_port()
    initdb = [binaries / "initdb", "-D", data, "-U", "doorway", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, **as_user)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    start = [binaries / "pg_ctl", "-D", data, "-o", options, "-w", "-l", folder / "log", "start"]
    subprocess.run(start, check=True, capture_output=True, **as_user)
    try:
        yield f"postgresql://doorway@127.0.0.1:{port}/postgres"
    finally:
        stop = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=True, capture_output=True, **as_user)


def main() -> None:
    """Print the figures; exit 1 when one is out of reach."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", help="address of an empty database; else a server of its own is started")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    arguments = parser.parse_args()
    chance, places = random.Random(7), councils()
    queries = make_queries(chance, places)
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        feed = folder / "feed.json"
        feed.write_text(
            json.dumps([make_document(number, chance, places) for number in range(SERVICES)]), encoding="utf-8"
        )
        if arguments.only != "postgresql":
            figures["SQLite"] = measure(f"sqlite:///{folder / 'load.sqlite'}", feed, queries)
        if arguments.only != "sqlite":
            own = folder / "postgres"
            own.mkdir()
            url = arguments.postgres or stack.enter_context(postgres(own))
            figures["PostgreSQL"] = measure(url, feed, queries)
    missed = False
    for database, figure in figures.items():
        shown = ", ".join(f"{name} {value:.1f}" for name, value in figure.items())
        sys.stdout.write(f"{database}: {shown}\n")
        missed |= figure["import_s"] > REACH_IMPORT_SECONDS or figure["p95_ms"] > REACH_SEARCH_MILLISECONDS
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
