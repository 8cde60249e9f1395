"""Operations: pausing topics and channels from the console, and what people meet meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.console.audit import audit
from bot.console.pauses import pause, resume
from bot.core.database import Database
from bot.web.keys import DATABASE, PAUSES, WITHDRAWN
from bot.web.switches import refresh_switches
from tests.contract.conftest import Client, Person, open_person
from tests.contract.console import Bench, Visitor, hidden
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

PAGE = "/console/operations"


async def presses(visitor: Visitor, do: str, **fields: str) -> tuple[int, str]:
    """Send a form of the page; return the status and where it leads."""
    response = await visitor.post(PAGE, hidden(await visitor.text(PAGE)) | {"do": do, **fields})
    return response.status, response.headers.get("Location", "")


async def test_a_topic_is_paused_with_a_reason_and_goes_on(bench: Bench) -> None:
    admin = bench.signed_in("admin")
    answer = await presses(admin, "pause_topic", topic="repairs", reason="the law changes")
    assert answer == (303, f"{PAGE}?done=operations_pause_topic")
    page = await admin.text(PAGE)
    assert "the law changes" in page
    assert 'value="repairs"' in page.partition("<h2>Pauses</h2>")[2].partition("<h2>Pause a topic</h2>")[0]
    assert (await presses(admin, "resume", kind="topic", name="repairs", reason="done"))[0] == 303
    assert "Nothing has a pause." in await admin.text(PAGE)
    done = bench.database.run_now(
        lambda connection: connection.execute(select(audit.c.action, audit.c.object, audit.c.reason)).all()
    )
    assert [tuple(row) for row in done[-2:]] == [
        ("topic_paused", "topic:repairs", "the law changes"),
        ("topic_resumed", "topic:repairs", "done"),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "pause_topic", "topic": "repairs", "reason": ""},
        {"do": "pause_topic", "topic": "no_such", "reason": "x"},
        {"do": "pause_channel", "channel": "fax", "reason": "x"},
        {"do": "maintenance", "text-en": "a" * 301},
        {"do": "maintenance", "text-xx": "a"},
    ],
)
async def test_what_makes_no_sense_is_said_and_nothing_happens(bench: Bench, fields: dict[str, str]) -> None:
    admin = bench.signed_in("admin")
    status, _ = await presses(admin, **fields)
    assert status == 422
    assert "Nothing has a pause." in await admin.text(PAGE)


async def test_an_editor_looks_and_does_nothing(bench: Bench) -> None:
    editor = bench.signed_in("editor")
    assert '<button class="button risky"' not in await editor.text(PAGE)
    status, _ = await presses(editor, "pause_topic", topic="repairs", reason="x")
    assert status == 403


async def test_texts_in_many_languages_fit_into_one_form_and_stay(bench: Bench) -> None:
    admin = bench.signed_in("admin")
    texts = {"text-bn": "আ" * 300, "text-ur": "ا" * 300, "text-fa": "ا" * 300, "text-ar": "ا" * 300, "text-en": "<b>x"}
    assert (await presses(admin, "maintenance", **texts))[0] == 303
    page = await admin.text(PAGE)
    assert "আ" * 300 in page
    assert "&lt;b&gt;x" in page


async def test_a_reason_and_a_failing_platform_are_shown_as_text(bench: Bench) -> None:
    admin = bench.signed_in("admin")
    await presses(admin, "pause_channel", channel="web", reason="<script>x</script>")
    page = await admin.text(PAGE)
    assert "<script>" not in page
    assert "Off: settings are missing" in page


async def test_people_of_a_paused_channel_are_told_so_in_their_language(client: Client) -> None:
    app = client.server.app
    person = await open_person(client, language="pl")
    before = await person.says("Jak zapisać się na listę?")
    await set_pause(app[DATABASE], "channel", "web")
    await refresh_switches(app)
    turn = await person.says("W mieszkaniu jest grzyb i pleśń")
    assert "999" in turn["messages"][0]["text"]
    assert turn["topic"] == ""
    await app[DATABASE].run(lambda connection: resume(connection, "channel", "web"))
    await refresh_switches(app)
    after = await person.says("W mieszkaniu jest grzyb i pleśń")
    assert (before["language"], after["language"], after["topic"]) == ("pl", "pl", "repairs")


async def test_somebody_without_a_language_has_none_after_a_pause(client: Client, person: Person) -> None:
    app = client.server.app
    app[PAUSES].replace(["web"], {})
    assert (await person.says("cieknie kran w kuchni od tygodnia"))["language"] == "en"
    app[PAUSES].replace([], {})
    assert (await person.says("cieknie kran w kuchni od tygodnia"))["language"] == "pl"


async def test_a_paused_topic_gives_contacts_only_and_comes_back(client: Client, person: Person) -> None:
    app = client.server.app
    await set_pause(app[DATABASE], "topic", "repairs")
    await refresh_switches(app)
    try:
        turn = await person.says("there is black mould on my wall and the landlord does nothing")
        kinds = {block["kind"] for block in turn["messages"][0]["blocks"]}
        assert (turn["topic"], "contacts" in kinds, "steps" in kinds) == ("repairs", True, False)
    finally:
        app[WITHDRAWN].replace([])


async def set_pause(database: Database, kind: str, name: str) -> None:
    """Pause a topic or a channel as the console of another process would."""
    await database.run(lambda connection: pause(connection, kind, name, reason="test", by="bob", now=0.0))
