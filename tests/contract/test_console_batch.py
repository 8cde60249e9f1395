"""Batch tests through the browser: upload, progress, stop, result; and what a hostile file does."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import threading
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, FormData

from bot.answers.withdrawn import Withdrawn
from bot.console.batches import list_batches, rows_of
from bot.understanding import Understanding
from tests.contract.console import Bench, Clock, Visitor, hidden, open_bench
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

HEAD = "id,language,text,expected_topic\n"
SECONDS, PAUSE = 20.0, 0.05


class Parrot:
    """Understands every text as the topic it says, once it is let go."""

    def __init__(self) -> None:
        self.withdrawn = Withdrawn()
        self.is_free = threading.Event()
        self.is_free.set()
        self.wrong: set[str] = set()

    def understand_many(self, items: list[tuple[str, str | None]]) -> list[Understanding]:
        assert self.is_free.wait(SECONDS)
        found = ["noise" if text in self.wrong else text for text, _ in items]
        return [
            Understanding(topic, 0.8, hint or "en", 1.0, ((topic, 0.8), ("=second", 0.2)))
            for topic, (_, hint) in zip(found, items, strict=True)
        ]


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture
async def running(clock: Clock, parrot: Parrot, bench_url: str) -> AsyncIterator[Bench]:
    """The console with the parrot, which works in the background."""
    async with open_bench(clock, url=bench_url, assistant=parrot) as opened:
        for _ in range(3):  # the work in the background has looked for something to do
            await opened.database.run(lambda _: None)
        opened.account("admin", "Bob Root", "bob@example.org")
        yield opened


async def send(visitor: Visitor, text: str | bytes, name: str = "round.csv") -> ClientResponse:
    """Upload a file."""
    form = FormData()
    form.add_field("csrf", hidden(await visitor.text("/console/batch"))["csrf"])
    form.add_field("file", text, filename=name, content_type="text/csv")
    return await visitor.session.post(
        "/console/batch", data=form, headers={"Origin": visitor.origin}, allow_redirects=False
    )


async def started(visitor: Visitor, text: str, name: str = "round.csv") -> str:
    """Upload a good file; return the address of its page."""
    response = await send(visitor, text, name)
    assert response.status == 303, await response.text()
    return response.headers["Location"]


async def ended(visitor: Visitor, path: str) -> str:
    """Return the page of a run when it is over."""
    for _ in range(int(SECONDS / PAUSE)):
        response = await visitor.get(path)
        if "Refresh" not in response.headers:
            return await response.text()
        await asyncio.sleep(PAUSE)
    raise AssertionError("it does not end")


def told(page: str) -> str:
    found = re.search(r'<p id="wrong">(.*?)</p>', page)
    return found[1] if found else ""


async def result_of(visitor: Visitor, path: str) -> list[dict[str, str]]:
    """Return the rows of the CSV with the results."""
    response = await visitor.get(f"{path}/result")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment")
    text = (await response.read()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_a_file_runs_and_comes_back(running: Bench) -> None:
    visitor = running.signed_in("tester")
    path = await started(visitor, HEAD + "a,pl,repairs,repairs\nb,ur,pests,repairs\nc,,noise,\n")
    page = await ended(visitor, path)
    assert "Done: 3 of 3 rows" in page
    assert "1 of 2 right: 50 %" in page
    assert "9 % and 91 %" in page
    rows = await result_of(visitor, path)
    assert [(row["id"], row["topic"], row["right"], row["detected_language"]) for row in rows] == [
        ("a", "repairs", "yes", "pl"),
        ("b", "pests", "no", "ur"),
        ("c", "noise", "", "en"),
    ]
    assert {row["second"] for row in rows} == {"'=second"}


async def test_progress_is_shown_without_a_script_and_can_stand_still(running: Bench, parrot: Parrot) -> None:
    visitor = running.signed_in("tester")
    parrot.is_free.clear()
    path = await started(visitor, HEAD + "a,pl,repairs,repairs\n")
    response = await visitor.get(path)
    page = await response.text()
    assert response.headers["Refresh"] == "3"
    assert "Running: 0 of 1 rows" in page
    assert "<script" not in page
    assert "Refresh" not in (await visitor.get(f"{path}?still=1")).headers
    parrot.is_free.set()
    assert "Done: 1 of 1 rows" in await ended(visitor, path)


async def test_a_run_is_stopped(running: Bench, parrot: Parrot) -> None:
    visitor = running.signed_in("tester")
    parrot.is_free.clear()
    path = await started(visitor, HEAD + "".join(f"{n},pl,repairs,repairs\n" for n in range(500)))
    token = hidden(await visitor.text(path))["csrf"]
    assert (await visitor.post(path, {"csrf": token, "do": "cancel"})).status == 303
    parrot.is_free.set()
    assert "Stopped: " in await ended(visitor, path)
    rows = await result_of(visitor, path)
    assert len(rows) == 500
    assert sum(row["topic"] == "" for row in rows) >= 400


async def test_the_run_before_is_beside_it(running: Bench, parrot: Parrot) -> None:
    visitor = running.signed_in("tester")
    file = HEAD + "a,pl,repairs,repairs\nb,pl,pests,pests\n"
    parrot.wrong = {"repairs"}
    assert "There is no earlier finished run" in await ended(visitor, await started(visitor, file))
    parrot.wrong = {"pests"}
    running.clock.advance(60)
    page = await ended(visitor, await started(visitor, file))
    assert "1 better, 1 worse, 0 otherwise different." in page
    running.clock.advance(60)
    assert "There is no earlier finished run" in await ended(visitor, await started(visitor, file, "other.csv"))


async def test_a_run_is_its_owners_alone(running: Bench) -> None:
    owner, others = running.signed_in("tester"), [running.signed_in(role) for role in ("tester", "admin")]
    path = await started(owner, HEAD + "a,pl,repairs,repairs\n")
    await ended(owner, path)
    for other in others:
        token = hidden(await other.text("/console/batch"))["csrf"]
        assert "round.csv" not in await other.text("/console/batch")
        assert [(await other.get(one)).status for one in (path, f"{path}/result")] == [404, 404]
        for do in ("cancel", "delete"):
            assert (await other.post(path, {"csrf": token, "do": do})).status == 404
    assert (await owner.get(path)).status == 200


async def test_deleting_and_a_day_leave_no_text(running: Bench) -> None:
    visitor = running.signed_in("tester")
    assert visitor.user
    kept, deleted = [await started(visitor, HEAD + "a,pl,repairs,repairs\n") for _ in "ab"]
    for path in (kept, deleted):
        await ended(visitor, path)
    token = hidden(await visitor.text(deleted))["csrf"]
    assert (await visitor.post(deleted, {"csrf": token, "do": "delete"})).status == 303
    assert (await visitor.get(deleted)).status == 404
    gone, left = (path.rpartition("/")[2] for path in (deleted, kept))
    assert await running.database.run(lambda connection: rows_of(connection, gone)) == []
    assert len(await running.database.run(lambda connection: rows_of(connection, left))) == 1
    mine = visitor.user.id
    assert len(await running.database.run(lambda connection: list_batches(connection, by=mine))) == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "The first line must name the columns"),
        (b"id,language,text,expected_topic\n", "The file has no rows."),
        ((HEAD + "1,en,").encode() + b"\xff\xfe", "The file is not UTF-8."),
        (b"x" * 2_000_001, "The file is larger than 2 MB."),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused(running: Bench, file: bytes, words: str) -> None:
    response = await send(running.signed_in("tester"), file)
    assert response.status in (413, 422)
    assert told(await response.text()).startswith(words)


async def test_far_too_much_is_cut_off(running: Bench) -> None:
    response = await send(running.signed_in("tester"), b"x" * 4_000_000)
    assert response.status == 413


async def test_rows_that_cannot_be_used_are_named_and_nothing_starts(running: Bench) -> None:
    visitor = running.signed_in("tester")
    response = await send(visitor, HEAD + "1,en,Mice,pests\n2,xx,Mice,pests\n3,en,Mice,<b>\n")
    page = await response.text()
    assert "Row 3: there is no such language here" in page
    assert "Row 4: there is no such topic" in page
    assert "round.csv" not in await visitor.text("/console/batch")


async def test_a_form_without_a_file_is_refused(running: Bench) -> None:
    visitor = running.signed_in("tester")
    token = hidden(await visitor.text("/console/batch"))["csrf"]
    response = await visitor.post("/console/batch", {"csrf": token, "file": "id,language,text,expected_topic"})
    assert told(await response.text()) == "Please choose a file."


async def test_markup_in_a_file_stays_text(running: Bench) -> None:
    visitor, evil = running.signed_in("tester"), "<script>alert(1)</script>"
    path = await started(visitor, HEAD + f"{evil},pl,{evil},repairs\n", f"{evil}.csv")
    page = await ended(visitor, path)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in await visitor.text("/console/batch")
