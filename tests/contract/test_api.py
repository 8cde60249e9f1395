"""The JSON API as a widget uses it."""

from __future__ import annotations

import asyncio
import json

import pytest
from jsonschema import Draft202012Validator

from bot.i18n.locales import Locale
from bot.web.api.openapi import load_openapi
from tests.contract.conftest import Client, Person, open_person


def assert_error(answer: dict[str, object], code: str) -> str:
    """One shape for every error; returns the message."""
    assert set(answer) == {"error"}
    error = answer["error"]
    assert isinstance(error, dict)
    assert error["code"] == code
    assert error["message"]
    return str(error["message"])


QUESTIONS = {
    "en": "How do I join the waiting list for a council home?",
    "pl": "Jak zapisać się na listę oczekujących na mieszkanie z councilu?",
    "ar": "كيف أسجل في قائمة انتظار بيوت البلدية؟",
    "so": "Sideen isku diiwaan geliyaa liiska sugitaanka guryaha council-ka?",
    "uk": "Як записатися в чергу на житло від council?",
    "ro": "Cum mă înscriu pe lista de așteptare pentru o locuință de la council?",
    "es": "¿Cómo me apunto en la lista de espera para una vivienda del council?",
    "pt": "Como me inscrevo na lista de espera para uma casa do council?",
    "tr": "Council evi için bekleme listesine nasıl yazılırım?",
    "fa": "چطور برای خانه دولتی در لیست انتظار ثبت نام کنم؟",
    "ur": "کونسل کے گھر کی ویٹنگ لسٹ میں نام کیسے لکھواؤں؟",
    "bn": "কাউন্সিলের ঘরের ওয়েটিং লিস্টে কীভাবে নাম লেখাব?",
    "fr": "Comment m'inscrire sur la liste d'attente pour un logement du council ?",
}


async def test_question_is_answered_in_its_own_language(client: Client, each_locale: Locale) -> None:
    person = await open_person(client)
    turn = await person.says(QUESTIONS[each_locale.tag])
    assert turn["topic"] == "register_join"
    assert turn["language"] == each_locale.tag
    kinds = [block["kind"] for block in turn["messages"][0]["blocks"]]
    assert kinds == ["summary", "steps", "local", "contacts", "desk", "nations", "sources"]
    assert turn["messages"][0]["direction"] == each_locale.direction


@pytest.mark.parametrize(
    "text",
    ["the landlord wants us out next week", "which bin for a pizza box in Leeds", "I have refugee status",
     "Can I get a council flat with a spouse visa?", "is there a migrant support centre near Haringey"],
)  # fmt: skip
async def test_answer_fits_the_published_description(person: Person, text: str) -> None:
    turn = await person.says(text)
    schema = {"$ref": "#/components/schemas/Turn", "components": load_openapi()["components"]}
    assert list(Draft202012Validator(schema).iter_errors(turn)) == []


async def test_answer_has_steps_a_number_a_source_and_a_date(person: Person) -> None:
    turn = await person.says("I have nowhere to sleep tonight")
    blocks = {block["kind"]: block for block in turn["messages"][0]["blocks"]}
    assert turn["messages"][0]["urgency"] == "crisis"
    assert len(blocks["steps"]["items"]) >= 3
    assert "0808 800 4444" in [contact.get("phone") for contact in blocks["contacts"]["contacts"]]
    assert blocks["sources"]["sources"][0]["url"].startswith("https://")
    assert blocks["sources"]["checked"] == "2026-11-22"


async def test_retry_with_the_same_id_gives_the_same_answer_once(person: Person) -> None:
    first = await person.post(text="how do I bid for a flat", client_msg_id="retry-0001")
    second = await person.post(text="how do I bid for a flat", client_msg_id="retry-0001")
    assert first == second
    response = await person.client.get("/api/v1/messages?after=0", headers=person.headers)
    assert len((await response.json())["messages"]) == 1


async def test_history_resumes_after_a_number(person: Person) -> None:
    await person.says("hello")
    await person.says("my phone is 07700 900123, how do I find a GP?")
    response = await person.client.get("/api/v1/messages?after=1", headers=person.headers)
    messages = (await response.json())["messages"]
    assert [message["number"] for message in messages] == [2]
    assert messages[0]["asked"] == "my phone is [phone], how do I find a GP?"


async def test_choice_answers_its_topic_and_shows_no_payload(person: Person) -> None:
    turn = await person.says("hello")
    choice = turn["messages"][0]["choices"][0]
    assert "topic:" not in json.dumps(turn)
    status, answer = await person.post(choice=choice["id"])
    assert status == 200
    assert answer["topic"] == "homeless_tonight"


async def test_choice_of_somebody_else_is_unknown(client: Client, person: Person) -> None:
    turn = await person.says("hello")
    other = await open_person(client)
    status, answer = await other.post(choice=turn["messages"][0]["choices"][0]["id"])
    assert status == 400
    assert_error(answer, "unknown_choice")


async def test_other_language_is_offered_and_never_forced(client: Client) -> None:
    person = await open_person(client, language="en")
    turn = await person.says("Właściciel nie chce naprawić ogrzewania, co mogę zrobić?")
    assert turn["language"] == "en"
    offer = turn["messages"][-1]["choices"][-1]
    assert offer["title"] == "Polski"
    _, switched = await person.post(choice=offer["id"])
    assert switched["language"] == "pl"
    assert (await person.says("dziękuję"))["language"] == "pl"


async def test_repeat_and_simpler_act_on_the_last_topic(person: Person) -> None:
    await person.says("I cannot pay the rent this month")
    again = await person.says("can you repeat that please")
    assert again["messages"][0]["topic"] == "rent_arrears"
    short = await person.says("I don't understand, say it simpler")
    assert short["messages"][0]["topic"] == "rent_arrears"
    assert len(short["messages"][0]["text"]) < len(again["messages"][0]["text"])


async def test_start_again_forgets_the_topic_but_not_the_language(client: Client) -> None:
    person = await open_person(client, language="pl")
    await person.says("nie mam pieniędzy na czynsz")
    await person.says("zacznijmy od początku")
    turn = await person.says("powtórz")
    assert turn["language"] == "pl"
    assert turn["messages"][0]["topic"] == ""


async def test_nonsense_gets_an_offer_with_a_person(person: Person) -> None:
    turn = await person.says("xqzv wkkp")
    titles = [choice["title"] for choice in turn["messages"][-1]["choices"]]
    assert len(titles) >= 4
    assert "A person who can help" in titles


async def test_delete_by_words_erases_and_the_session_goes_on(person: Person) -> None:
    await person.says("how do I find an English class")
    turn = await person.says("please delete everything I wrote")
    assert turn["topic"] == "delete_data"
    response = await person.client.get("/api/v1/messages?after=0", headers=person.headers)
    asked = [message["asked"] for message in (await response.json())["messages"]]
    assert "how do I find an English class" not in asked
    assert (await person.says("hello"))["topic"] == "greet"


async def test_delete_gives_a_receipt_and_ends_the_session(person: Person) -> None:
    await person.says("hello")
    response = await person.client.delete("/api/v1/sessions", headers=person.headers)
    receipt = await response.json()
    assert receipt["deleted"]["messages"] == 1
    assert receipt["deleted"]["conversations"] == 1
    assert "1" in receipt["message"]
    status, answer = await person.post(text="hello")
    assert status == 401
    assert_error(answer, "unknown_session")


async def test_vote_is_counted_for_an_answer_that_exists(person: Person) -> None:
    await person.says("where is the food bank")
    body = {"number": 1, "helpful": True}
    response = await person.client.post("/api/v1/feedback", json=body, headers=person.headers)
    assert response.status == 200
    missing = await person.client.post("/api/v1/feedback", json={"number": 9, "helpful": True}, headers=person.headers)
    assert missing.status == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "bad_request"),
        (b"{", 400, "bad_request"),
        (b"[]", 400, "bad_request"),
        (b"null", 400, "bad_request"),
        (b'{"client_msg_id": "abcdefgh", "text": 7}', 400, "bad_request"),
        (b'{"client_msg_id": "short", "text": "hi"}', 400, "bad_request"),
        (b'{"client_msg_id": "abcdefgh", "text": ""}', 400, "empty"),
        (b'{"client_msg_id": "abcdefgh", "text": "  \\u200b "}', 400, "empty"),
        (b'{"client_msg_id": "abcdefgh", "text": "///"}', 400, "empty"),
        (b'{"client_msg_id": "abcdefgh", "text": "hi", "choice": "x"}', 400, "bad_request"),
        (b'{"client_msg_id": "abcdefgh", "choice": "never-given"}', 400, "unknown_choice"),
        (b'{"client_msg_id": "abcdefgh", "text": "hi", "language": "tlh"}', 400, "unknown_language"),
        (b'{"client_msg_id": "abcdefgh", "text": "' + b"a" * 1001 + b'"}', 400, "too_long"),
        (b'{"client_msg_id": "abcdefgh", "text": "' + b"a" * 100_000 + b'"}', 413, "too_large"),
        (b"[" * 9000, 400, "bad_request"),
    ],
)
async def test_bad_message_gets_one_clear_error(person: Person, body: bytes, status: int, code: str) -> None:
    response = await person.client.post("/api/v1/messages", data=body, headers=person.headers)
    assert response.status == status
    assert_error(await response.json(), code)


async def test_error_speaks_the_language_of_the_session(client: Client) -> None:
    person = await open_person(client, language="uk")
    _, answer = await person.post(text="")
    assert assert_error(answer, "empty") == "Будь ласка, напишіть своє запитання."


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic " + "a" * 43, "Bearer " + "a" * 43])
async def test_wrong_token_opens_nothing(client: Client, header: str) -> None:
    response = await client.post(
        "/api/v1/messages", json={"client_msg_id": "abcdefgh", "text": "hi"}, headers={"Authorization": header}
    )
    assert response.status == 401
    assert_error(await response.json(), "unknown_session")


async def test_unknown_address_below_the_api_has_the_error_shape(client: Client) -> None:
    response = await client.get("/api/v1/nothing", headers={"Accept-Language": "so"})
    assert response.status == 404
    assert_error(await response.json(), "not_found")


async def test_unknown_language_of_a_session_is_refused(client: Client) -> None:
    response = await client.post("/api/v1/sessions", json={"language": "zz"})
    assert response.status == 400
    assert_error(await response.json(), "unknown_language")


async def test_health_readiness_and_figures(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200
    assert await (await client.get("/readyz")).json() == {"status": "ready"}
    assert "doorway_request_seconds" in await (await client.get("/metrics")).text()


async def test_every_response_has_the_security_headers(client: Client) -> None:
    for path in ("/healthz", "/api/v1/nothing", "/en/", "/nothing-here"):
        response = await client.get(path)
        assert response.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in response.headers["Content-Security-Policy"], path
        assert "unsafe-inline" not in response.headers["Content-Security-Policy"], path


async def test_typed_number_or_title_is_a_tap(person: Person) -> None:
    turn = await person.says("hello")
    second = turn["messages"][0]["choices"][1]
    by_number = await person.says("2")
    assert by_number["topic"] == "register_join"
    await person.says("hello")
    by_title = await person.says(second["title"].upper())
    assert by_title["topic"] == "register_join"
    assert by_title["messages"][0]["asked"] == second["title"]


async def test_start_topic_needs_no_button(person: Person) -> None:
    status, turn = await person.post(topic="eviction_notice")
    assert (status, turn["topic"]) == (200, "eviction_notice")
    status, answer = await person.post(topic="no_such_topic")
    assert status == 400
    assert_error(answer, "unknown_choice")


async def test_person_gets_a_page_where_a_program_gets_json(client: Client) -> None:
    response = await client.get("/nothing-here", headers={"Accept-Language": "pl"})
    assert response.status == 404
    assert response.content_type == "text/html"
    assert 'lang="pl"' in await response.text()


async def test_numbers_of_answers_go_on_after_an_erasure(person: Person) -> None:
    first = await person.says("hello")
    await person.says("delete everything I wrote")
    third = await person.says("hello")
    assert third["messages"][0]["number"] > first["messages"][0]["number"] + 1


async def test_session_deleted_during_a_turn_keeps_nothing(person: Person) -> None:

    body = {"client_msg_id": "race-0001", "text": "I cannot pay the rent and the landlord is angry with us"}
    turn = asyncio.create_task(person.post(**body))
    await asyncio.sleep(0.002)
    await person.client.delete("/api/v1/sessions", headers=person.headers)
    status, _ = await turn
    assert status in (200, 401)
    later, _ = await person.post(**body)
    assert later == 401
