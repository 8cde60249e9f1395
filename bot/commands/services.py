"""`doorway services search|import|export`."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import bot.directory.tables  # noqa: F401 — registers the tables before the database is opened
from bot.core.database import Database
from bot.core.errors import BotError, SourceUnavailable, UserInputError
from bot.core.settings import load_settings
from bot.directory.feed import Feed, is_url
from bot.directory.hours import service_state
from bot.directory.models import Service
from bot.directory.opening import open_directory
from bot.directory.oruk_reader import read_services
from bot.directory.oruk_writer import service_document
from bot.directory.query import Query
from bot.directory.report import Report
from bot.directory.search import Result, search
from bot.directory.store import Filters, Store, Written, open_store
from bot.places.lookup import find_place

BATCH = 200  # services of one transaction: an import that is killed loses at most these, and runs on when repeated
PER_PAGE = 500
POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*")
GSS = re.compile(r"[EWSN]\d{8}")


def search_services(
    text: str = "",
    *,
    topic: str | None = None,
    near: str | None = None,
    areas: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
    open_at: str | None = None,
    free_only: bool = False,
    age: float | None = None,
    limit: int = 5,
    database: Database | None = None,
) -> dict[str, Any]:
    """Return `{"results", "removed"}` for a search.

    Args:
        near: a postcode, a place or `latitude,longitude`.
        areas: GSS codes of councils.
        open_at: ISO; London time where it names no zone.

    Raises:
        UserInputError: `near`, `areas` or `open_at` cannot be read.
    """
    point, councils = _place(near)
    query = Query(
        text=text, topic=topic, near=point, areas=(*_areas(areas), *councils), languages=languages,
        open_at=_moment(open_at), free_only=free_only, age=age, limit=limit,
    )  # fmt: skip
    opened = database or _open()
    try:
        store = open_directory(opened)
        found = opened.run_now(lambda connection: search(connection, store, query, open_state=service_state))
    finally:
        if database is None:
            opened.close()
    return {"results": [describe(result) for result in found.results], "removed": found.removed}


def import_services(
    address: str,
    *,
    feed: str | None = None,
    area: str = "",
    allow_private: bool = False,
    database: Database | None = None,
) -> dict[str, Any]:
    """Read a feed into the directory and return what happened.

    Repeating it changes nothing. Services that a complete pass no longer lists are marked as missing; an empty or
    broken pass marks none. `feed` names the feed, else its host or file name does; `area`: GSS code of its council.

    Returns:
        `{"feed", "added", "changed", "unchanged", "missing", "complete", "error", "report"}`.

    Raises:
        UserInputError: there is no such file, or nothing in it can be read.
        SourceUnavailable: the feed did not answer at all.
    """
    report = Report()
    source = Feed(address, report=report, allow_private=allow_private)
    name = feed or feed_name(address)
    opened = database or _open()
    written, missing, failure = Written(), 0, ""
    try:
        store = open_store(opened)
        try:
            for batch in _batches(_shown(read_services(source, feed=name, report=report), source)):
                written.add(_put(opened, store, name, batch, area))
        except SourceUnavailable as error:
            if not written.ids:
                raise
            failure = str(error)
        complete = source.is_complete and not failure
        if complete and written.ids:
            missing = opened.run_now(lambda connection: store.finish(connection, name, written.ids))
        if written.added or written.changed:
            opened.run_now(store.settle)
    finally:
        if database is None:
            opened.close()
    return {
        "feed": name, "added": written.added, "changed": written.changed, "unchanged": written.unchanged,
        "missing": missing, "complete": complete, "error": failure, "report": report.as_dict(),
    }  # fmt: skip


def export_services(file: Path, *, feed: str = "", database: Database | None = None) -> int:
    """Write every service as a JSON array (`.ndjson`: one a line) in Open Referral UK 3.0; return how many.

    Raises:
        UserInputError: the file cannot be written.
    """
    opened = database or _open()
    by_line = file.suffix in (".ndjson", ".jsonl")
    number = 0
    unfinished = file.with_name(file.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8") as out:
            store = open_directory(opened)
            for document in _documents(opened, store, feed):
                text = json.dumps(document, ensure_ascii=False, allow_nan=False)
                out.write(text + "\n" if by_line else ("[\n" if number == 0 else ",\n") + text)
                number += 1
            out.write("" if by_line else "\n]\n" if number else "[]\n")
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UserInputError("bad_request", detail=f"{file}: {error.strerror}") from error
    finally:
        if database is None:
            opened.close()
    return number


def describe(result: Result) -> dict[str, Any]:
    """Return a result as the command prints it: the service's document and why it is there."""
    state = result.open_state
    until, opens_at = (
        moment.isoformat(timespec="minutes") if moment else None for moment in (state.until, state.opens_at)
    )
    return {
        **service_document(result.service),
        "score": result.score,
        "distance_metres": None if result.distance_metres is None else round(result.distance_metres),
        "open_state": {"kind": state.kind, "until": until, "opens_at": opens_at},
        "why": [reason._asdict() for reason in result.why],
        "checked": result.checked,
    }


def feed_name(address: str) -> str:
    """Return the name of a feed that was given none.

    >>> feed_name("https://directory.example.org/api/v3"), feed_name("/tmp/leeds.json")
    ('directory.example.org/api/v3', 'leeds.json')
    """
    if not is_url(address):
        return Path(address).name
    parts = urlsplit(address)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/').removesuffix('/services')}"[:255]


def _put(database: Database, store: Store, feed: str, batch: list[Service], area: str) -> Written:
    return database.run_now(lambda connection: store.put(connection, feed, batch, area=area))


def _batches(services: Iterator[Service]) -> Iterator[list[Service]]:
    """Yield what comes in parts; what came before a failure is yielded before it is raised."""
    while True:
        batch: list[Service] = []
        try:
            for service in islice(services, BATCH):
                batch.append(service)
        except BotError:
            if batch:
                yield batch
            raise
        if not batch:
            return
        yield batch


def _shown(services: Iterator[Service], source: Feed) -> Iterator[Service]:
    """Yield the services and show on stderr how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(source.address[:60], total=None)
        for service in services:
            progress.update(task, advance=1, total=source.total)
            yield service


def _documents(database: Database, store: Store, feed: str) -> Iterator[dict[str, Any]]:
    filters = Filters(feed=feed)
    page = 1
    while True:
        number = page
        found = database.run_now(lambda connection: store.page(connection, filters, number, PER_PAGE))  # noqa: B023 — run at once
        yield from found.contents
        if page * PER_PAGE >= found.total:
            return
        page += 1


def _open() -> Database:
    from bot.service import open_database

    return open_database(load_settings())


def _place(near: str | None) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    """Return coordinates and the councils there; of a name or postcode that several councils share, all of them."""
    if not near:
        return None, ()
    match = POINT.fullmatch(near)
    if match and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180:
        return (float(match[1]), float(match[2])), ()
    found = find_place(near)
    if not found.candidates:
        raise UserInputError("bad_request", detail=f"--near: no place {near!r}; a postcode, a council or 51.545,-0.056")
    first = found.candidates[0]
    return (first.latitude, first.longitude), tuple(item.authority.gss_code for item in found.candidates)


def _areas(areas: tuple[str, ...]) -> tuple[str, ...]:
    for code in areas:
        if not GSS.fullmatch(code):
            raise UserInputError("bad_request", detail=f"--area takes a GSS code like E09000012, not {code}")
    return areas


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UserInputError("bad_request", detail="--open-at takes a moment like 2027-03-01T14:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))
