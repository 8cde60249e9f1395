"""Flags, withdrawn answers and tests made from flags, as advisers and as attackers use them."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import build_app
from bot.console import audit, cases
from bot.console.cases import Case, list_cases
from bot.console.flags import list_flags
from bot.console.withdrawn import restore, withdraw, withdrawn_topics
from bot.core.database import Database
from bot.core.paths import EVALUATION
from bot.core.settings import load_settings
from tests.contract.console import Bench, Visitor, hidden
from tests.contract.fakes import FakeAssistant
from tests.contract.test_cases import load_cases, understood_otherwise
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

CASES_FOLDER = cases.FOLDER  # before a test puts it elsewhere
QUESTION = "Szczur przebiegł mi po nodze w kuchni"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


async def post(visitor: Visitor, path: str, **fields: str) -> tuple[int, str]:
    """Send a form; return the status and where it leads, or what the page says is wrong."""
    token = hidden(await visitor.text("/console/account"))["csrf"]
    response = await visitor.post(path, {"csrf": token} | fields)
    found = re.search(r'<p id="wrong">(.*?)</p>', await response.text())
    return response.status, response.headers.get("Location", html.unescape(found[1]) if found else "")


async def flagged(visitor: Visitor, **fields: str) -> str:
    """Make a flag; return the address of its page."""
    sent = {"kind": "wrong", "topic": "repairs", "language": "pl"} | fields
    status, target = await post(visitor, "/console/flags", **sent)
    assert status == 303, target
    return target.partition("?")[0]


def actions(bench: Bench) -> list[str]:
    return [entry.action for entry in bench.database.run_now(lambda connection: audit.list_entries(connection))]


def only_case(bench: Bench) -> Case:
    (found,) = bench.database.run_now(lambda connection: list_cases(connection))
    return found


def lines_in(folder: Path) -> list[str]:
    """Return the lines of all cases written."""
    return [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where cases are written."""
    monkeypatch.setattr(cases, "FOLDER", tmp_path / "cases")
    return tmp_path / "cases"


@pytest.fixture
def read_only(folder: Path) -> None:
    """Nothing can be written there."""
    folder.write_text("in the way", encoding="utf-8")


# Flags


async def test_a_flag_is_made_listed_and_settled(bench: Bench) -> None:
    tester, reviewer = bench.signed_in("tester"), bench.signed_in("reviewer")
    assert tester.user
    assert reviewer.user
    path = await flagged(tester, comment="it is about rats", suggested="pests")
    page = await reviewer.text(path)
    assert "it is about rats" in page
    assert "Nobody" in page
    assert (await post(reviewer, path, state="in_work", owner=reviewer.user.id))[0] == 303
    listed = await tester.text("/console/flags?state=in_work")
    assert "In work (1)" in listed
    assert path in listed
    assert path not in await tester.text("/console/flags?state=open")
    assert actions(bench)[:2] == ["flag_changed", "flag_made"]


async def test_who_looks_after_a_flag_may_settle_flags(bench: Bench) -> None:
    tester, reviewer = bench.signed_in("tester"), bench.signed_in("reviewer")
    assert tester.user
    path = await flagged(tester)
    assert await post(reviewer, path, state="in_work", owner=tester.user.id) == (
        422,
        "This person cannot look after flags.",
    )
    assert await post(reviewer, path, state="lost", owner="") == (422, "Please choose a state.")
    (flag,) = bench.database.run_now(lambda connection: list_flags(connection))
    assert (flag.state, flag.owner) == ("open", "")
    assert (await post(tester, path, state="settled", owner=""))[0] == 403


@pytest.mark.parametrize("fields", [{"kind": "x"}, {"topic": "x"}, {"language": "x"}, {"suggested": "x"}])
async def test_a_flag_that_cannot_be_is_refused(bench: Bench, fields: dict[str, str]) -> None:
    tester = bench.signed_in("tester")
    sent = {"kind": "unsafe", "topic": "repairs", "language": "pl"} | fields
    assert (await post(tester, "/console/flags", **sent))[0] == 422
    assert bench.database.run_now(withdrawn_topics) == frozenset()


async def test_markup_in_a_comment_stays_text(bench: Bench) -> None:
    tester = bench.signed_in("tester")
    path = await flagged(tester, comment=EVIL)
    await post(tester, "/console/withdraw", topic="repairs", reason=EVIL)
    for page in (await tester.text(path), await tester.text("/console/flags")):
        assert "<script" not in page
        assert "<img" not in page
        assert html.escape("<img src=x", quote=False) in page


# Withdrawn answers


async def test_an_unsafe_answer_is_gone_at_once_and_comes_back_with_a_reason(bench: Bench) -> None:
    tester, reviewer, person = bench.signed_in("tester"), bench.signed_in("reviewer"), bench.visitor()
    note, step = "This answer is being checked now.", 'class="b steps"'
    before = await person.text("/en/repairs")
    assert step in before
    status, target = await post(tester, "/console/flags", kind="unsafe", topic="repairs", language="en")
    assert (status, target.partition("?")[2]) == (303, "done=flag_unsafe")
    shown = await person.text("/en/repairs")
    assert note in shown
    assert step not in shown
    assert 'class="b contacts"' in shown
    assert "Flagged as unsafe" in await tester.text(target)
    path = "/console/withdrawn/repairs"
    assert (await post(tester, path, reason="checked"))[0] == 403
    assert await post(reviewer, path, reason=" ") == (422, "Please give a reason of at most 300 characters.")
    assert note in await person.text("/en/repairs")
    assert await post(reviewer, path, reason="law is checked") == (303, "/console/flags?done=answer_restored")
    assert await person.text("/en/repairs") == before
    entries = bench.database.run_now(lambda connection: audit.list_entries(connection))
    assert [(entry.action, entry.reason) for entry in entries if entry.object == "topic:repairs"] == [
        ("answer_restored", "law is checked"),
        ("answer_withdrawn", ""),
    ]


async def test_every_language_and_the_structured_data_are_withdrawn(bench: Bench) -> None:
    tester, person = bench.signed_in("tester"), bench.visitor()
    await post(tester, "/console/withdraw", topic="repairs", reason="law changed")
    for language in ("pl", "ur", "so"):
        page = await person.text(f"/{language}/repairs")
        assert 'class="b steps"' not in page
        data = json.loads(re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)[0])
        assert len(data["mainEntity"][0]["acceptedAnswer"]["text"].splitlines()) < 20


async def test_an_answer_without_a_topic_is_flagged_but_not_withdrawn(bench: Bench) -> None:
    tester = bench.signed_in("tester")
    status, target = await post(tester, "/console/flags", kind="unsafe", topic="", language="en")
    assert (status, target.partition("?")[2]) == (303, "done=flag_made")
    assert bench.database.run_now(withdrawn_topics) == frozenset()


async def test_giving_back_wants_a_fresh_code(bench: Bench) -> None:
    await post(bench.signed_in("tester"), "/console/withdraw", topic="repairs", reason="law changed")
    reviewer = bench.signed_in("reviewer", stepped_up=False)
    status, target = await post(reviewer, "/console/withdrawn/repairs", reason="fine")
    assert (status, target) == (303, "/console/step-up?next=%2Fconsole%2Fwithdrawn%2Frepairs")
    assert bench.database.run_now(withdrawn_topics) == {"repairs"}


async def test_other_processes_take_it_in_at_the_start_and_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.MINUTE", 0.02)
    database = Database("sqlite://")
    database.run_now(lambda connection: withdraw(connection, "repairs", reason="law", by="amina", now=1.0))
    settings = load_settings({}, secret_key="k" * 32)
    app = build_app(settings, database=database, assistant=FakeAssistant())  # type: ignore[arg-type]
    async with TestClient(TestServer(app)) as client:

        async def is_withdrawn(topic: str) -> bool:
            return 'class="b steps"' not in await (await client.get(f"/en/{topic}")).text()

        assert [await is_withdrawn(topic) for topic in ("repairs", "pests")] == [True, False]
        await database.run(lambda connection: withdraw(connection, "pests", reason="law", by="amina", now=2.0))
        await database.run(lambda connection: restore(connection, "repairs"))
        for _ in range(200):
            if [await is_withdrawn(topic) for topic in ("repairs", "pests")] == [False, True]:
                return
        raise AssertionError("it was not taken in")


# Tests made from flags


async def test_what_was_written_is_run_like_every_other_case(bench: Bench, folder: Path) -> None:
    assert EVALUATION / "cases" == CASES_FOLDER  # where tests/contract/test_cases.py looks
    tester, reviewer = bench.signed_in("tester"), bench.signed_in("reviewer")
    for question, topic in ((QUESTION, "pests"), ("Mam grzyb na ścianie w sypialni od zimy", "noise")):
        path = await flagged(tester)
        assert (await post(tester, f"{path}/case", question=question, language="pl", topic=topic))[0] == 303
        (waiting,) = bench.database.run_now(lambda connection: list_cases(connection, state=cases.WAITING))
        assert (await post(reviewer, f"/console/cases/{waiting.id}", do="approve"))[0] == 303
    assert understood_otherwise(load_cases(folder / "pl.jsonl")) == [(2, "noise", "repairs")]


async def test_a_flag_becomes_a_test_by_two_people(bench: Bench, folder: Path) -> None:
    tester, reviewer = bench.signed_in("tester"), bench.signed_in("reviewer")
    path = await flagged(tester)
    pasted = f"{QUESTION}, tel. 07700 900123"
    status, _ = await post(tester, f"{path}/case", question=pasted, language="pl", topic="pests")
    assert status == 303
    assert "07700" not in await reviewer.text(path)
    case = only_case(bench)
    assert (await post(tester, f"/console/cases/{case.id}", do="approve"))[0] == 403
    status, target = await post(reviewer, f"/console/cases/{case.id}", do="approve")
    assert (status, target) == (303, f"{path}?done=case_written")
    (line,) = lines_in(folder)
    assert json.loads(line) == {
        "text": f"{QUESTION}, tel. [phone]",
        "lang": "pl",
        "topic": "pests",
        "style": "flagged",
    }
    assert "written into the tree" in await tester.text(path)


async def test_nobody_approves_their_own(bench: Bench, folder: Path) -> None:
    editor, reviewer = bench.signed_in("editor"), bench.signed_in("reviewer")
    path = await flagged(editor)
    await post(reviewer, f"{path}/case", question=QUESTION, language="pl", topic="pests")
    case = only_case(bench)
    for visitor in (editor, reviewer):
        assert await post(visitor, f"/console/cases/{case.id}", do="approve") == (
            403,
            "You proposed this test or made the flag. Somebody else must decide.",
        )
        assert "somebody else must decide" in await visitor.text(path)
    assert lines_in(folder) == []


async def test_where_the_tree_is_read_only_the_file_is_downloaded(bench: Bench, read_only: None) -> None:
    tester, reviewer = bench.signed_in("tester"), bench.signed_in("reviewer")
    path = await flagged(tester)
    await post(tester, f"{path}/case", question=QUESTION, language="pl", topic="pests")
    assert (await tester.get("/console/cases/pl")).status == 404
    _, target = await post(reviewer, f"/console/cases/{only_case(bench).id}", do="approve")
    assert target == f"{path}?done=case_approved"
    assert "/console/cases/pl" in await tester.text(path)
    response = await tester.get("/console/cases/pl")
    assert response.headers["Content-Disposition"] == 'attachment; filename="pl.jsonl"'
    assert json.loads(await response.text())["text"] == QUESTION
    assert actions(bench)[0] == "cases_downloaded"


async def test_a_refused_test_is_not_written(bench: Bench, folder: Path) -> None:
    tester, reviewer = bench.signed_in("tester"), bench.signed_in("reviewer")
    path = await flagged(tester)
    await post(tester, f"{path}/case", question=QUESTION, language="pl", topic="pests")
    _, target = await post(reviewer, f"/console/cases/{only_case(bench).id}", do="refuse")
    assert target == f"{path}?done=case_refused"
    assert lines_in(folder) == []
    assert QUESTION not in await reviewer.text(path)


async def test_what_was_trained_on_is_no_test(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.console.cases.is_trained", lambda text: text == QUESTION)
    tester = bench.signed_in("tester")
    path = await flagged(tester)
    status, told = await post(tester, f"{path}/case", question=QUESTION, language="pl", topic="pests")
    assert (status, told.partition(",")[0]) == (422, "This question")
    assert bench.database.run_now(lambda connection: list_cases(connection)) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"question": ""}, "Please write a question."),
        ({"topic": "no_such"}, "There is no such topic."),
        ({"language": "xx"}, "There is no such language."),
        ({"question": "x" * 1001}, "The question is too long."),
    ],
)
async def test_a_test_that_cannot_be_is_refused(bench: Bench, fields: dict[str, str], told: str) -> None:
    tester = bench.signed_in("tester")
    path = await flagged(tester)
    sent = {"question": QUESTION, "language": "pl", "topic": "pests"} | fields
    assert await post(tester, f"{path}/case", **sent) == (422, told)
