"""The messaging channels against stand-ins of their platforms: accepted by them, exactly once, in order."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.app import build_app
from bot.channels import departures
from bot.channels.delivery import deliveries_in, deliveries_out, optouts
from bot.channels.departures import Departure, put_departures, take_departures
from bot.channels.platform import Part
from bot.commands.channels import status, telegram_set_webhook
from bot.core.database import Database
from bot.core.errors import ConfigError
from bot.i18n.locales import load_locales
from bot.web.keys import PAUSES
from tests.contract import platforms
from tests.contract.fakes import FakeAssistant
from tests.contract.platforms import CHANNELS, World, address_of, all_on, text_delivery
from tests.contract.providers import (
    MessengerProvider,
    Provider,
    Said,
    TelegramProvider,
    TwilioProvider,
    WhatsAppProvider,
)
from tests.model import loaded_assistant

PERSON = "447700900555"


@pytest.fixture
def database() -> Database:
    return Database("sqlite://")


@pytest.fixture
async def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Every channel on, with an assistant that repeats, and short waits between tries."""
    monkeypatch.setattr(departures, "FIRST_WAIT", 0.02)
    async for running in running_world(database, FakeAssistant()):
        yield running


async def running_world(database: Database, assistant: object) -> AsyncIterator[World]:
    whatsapp, twilio = WhatsAppProvider(), TwilioProvider()
    whatsapp.messenger = MessengerProvider()
    providers: dict[str, Provider] = {
        "telegram": TelegramProvider(), "whatsapp": whatsapp, "messenger": whatsapp.messenger, "sms": twilio,
        "whatsapp_twilio": twilio,
    }  # fmt: skip
    started = {id(provider): provider for provider in (providers["telegram"], whatsapp, twilio)}.values()
    for provider in started:
        await provider.start()
    app = build_app(all_on(providers), database=database, assistant=assistant)  # type: ignore[arg-type]
    async with TestClient(TestServer(app)) as client:
        yield World(client, providers)
    for provider in started:
        await provider.stop()


async def opened(world: World, channel: str, person: str = PERSON) -> None:
    """Get the first contact over with; afterwards the language is English."""
    assert len(await world.writes(channel, person, "how are you", 2)) == 2


async def rows(database: Database, table: Any) -> list[Any]:
    return await database.run(lambda connection: connection.execute(select(table)).all())


# First contact, choices, words


@pytest.mark.parametrize("channel", CHANNELS)
async def test_first_contact_says_who_we_are_and_offers_the_languages(world: World, channel: str) -> None:
    (welcome,) = await world.writes(channel, PERSON, "hello")
    assert "24 hours" in welcome
    assert "999" in welcome
    assert all(f"{number}. {locale.name}" in welcome for number, locale in enumerate(load_locales(), start=1))
    chosen = await world.writes(channel, PERSON, "٣", 2)  # typed in Arabic digits
    assert chosen[1].replace("\u2060", "") == "chosen: language:ar"
    assert world.providers[channel].refused == []
    assert world.providers[channel].said[0].person == address_of(channel, PERSON)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_first_question_is_answered_before_the_welcome(world: World, channel: str) -> None:
    answer, welcome = await world.writes(channel, PERSON, "nowhere to sleep", 2)
    assert answer == "re: nowhere to sleep"
    assert "1. English" in welcome


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("typed", ["2", "2.", "bins"])
async def test_a_typed_number_or_title_is_a_tap(world: World, channel: str, typed: str) -> None:
    await opened(world, channel)
    await world.writes(channel, PERSON, "menu")
    assert await world.writes(channel, PERSON, typed) == ["chosen: topic:bins"]


async def test_a_lone_greeting_settles_no_language(world: World) -> None:
    (welcome,) = await world.writes("sms", PERSON, "hello")
    assert welcome.startswith("Doorway answers questions")
    assert await world.writes("sms", PERSON, "two words") == ["re: two words"]


async def test_a_telegram_tap_ends_its_spinner_and_is_marked(world: World) -> None:
    await opened(world, "telegram")
    await world.writes("telegram", PERSON, "menu")
    provider = world.providers["telegram"]
    keyboard = provider.said[-1].payload["reply_markup"]
    data = keyboard["inline_keyboard"][0][0]["callback_data"]
    assert "topic" not in data
    assert await world.replies("telegram", platforms.telegram_tap(PERSON, data, keyboard)) == ["chosen: topic:repairs"]
    assert [aside["method"] for aside in provider.asides] == ["answerCallbackQuery", "editMessageReplyMarkup"]
    assert provider.asides[1]["reply_markup"]["inline_keyboard"][0][0]["text"] == "✓ Repairs"


async def test_a_whatsapp_tap_is_read_and_answered(world: World) -> None:
    await opened(world, "whatsapp")
    await world.writes("whatsapp", PERSON, "menu")
    provider = world.providers["whatsapp"]
    button = provider.said[-1].payload["interactive"]["action"]["buttons"][0]["reply"]
    reply = {"type": "button_reply", "button_reply": button}
    tap = platforms.whatsapp(platforms.whatsapp_message(PERSON, type="interactive", interactive=reply))
    assert await world.replies("whatsapp", tap) == ["chosen: topic:repairs"]
    assert {aside["status"] for aside in provider.asides} == {"read"}


async def test_a_messenger_tap_and_a_postback_are_answered(world: World) -> None:
    await opened(world, "messenger")
    await world.writes("messenger", PERSON, "menu")
    first, second = world.providers["messenger"].said[-1].payload["message"]["quick_replies"]
    tap = {"mid": "m.tap", "text": first["title"], "quick_reply": {"payload": first["payload"]}}
    event = platforms.messenger_event(PERSON, message=tap)
    assert await world.replies("messenger", platforms.messenger(event)) == ["chosen: topic:repairs"]
    event = platforms.messenger_event(PERSON, postback={"mid": "m.back", "title": "x", "payload": second["payload"]})
    assert await world.replies("messenger", platforms.messenger(event)) == ["chosen: topic:bins"]


async def test_an_old_button_gets_the_menu_of_today(world: World) -> None:
    await opened(world, "telegram")
    await world.writes("telegram", PERSON, "menu")
    (text,) = await world.replies("telegram", platforms.telegram_tap(PERSON, "gone-gone-gone"))
    assert text.startswith("That button is old")
    keyboard = world.providers["telegram"].said[-1].payload["reply_markup"]["inline_keyboard"]
    assert [button["text"] for row in keyboard for button in row] == ["Repairs", "Bins"]
    fresh = keyboard[0][1]["callback_data"]
    assert await world.replies("telegram", platforms.telegram_tap(PERSON, fresh)) == ["chosen: topic:bins"]


async def test_more_sends_the_rest_of_a_text_message_piece_by_piece(world: World) -> None:
    await opened(world, "sms")
    (short,) = await world.writes("sms", PERSON, "topic homeless_tonight")
    assert short.endswith("Write MORE for the rest.")
    pieces = []
    while len(pieces) < 30:
        pieces += await world.writes("sms", PERSON, "More!")
        if not pieces[-1].endswith("Write MORE for the rest."):
            break
    assert "https://england.shelter.org.uk/get_help" in "\n".join(pieces)
    assert re.search(r"^1\. ", pieces[-1], re.M)
    assert await world.writes("sms", PERSON, "more") == ["re: more"]  # nothing is left: an ordinary word


async def test_another_question_forgets_the_rest(world: World, database: Database) -> None:
    await opened(world, "sms")
    await world.writes("sms", PERSON, "topic homeless_tonight")
    assert any(row.state == "held" for row in await rows(database, deliveries_out))
    await world.writes("sms", PERSON, "something else")
    assert not any(row.state == "held" for row in await rows(database, deliveries_out))


@pytest.mark.parametrize("word", ["STOP", "стоп", "توقف.", "oprește", "przestań"])
async def test_stop_ends_it_in_every_language_until_start(world: World, database: Database, word: str) -> None:
    await opened(world, "whatsapp")
    (text,) = await world.writes("whatsapp", PERSON, word)
    assert text.startswith("You will get no more messages")
    assert [len(row.conversation_id) for row in await rows(database, optouts)] == [40]
    assert await world.deliver(text_delivery("whatsapp", PERSON, "are you there")) == 200
    (text,) = await world.writes("whatsapp", PERSON, "start")
    assert text.startswith("Welcome back")
    assert await rows(database, optouts) == []
    assert await world.writes("whatsapp", PERSON, "are you there") == ["re: are you there"]


async def test_stop_as_a_part_of_a_sentence_is_a_question(world: World) -> None:
    await opened(world, "sms")
    assert await world.writes("sms", PERSON, "stop the eviction") == ["re: stop the eviction"]


async def test_delete_erases_and_is_confirmed_once(world: World, database: Database) -> None:
    await opened(world, "telegram")
    delivery = text_delivery("telegram", PERSON, "delete")
    assert await world.replies("telegram", delivery) == ["re: delete"]
    assert await world.deliver(delivery) == 200
    assert await world.writes("telegram", PERSON, "and now") == ["re: and now"]
    kept = [row for row in await rows(database, deliveries_in) if row.conversation_id]
    assert len(kept) == 1  # the message after the erasure


# What is no question

MEDIA = {
    "telegram": [
        platforms.telegram_update(PERSON, sticker={"file_id": "x"}),
        platforms.telegram_update(PERSON, voice={"file_id": "x", "duration": 3}),
        platforms.telegram_update(PERSON, photo=[{"file_id": "x"}], caption="my flat"),
    ],
    "whatsapp": [
        platforms.whatsapp(platforms.whatsapp_message(PERSON, type="audio", audio={"id": "1", "voice": True})),
        platforms.whatsapp(platforms.whatsapp_message(PERSON, type="location", location={"latitude": 1.0})),
        platforms.whatsapp(platforms.whatsapp_message(PERSON, type="unsupported", errors=[{"code": 131051}])),
    ],
    "messenger": [
        platforms.messenger(
            platforms.messenger_event(PERSON, message={"mid": f"m.p{number}", "attachments": [{"type": kind}]})
        )
        for number, kind in enumerate(("image", "audio", "fallback"))
    ],
    "sms": [platforms.twilio("sms", MessageSid=f"MM{number}", From=f"+{PERSON}", NumMedia="1") for number in range(3)],
}


@pytest.mark.parametrize("channel", MEDIA)
async def test_pictures_voices_and_stickers_get_a_kind_answer(world: World, channel: str) -> None:
    await opened(world, channel)
    for delivery in MEDIA[channel]:
        assert await world.replies(channel, delivery) == ["I can only read text. Please write your question in words."]


def _group() -> platforms.Delivery:
    chat = {"id": -100, "type": "supergroup", "title": "g"}
    message = {"message_id": 1, "from": {"id": int(PERSON)}, "chat": chat, "date": 9999999999, "text": "hello"}
    return platforms.telegram_raw({"update_id": 71, "message": message})


IGNORED = [
    _group(),
    platforms.telegram_raw({"update_id": 72, "edited_message": {"text": "hello"}}),
    platforms.telegram_raw({"update_id": 73}),
    platforms.telegram_raw({"update_id": None, "message": {"chat": 1}}),
    platforms.telegram_update("1", 74, text="x", **{"from": {"id": 1, "is_bot": True}}),
    platforms.whatsapp(platforms.whatsapp_message(PERSON, type="reaction", reaction={"emoji": "👍"})),
    platforms.whatsapp(platforms.whatsapp_message(PERSON, type="system", system={"body": "changed number"})),
    platforms.whatsapp(platforms.whatsapp_value(statuses=[{"id": "x", "status": "read"}])),
    platforms.whatsapp({"object": "whatsapp_business_account", "entry": [None, {"changes": 1}, {"changes": [[]]}]}),
    platforms.whatsapp({"object": "page"}),
    platforms.messenger(platforms.messenger_event(PERSON, message={"mid": "m.e", "text": "x", "is_echo": True})),
    platforms.messenger(platforms.messenger_event(PERSON, read={"watermark": 1})),
    platforms.messenger(platforms.messenger_event(PERSON, delivery={"mids": ["m"]})),
    platforms.twilio("sms", MessageSid="SMh", From=f"+{PERSON}", Body="HELP", OptOutType="HELP"),
    platforms.twilio("sms", MessageSid="SMw", From=f"whatsapp:+{PERSON}", Body="x"),
    platforms.twilio("sms", MessageSid="SMa", From=f"+{PERSON}", Body="x", AccountSid="AC1"),
]  # fmt: skip


async def test_groups_edits_echoes_and_statuses_are_taken_and_not_answered(world: World, database: Database) -> None:
    assert {await world.deliver(delivery) for delivery in IGNORED} == {200}
    assert await rows(database, deliveries_in) == []


async def test_a_whole_batch_is_answered(world: World) -> None:
    people = [f"44770090{number:04}" for number in range(12)]
    body = platforms.whatsapp_message(people[0], type="text", text={"body": "hello"})
    for person in people[1:]:
        more = platforms.whatsapp_message(person, type="text", text={"body": "hello"})
        if int(person) % 2:
            body["entry"] += more["entry"]
        else:
            body["entry"][0]["changes"] += more["entry"][0]["changes"]
    await world.replies("whatsapp", platforms.whatsapp(body), 12)
    assert sorted(said.person for said in world.providers["whatsapp"].said) == people


async def test_somebody_without_a_phone_number_is_answered_by_id(world: World) -> None:
    message = {"id": "wamid.u", "from_user_id": "GB.134912", "timestamp": "9999999999", "type": "text"}
    contact = {"profile": {"name": "A", "username": "a"}, "user_id": "GB.134912"}
    body = platforms.whatsapp_value(contacts=[contact], messages=[{**message, "text": {"body": "hello"}}])
    await world.replies("whatsapp", platforms.whatsapp(body))
    assert world.providers["whatsapp"].said[0].payload["recipient"] == "GB.134912"
    assert "to" not in world.providers["whatsapp"].said[0].payload


# Refused


def _changed(delivery: platforms.Delivery, **headers: str) -> platforms.Delivery:
    return dataclasses.replace(delivery, headers={**delivery.headers, **headers})


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_forged_request_is_refused(world: World, database: Database, channel: str) -> None:
    genuine = text_delivery(channel, PERSON, "hello")
    name = next(name for name in genuine.headers if name.startswith("X-"))
    unsigned = dataclasses.replace(genuine, headers={"Content-Type": genuine.headers["Content-Type"]})
    other = genuine.headers[name][:-3] + "AA="
    for delivery in (unsigned, _changed(genuine, **{name: other}), _changed(genuine, **{name: ""})):
        assert await world.deliver(delivery) == 403
    if channel != "telegram":  # its header is no signature of the body
        for raw in (genuine.raw[:-1], genuine.raw + b" ", b""):
            assert await world.deliver(dataclasses.replace(genuine, raw=raw)) == 403
    assert await rows(database, deliveries_in) == []


async def test_a_twilio_signature_holds_for_its_address_only(world: World) -> None:
    genuine = text_delivery("sms", PERSON, "hello")
    assert await world.deliver(dataclasses.replace(genuine, path="/channels/sms?x=1")) == 403
    assert await world.deliver(dataclasses.replace(genuine, path="/channels/whatsapp_twilio")) == 403


@pytest.mark.parametrize("raw", [b'{"update_id": 1, "mess', b"[" * 100_000, b"\xff\xfe", b"[]", b"7", b"", b"null"])
async def test_what_is_no_update_is_refused_without_an_error_of_ours(world: World, raw: bytes) -> None:
    delivery = dataclasses.replace(platforms.telegram_raw({}), raw=raw)
    assert await world.deliver(delivery) == 400


async def test_a_huge_body_is_refused(world: World) -> None:
    delivery = dataclasses.replace(platforms.telegram_raw({}), raw=b" " * 300_000)
    assert await world.deliver(delivery) == 413
    assert await world.deliver(platforms.whatsapp({"object": "x" * 3_200_000})) == 413


async def test_a_batch_of_two_megabytes_is_taken(world: World) -> None:
    body = platforms.whatsapp_message(PERSON, type="text", text={"body": "hello"})
    body["entry"][0]["changes"][0]["value"]["noise"] = "x" * 2_000_000
    assert len(await world.replies("whatsapp", platforms.whatsapp(body))) == 1


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "messenger"])
async def test_a_stale_message_is_not_answered(world: World, database: Database, channel: str) -> None:
    old = 1_600_000_000.0
    stale = {
        "telegram": platforms.telegram_update(PERSON, date=old, text="hello"),
        "whatsapp": platforms.whatsapp(platforms.whatsapp_message(PERSON, date=old, type="text", text={"body": "x"})),
        "messenger": platforms.messenger(platforms.messenger_event(PERSON, old, message={"mid": "m", "text": "x"})),
    }[channel]
    assert await world.deliver(stale) == 200
    assert await rows(database, deliveries_in) == []


async def test_an_unknown_channel_is_not_found(world: World) -> None:
    response = await world.client.post("/channels/pigeon", data=b"{}")
    assert (response.status, (await response.json())["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"])
async def test_the_handshake_gives_the_challenge_to_who_knows_the_token(world: World, channel: str) -> None:
    token = {"whatsapp": WhatsAppProvider.verify_token, "messenger": MessengerProvider.verify_token}[channel]
    query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "115830"}
    response = await world.client.get(f"/channels/{channel}", params=query)
    assert (response.status, await response.text()) == (200, "115830")
    for wrong in ({"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "x"}):
        response = await world.client.get(f"/channels/{channel}", params={**query, **wrong})
        assert response.status == 403
    assert (await world.client.get("/channels/telegram", params=query)).status == 404


@pytest.mark.parametrize("text", ["\ud800 half", "x" * 5000, "\u202e\u2066", "/restart", "\x00", "👩‍👩‍👧" * 200])
async def test_any_text_is_answered_or_asked_again(world: World, text: str) -> None:
    await opened(world, "telegram")
    (reply,) = await world.replies("telegram", platforms.telegram_update(PERSON, text=text))
    assert reply
    assert not reply.startswith("re: /")


async def test_a_message_that_breaks_the_assistant_gets_an_apology(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.arrivals.RETRY_SECONDS", 0.0)
    await opened(world, "telegram")
    assert await world.deliver(text_delivery("telegram", PERSON, "poison")) == 200
    first, second = await world.writes("telegram", PERSON, "next one", 2)
    assert first.startswith("Something went wrong on our side")
    assert second == "re: next one"


async def test_a_paused_channel_says_so_and_whom_to_call_and_others_go_on(world: World) -> None:
    for channel in ("telegram", "sms"):
        await opened(world, channel)
    world.client.server.app[PAUSES].replace(["telegram"], {"en": "Back tomorrow."})
    paused = await world.writes("telegram", PERSON, "my landlord shouts")
    assert "Back tomorrow." in paused[0]
    assert "999" in paused[0]
    assert await world.writes("sms", PERSON, "my landlord shouts") == ["re: my landlord shouts"]
    stopped = await world.writes("telegram", PERSON, "stop")
    assert "no more messages" in stopped[0]
    assert "Welcome back" in (await world.writes("telegram", PERSON, "start"))[0]
    world.client.server.app[PAUSES].replace([], {})
    assert await world.writes("telegram", PERSON, "my landlord shouts") == ["re: my landlord shouts"]


# Exactly once, in order


@dataclasses.dataclass
class Crowd:
    """People who write numbered messages on one channel, each delivery perhaps repeated, all shuffled."""

    channel: str
    people: int
    messages: int
    seed: int = 7

    def deliveries(self) -> dict[str, list[tuple[str, platforms.Delivery]]]:
        """Return (text, delivery) by person in the order they are delivered."""
        chance = random.Random(self.seed)
        found = {}
        for number in range(self.people):
            person = f"44770{number:07}"
            once = [
                (f"message {index} of {number}", text_delivery(self.channel, person, f"message {index} of {number}"))
                for index in range(self.messages)
            ]
            again = chance.sample(once, round(len(once) * 0.3))
            mixed = [*once, *again]
            chance.shuffle(mixed)
            found[person] = mixed
        return found

    async def deliver(self, world: World) -> dict[str, list[str]]:
        """Deliver all, the people side by side; return the texts by person as they first arrived."""

        async def one(person: str, deliveries: list[tuple[str, platforms.Delivery]]) -> tuple[str, list[str]]:
            for _text, delivery in deliveries:
                assert await world.deliver(delivery) == 200
            return address_of(self.channel, person), list(dict.fromkeys(text for text, _ in deliveries))

        return dict(await asyncio.gather(*(one(*item) for item in self.deliveries().items())))


def replies_by_person(said: list[Said]) -> dict[str, list[str]]:
    """Return the numbered messages that were answered, by person, in order; welcomes left out."""
    found = defaultdict(list)
    for one in said:
        if one.text.startswith("re: "):
            found[one.person].append(one.text.removeprefix("re: "))
    return dict(found)


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_a_thousand_deliveries_give_one_reply_a_message_in_order(world: World, channel: str) -> None:
    crowd = Crowd(channel, people=55, messages=14)  # 770 messages, 30 % delivered twice: 1,001 deliveries
    arrived = await crowd.deliver(world)
    provider = world.providers[channel]
    await provider.until(55 * 14 + 55, 60)
    assert replies_by_person(provider.said) == arrived
    assert provider.refused == []
    assert len(provider.said) == 55 * 14 + 55  # one welcome each


def confirming(world: World) -> None:
    """Let the WhatsApp stand-in report what it took, as the real one does."""
    provider, jobs = world.providers["whatsapp"], set()

    def confirm(said: Said) -> None:
        job = asyncio.ensure_future(world.deliver(platforms.whatsapp_receipt(said.receipt)))
        jobs.add(job)
        job.add_done_callback(jobs.discard)

    provider.on_taken = confirm


async def test_errors_limits_and_silence_of_a_platform_lose_and_double_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departures, "LEASE_SECONDS", 3.0)  # receipts come sooner, on a busy machine too
    provider, chance = world.providers["whatsapp"], random.Random(3)
    trouble = ["broken", "gone", "stalled", "limited"]
    provider.plan = lambda number: chance.choice(trouble) if number % 5 == 0 and number < 200 else "ok"
    monkeypatch.setattr(provider, "limited", lambda: Provider.limited(provider))
    confirming(world)
    crowd = Crowd("whatsapp", people=20, messages=5)
    arrived = await crowd.deliver(world)
    await provider.until(20 * 5 + 20, 90)
    await asyncio.sleep(1.0)  # time for what would come twice
    assert replies_by_person(provider.said) == arrived
    assert len(provider.said) == 20 * 5 + 20


@pytest.mark.parametrize("was_taken", [True, False])
async def test_what_was_sent_long_before_a_start_waits_for_its_receipt(
    database: Database, monkeypatch: pytest.MonkeyPatch, was_taken: bool
) -> None:
    parts = [Part({"type": "text", "text": {"body": "Hello.", "preview_url": False}})]

    def leave_behind(connection: Connection) -> Departure:
        put_departures(connection, channel="whatsapp", conversation="c", message_key="m", address="44", parts=parts)
        (taken,) = take_departures(connection, 1, ["whatsapp"])
        connection.execute(deliveries_out.update().values(next_at=0.0))  # its sender died an hour ago
        return taken

    monkeypatch.setattr(departures, "LEASE_SECONDS", 1.0)
    dead = await database.run(leave_behind)
    async for world in running_world(database, FakeAssistant()):
        if was_taken:
            assert await world.deliver(platforms.whatsapp_receipt(dead.receipt)) == 200
        await world.writes("whatsapp", PERSON, "how are you", 2)
        assert len(world.providers["whatsapp"].said) == 2  # others are answered at once
        if was_taken:
            assert [row.state for row in await rows(database, deliveries_out) if row.id == dead.id] == ["sent"]
        else:
            assert (await world.providers["whatsapp"].until(3))[2].text == "Hello."


async def test_a_limit_is_waited_out_as_long_as_the_platform_says(world: World) -> None:
    await opened(world, "telegram")
    provider = world.providers["telegram"]
    calls = provider.calls
    provider.plan = lambda number: "limited" if number == calls + 1 else "ok"
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await world.writes("telegram", PERSON, "again") == ["re: again"]
    assert loop.time() - began >= 0.9  # retry_after: 1


async def test_nothing_more_goes_to_who_has_blocked_us_until_they_write(world: World, database: Database) -> None:
    await opened(world, "telegram")
    provider = world.providers["telegram"]
    calls = provider.calls
    provider.plan = lambda number: "blocked" if number == calls + 1 else "ok"
    assert await world.deliver(text_delivery("telegram", PERSON, "menu")) == 200
    await world.writes("telegram", "4477", "hello")
    assert [row.by for row in await rows(database, optouts)] == ["platform"]
    assert await world.writes("telegram", PERSON, "I am back") == ["re: I am back"]
    assert await rows(database, optouts) == []


async def test_a_failed_receipt_is_counted(world: World, database: Database) -> None:
    await opened(world, "whatsapp")
    said = world.providers["whatsapp"].said[-1]
    state = {"id": "x", "status": "failed", "errors": [{"code": 131047}], "biz_opaque_callback_data": said.receipt}
    assert await world.deliver(platforms.whatsapp(platforms.whatsapp_value(statuses=[state]))) == 200
    assert [row.code for row in await rows(database, deliveries_out) if row.state == "failed"] == ["131047"]


async def test_what_is_done_holds_no_words_and_no_platform_id(world: World, database: Database) -> None:
    for channel in CHANNELS:
        await opened(world, channel)
    await asyncio.sleep(0.3)  # until the last sends are written down
    found = [row for table in (deliveries_in, deliveries_out) for row in await rows(database, table)]
    kept = json.dumps([[str(value) for value in row] for row in found])
    assert {row.state for row in found} == {"done", "sent"}
    assert "how are you" not in kept
    assert PERSON not in kept


async def test_too_much_of_one_person_is_told_once(database: Database) -> None:
    settings_limit = 3
    provider = TelegramProvider()
    await provider.start()
    settings = all_on(dict.fromkeys(CHANNELS, provider), messages_per_minute=settings_limit)
    async with TestClient(TestServer(build_app(settings, database=database, assistant=FakeAssistant()))) as client:  # type: ignore[arg-type]
        world = World(client, {"telegram": provider})
        await opened(world, "telegram")
        for number in range(6):
            await world.deliver(text_delivery("telegram", PERSON, f"number {number}"))
        said = await provider.until(5)
        assert [one.text for one in said[2:4]] == ["re: number 0", "re: number 1"]
        assert said[4].text.startswith("You sent many messages")
        assert await world.writes("telegram", "4477", "hello")
    await provider.stop()
    assert len(provider.said) == 6


# The real assistant, the command line


@pytest.mark.model
async def test_a_real_answer_is_accepted_by_every_platform(database: Database) -> None:
    async for world in running_world(database, loaded_assistant()):
        for channel in CHANNELS:
            provider = world.providers[channel]
            before = len(provider.said)
            assert await world.deliver(text_delivery(channel, PERSON, "How do I join the housing register?")) == 200
            said = await provider.until(before + 2)
            assert "housing register" in said[before].text
            assert provider.refused == []
        break


async def test_the_command_registers_the_webhook_and_tells_the_state(database: Database, tmp_path: object) -> None:
    class Api(TelegramProvider):
        webhook: dict[str, object] = {}

        async def take(self, request):  # type: ignore[no-untyped-def]
            from aiohttp import web

            if request.match_info["path"].endswith("/setWebhook"):
                self.webhook = await request.json()
                return web.json_response({"ok": True, "result": True})
            return web.json_response({"ok": True, "result": {"url": self.webhook.get("url", "")}})

    provider = Api()
    await provider.start()
    settings = dataclasses.replace(
        all_on(dict.fromkeys(CHANNELS, provider)), database_url=f"sqlite:///{tmp_path}/x.sqlite", messenger_token=""
    )
    before = (await asyncio.to_thread(status, settings))[0]
    assert (before["channel"], before["webhook"], before["last_inbound"]) == ("telegram", "not_registered", None)
    assert await asyncio.to_thread(telegram_set_webhook, settings) == "https://doorway.example.org/channels/telegram"
    assert provider.webhook["secret_token"] == settings.telegram_secret
    assert provider.webhook["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    told = {one["channel"]: one for one in await asyncio.to_thread(status, settings)}
    assert told["telegram"]["webhook"] == "registered"
    assert (told["messenger"]["on"], told["messenger"]["missing"]) == (False, ["DOORWAY_MESSENGER_TOKEN"])
    await provider.stop()
    with pytest.raises(ConfigError, match="DOORWAY_TELEGRAM_TOKEN"):
        telegram_set_webhook(dataclasses.replace(settings, telegram_token=""))
