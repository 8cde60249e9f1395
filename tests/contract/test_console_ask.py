"""Asking and comparing in the console, with the real model."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.answers.withdrawn import Withdrawn
from bot.channels.inbox import inbox
from bot.channels.outbox import choices, outbox
from bot.channels.sessions import sessions
from bot.insight.counts import counts
from bot.trackers import conversations
from tests.contract.console import Bench, Clock, Visitor, hidden, open_bench
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture
from tests.model import loaded_assistant

URDU = "میرے مالک مکان نے مجھے گھر خالی کرنے کا نوٹس دیا ہے، میں کیا کروں؟"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> mould"


@pytest.fixture
async def asking(clock: Clock, bench_url: str) -> AsyncIterator[Bench]:
    """The console with the real assistant, with nothing withdrawn before and after."""
    assistant = loaded_assistant()
    assistant.withdrawn.replace(())
    async with open_bench(clock, url=bench_url, assistant=assistant) as opened:
        for _ in range(3):  # the work in the background has looked for something to do
            await opened.database.run(lambda _: None)
        opened.account("admin", "Bob Root", "bob@example.org")
        yield opened
    assistant.withdrawn.replace(())


async def send(visitor: Visitor, path: str, **fields: str) -> str:
    """Send a page's form; return the page that comes back."""
    token = hidden(await visitor.text(path))["csrf"]
    response = await visitor.post(path, {"csrf": token} | fields)
    return await response.text()


def fact(page: str, name: str) -> str:
    """Return what a page says under a name, without its markup."""
    found = re.search(rf"(?s)<dt>{re.escape(name)}</dt>\s*<dd.*?>(.*?)</dd>", page)
    assert found, name
    return " ".join(html.unescape(re.sub(r"<.*?>", " ", found[1])).split())


def raw(page: str) -> Any:
    found = re.search(r'(?s)<pre class="raw" tabindex="0">(.*?)</pre>', page)
    assert found
    return json.loads(html.unescape(found[1]))


async def test_asking_in_urdu_shows_the_answer_beside_the_english_and_why(asking: Bench) -> None:
    visitor = asking.signed_in("tester")
    page = await send(visitor, "/console/ask", question=URDU, area="Birmingham", status="refugee")
    assert re.search(r'<article class="card[^"]*" lang="ur" dir="rtl">', page)
    assert re.search(r'<article class="card[^"]*" lang="en" dir="ltr">', page)
    assert fact(page, "Language").startswith("Read as Urdu, ")
    assert fact(page, "In English, word by word").startswith("Roughly: “")
    assert fact(page, "Area") == "Birmingham (E08000025)"
    assert fact(page, "Rule") == "eviction_notice → action_answer_topic"
    assert fact(page, "Social housing register").startswith("Yes")
    for words in ("Why it is there", "Taken for granted", "Sources of eviction_notice", "Checked on", "Time for each"):
        assert words in page, words
    assert float(fact(page, "Understanding").removesuffix(" ms")) > 0
    known = raw(page)
    assert known["reply"]["topic"] == known["understood"]["intent"]["name"] == "eviction_notice"
    assert len(known["understood"]["topic_ranking"]) == 5
    assert known["places"][0][0]["why"]
    assert "<script" not in page


async def test_nothing_of_a_question_is_stored(asking: Bench) -> None:
    await send(asking.signed_in("tester"), "/console/ask", question=URDU, area="Leeds", status="refugee")
    for table in (inbox, outbox, choices, sessions, conversations, counts):
        query = select(func.count()).select_from(table)
        number = await asking.database.run(lambda connection, query=query: connection.execute(query).scalar_one())
        assert number == 0, table.name


async def test_a_doubtful_question_says_that_topics_are_offered(asking: Bench) -> None:
    page = await send(asking.signed_in("tester"), "/console/ask", question="blue seventeen window of", language="en")
    assert "the nearest are offered" in fact(page, "Rule")
    assert "nlu_fallback" in fact(page, "Rule")


async def test_danger_is_told(asking: Bench) -> None:
    page = await send(asking.signed_in("tester"), "/console/ask", question="my husband beats me, I am afraid tonight")
    assert fact(page, "Danger").startswith(("Yes: ", "Maybe: "))


async def test_the_text_messages_are_shown_with_their_segments(asking: Bench) -> None:
    page = await send(asking.signed_in("tester"), "/console/ask", question=URDU, language="ur")
    total = re.search(r"As text messages: (\d+) segments", page)
    parts = [int(number) for number in re.findall(r"(?:Sent at once|asks for more), (\d+) segments", page)]
    assert total
    assert parts
    assert sum(parts) == int(total[1])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"question": " "}, "Please write a question."),
        ({"question": "x" * 1001}, "The question is too long."),
        ({"question": "mould", "area": "Atlantis"}, "No council was found"),
        ({"question": "mould", "area": "Newcastle"}, "This place can be several councils."),
        ({"question": "mould", "language": "xx"}, "This request could not be read."),
        ({"question": "mould", "status": "martian"}, "This request could not be read."),
    ],
)
async def test_what_cannot_be_asked_is_said_and_kept_in_the_form(
    asking: Bench, fields: dict[str, str], words: str
) -> None:
    page = await send(asking.signed_in("tester"), "/console/ask", **fields)
    assert words in page
    assert fields["question"].strip() in page


async def test_markup_in_a_question_stays_text(asking: Bench) -> None:
    visitor = asking.signed_in("tester")
    pages = [
        await send(visitor, "/console/ask", question=EVIL),
        await send(visitor, "/console/compare", lines=f"en: {EVIL}"),
    ]
    for page in pages:
        assert "<script" not in page
        assert "<img" not in page
        assert html.escape("<img src=x", quote=False) in page


async def test_two_taps_from_an_answer_withdraw_it(asking: Bench) -> None:
    visitor = asking.signed_in("tester")
    page = await send(visitor, "/console/ask", question=URDU, language="ur")
    fields = hidden(page[page.index('id="flag"') :])
    response = await visitor.post("/console/flags", fields | {"kind": "unsafe"})
    assert response.headers["Location"].endswith("?done=flag_unsafe")
    assert "The answer of eviction_notice is withdrawn." in await send(visitor, "/console/ask", question=URDU)
    reply = await loaded_assistant().answer_text("c" * 32, None, URDU, language="ur")
    assert {block.kind for block in reply.answers[0].blocks} <= {"danger", "note", "contacts"}


async def test_lines_about_something_else_are_marked(asking: Bench) -> None:
    lines = f"ur: {URDU}\nMy landlord gave me a notice to leave, what can I do?\npl: Kiedy wywożą śmieci?"
    page = await send(asking.signed_in("tester"), "/console/compare", lines=lines)
    rows = re.findall(r"(?s)<tr( class=\"odd\")?>\s*<td>(.*?)</td>.*?<td><code>(\w+)</code>", page)
    assert [(language.split()[0], topic, bool(odd)) for odd, language, topic in rows] == [
        ("Urdu", "eviction_notice", False),
        ("English", "eviction_notice", False),
        ("Polish", "bin_collection", True),
    ]


async def test_one_answer_is_shown_in_the_languages_asked_for(asking: Bench) -> None:
    visitor = asking.signed_in("tester")
    page = await visitor.text("/console/compare?topic=repairs&language=ur&language=pl")
    assert re.findall(r'<h3 id="in-(\w+)">', page) == ["en", "ur", "pl"]
    assert (await visitor.get("/console/compare?topic=no_such")).status == 422


def test_the_assistant_keeps_a_set_of_its_own() -> None:
    assert isinstance(loaded_assistant().withdrawn, Withdrawn)
