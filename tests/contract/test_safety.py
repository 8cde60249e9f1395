"""Nothing that somebody types is a command; nothing that somebody types is logged."""

from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answers.load import load_dialogue_acts, load_topics
from bot.core.text import clean
from tests.contract.conftest import Client, Person, open_person
from tests.model import loaded_assistant

KNOWN = set(load_topics()) | set(load_dialogue_acts())
COMMANDS = [
    "/restart",
    ' /register_join{"x":1}',
    '/register_join@0.01{"language":"xx"}',
    "\u00a0/back",
    "\u2028/session_start",
    "\u200b/restart",
    "\ufeff/restart",
    "／restart",
    "\u200b／\u200b/restart",
    "/\u202e/restart",
    "\\/restart",
    "EXTERNAL: restart",
    "/ /restart",
    "\x00/restart",
    "\U000e002f/restart",
]


@pytest.mark.parametrize("text", COMMANDS)
async def test_command_is_an_ordinary_sentence(person: Person, text: str) -> None:
    await person.says("how do I find an English class")
    turn = await person.says(text)
    assert turn["messages"][0]["blocks"], text
    assert turn["topic"] in KNOWN


@pytest.mark.parametrize("text", COMMANDS)
def test_command_never_reaches_rasas_command_parser(text: str) -> None:
    understood = loaded_assistant().understand_now(clean(text))
    assert len(understood.ranking) == 5
    assert understood.parse_data["intent_ranking"][0]["name"] == understood.ranking[0][0]


hostile = st.text(
    alphabet=st.sampled_from('/／\\{}":@ \u200b\ufeff\u202e\u2028\u00a0\x00\u0301rестartestart_intentEXTERNAL'),
    max_size=40,
)


@given(text=st.one_of(hostile, hostile.map(lambda tail: "/" + tail), st.text(max_size=60)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_at_all_reaches_the_command_parser(text: str) -> None:
    cleaned = clean(text)
    assert not cleaned.startswith("/")
    if cleaned:
        understood = loaded_assistant().understand_now(cleaned)
        assert len(understood.ranking) == 5  # the command parser gives a ranking of one
        assert understood.topic in KNOWN


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "help\u202egnp.exe",
        "a" + "\u0301" * 900,
        "\x07\x08\x1b[31mhelp me",
        "‮⁦⁩help",
        "😀" * 200,
        "ﷺ" * 100,
    ],
)
async def test_hostile_text_is_answered(person: Person, text: str) -> None:
    status, turn = await person.post(text=text)
    assert status in (200, 400), turn
    if status == 400:
        assert turn["error"]["code"] in ("too_long", "empty")


async def test_no_message_text_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person = await open_person(client)
    await person.says("zebracrossing is my secret word, call 07700 900123")
    await client.post("/api/v1/messages", data=b'{"zebracrossing', headers=person.headers)
    ours = [record for record in caplog.records if record.name.startswith("bot")]
    assert all("zebracrossing" not in record.getMessage() for record in ours)


async def test_personal_data_is_masked_before_it_is_stored(client: Client) -> None:
    person = await open_person(client)
    await person.says("I am at 12 Mare Street, mail amina@example.org, NI QQ 12 34 56 C, phone ٠٧٧٠٠٩٠٠١٢٣")
    response = await client.get("/api/v1/messages?after=0", headers=person.headers)
    asked = (await response.json())["messages"][0]["asked"]
    assert asked == "I am at [address], mail [email], NI QQ 12 34 56 C, phone [phone]"
