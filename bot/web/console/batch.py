"""Batch tests: a CSV goes in, runs in the background, and comes back with what was understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.accuracy import Share, shares_by
from bot.console.batch_changes import Change, changes_between
from bot.console.batch_file import MOST_BYTES, MOST_ROWS, RESULT_COLUMNS, BadBatch, read_batch, write_csv
from bot.console.batch_runner import BatchRunner
from bot.console.batches import (
    RUNNING,
    Batch,
    BatchRow,
    cancel_batch,
    delete_batch,
    get_batch,
    list_batches,
    make_batch,
    previous_batch,
    rows_of,
)
from bot.core.errors import UserInputError
from bot.web.console.page import PREFIX, get, post
from bot.web.console.visit import Visit
from bot.web.keys import ASSISTANT, DATABASE

RUNNER: web.AppKey[BatchRunner] = web.AppKey("console_batch_runner", BatchRunner)
BATCH = f"{PREFIX}/batch"
ONE = "/batch/{id:[0-9a-f]{32}}"
BODY_LIMIT = 3_000_000
SECONDS_TO_LOOK_AGAIN = 3
SHOWN_ROWS = 200


async def run_batches(app: web.Application) -> AsyncIterator[None]:
    """Work off batches while the service runs, where it has a model."""
    if ASSISTANT not in app:
        yield
        return
    app[RUNNER] = BatchRunner(app[DATABASE], app[ASSISTANT])
    job = asyncio.create_task(app[RUNNER].run())
    yield
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)


async def get_batches(visit: Visit) -> web.StreamResponse:
    """GET /console/batch: the form, and one's own runs of the last day."""
    return await _list(visit)


async def post_batches(visit: Visit) -> web.StreamResponse:
    """POST /console/batch: a file to run."""
    file = visit.form.get("file")
    if not isinstance(file, web.FileField):
        return await _list(visit, UserInputError("batch_file", status=422))
    try:
        asked = await asyncio.to_thread(lambda: read_batch(file.file.read(MOST_BYTES + 1)))
        batch = await visit.run(lambda connection: _make(visit, connection, asked, file.filename))
    except UserInputError as error:
        return await _list(visit, error)
    if RUNNER in visit.request.app:
        visit.request.app[RUNNER].wake()
    return visit.go(f"{BATCH}/{batch.id}")


async def get_one(visit: Visit) -> web.StreamResponse:
    """GET /console/batch/{id}: how far it is, then the figures.

    While it runs the browser looks again by itself, unless it is told not to (`?still=1`).
    """
    batch_id = visit.request.match_info["id"]

    def work(connection: Connection) -> tuple[Batch, list[BatchRow], Batch | None, list[BatchRow]]:
        batch = get_batch(connection, batch_id, by=visit.user.id)
        if batch.state == RUNNING:
            return batch, [], None, []
        earlier = previous_batch(connection, batch)
        return batch, rows_of(connection, batch.id), earlier, rows_of(connection, earlier.id) if earlier else []

    batch, rows, earlier, rows_before = await visit.run(work)
    is_still = bool(visit.request.query.get("still"))
    response = visit.render(
        batch=batch,
        is_running=batch.state == RUNNING,
        is_still=is_still,
        seconds=SECONDS_TO_LOOK_AGAIN,
        earlier=earlier,
        **_figures(rows),
        **_changes(changes_between(rows_before, rows)),
    )
    if batch.state == RUNNING and not is_still:
        response.headers["Refresh"] = str(SECONDS_TO_LOOK_AGAIN)
    return response


async def post_one(visit: Visit) -> web.StreamResponse:
    """POST /console/batch/{id}: stop it, or delete it with its texts."""
    batch_id, wanted = visit.request.match_info["id"], visit.field("do")

    def work(connection: Connection) -> None:
        if wanted == "delete":
            delete_batch(connection, batch_id, by=visit.user.id)
        elif wanted == "cancel":
            cancel_batch(connection, batch_id, by=visit.user.id, now=visit.now)
        else:
            get_batch(connection, batch_id, by=visit.user.id)
            raise UserInputError("bad_request")

    await visit.run(work)
    if wanted == "delete":
        return visit.go(BATCH, done="batch_deleted")
    return visit.go(f"{BATCH}/{batch_id}", done="batch_cancelled")


async def get_result(visit: Visit) -> web.StreamResponse:
    """GET /console/batch/{id}/result: what was understood, as a CSV that is safe to open."""
    batch_id = visit.request.match_info["id"]

    def work(connection: Connection) -> tuple[Batch, list[BatchRow]]:
        batch = get_batch(connection, batch_id, by=visit.user.id)
        visit.record(connection, "batch_downloaded", object=f"batch:{batch.id}")
        return batch, rows_of(connection, batch.id)

    batch, rows = await visit.run(work)
    body = await asyncio.to_thread(lambda: write_csv(RESULT_COLUMNS, (_cells(row) for row in rows)))
    return web.Response(
        body=body,
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="result-{batch.id[:8]}.csv"'},
    )


async def _list(visit: Visit, error: UserInputError | None = None) -> web.Response:
    batches = await visit.run(lambda connection: list_batches(connection, by=visit.user.id))
    problems = error.problems if isinstance(error, BadBatch) else ()
    return visit.render(error=error, batches=batches, problems=problems, most_rows=MOST_ROWS)


def _make(visit: Visit, connection: Connection, asked: Any, file_name: str) -> Batch:
    batch = make_batch(connection, asked, file_name=file_name, by=visit.user.id, now=visit.now)
    visit.record(connection, "batch_made", object=f"batch:{batch.id}", after=str(batch.rows))
    return batch


def _figures(rows: list[BatchRow]) -> dict[str, Any]:
    judged = [row for row in rows if row.is_judged]
    wrong = [row for row in judged if not row.is_right]
    return {
        "overall": Share("", sum(row.is_right for row in judged), len(judged)),
        "by_language": shares_by(judged, _language, lambda row: row.is_right),
        "by_topic": sorted(
            shares_by(judged, lambda row: row.asked.expected, lambda row: row.is_right), key=lambda share: share.share
        ),
        "wrong": wrong[:SHOWN_ROWS],
        "wrong_number": len(wrong),
    }


def _changes(changes: list[Change]) -> dict[str, Any]:
    numbers = {kind: sum(change.kind == kind for change in changes) for kind in ("worse", "better", "other")}
    return {"changes": changes[:SHOWN_ROWS], "change_numbers": numbers}


def _language(row: BatchRow) -> str:
    return row.asked.language or (row.result.language if row.result else "")


def _cells(row: BatchRow) -> tuple[object, ...]:
    asked, result = row.asked, row.result
    given = (asked.id, asked.language, asked.text, asked.expected)
    if result is None:
        return (*given, *("" for _ in RESULT_COLUMNS[len(given) :]))
    second, third = (*result.ranking[1:3], "", "")[:2]
    right = ("yes" if row.is_right else "no") if asked.expected else ""
    return (*given, result.topic, f"{result.confidence:.4f}", second, third, result.language, result.crisis, right)


PAGES = (
    get("/batch", get_batches, action="run_batch", template="batches.html", menu="batch"),
    post("/batch", post_batches, action="run_batch", template="batches.html", body_limit=BODY_LIMIT),
    get(ONE, get_one, action="run_batch", template="batch.html"),
    post(ONE, post_one, action="run_batch", template="batch.html"),
    get(f"{ONE}/result", get_result, action="run_batch"),
)
