"""WhatsApp and Messenger: signatures, batches, ids of people, layouts within the limits."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from bot.channels import messenger, meta, whatsapp
from bot.channels.platform import Message, Option, Outgoing
from bot.core.errors import UserInputError

SECRET = "app-secret"


def _signed(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _whatsapp(*messages: dict[str, Any], phone_id: str = "1", **value: Any) -> bytes:
    content = {"metadata": {"phone_number_id": phone_id}, "messages": list(messages), **value}
    change = {"field": "messages", "value": content}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}).encode()


def _text(body: str = "hello", **message: Any) -> dict[str, Any]:
    return {
        "id": "wamid.1",
        "from": "4477",
        "timestamp": "1700000000",
        "type": "text",
        "text": {"body": body},
        **message,
    }


def _messenger(*items: dict[str, Any]) -> bytes:
    return json.dumps({"object": "page", "entry": [{"messaging": list(items)}]}).encode()


# Both


def test_a_signature_holds_for_these_bytes_and_this_secret() -> None:
    raw = b'{"a": "\\u00e9"}'
    assert meta.verify(raw, _signed(raw), SECRET)
    assert not meta.verify(raw + b" ", _signed(raw), SECRET)
    assert not meta.verify(raw, _signed(raw, "other"), SECRET)
    assert not meta.verify(raw, {}, SECRET)
    assert not meta.verify(raw, {"X-Hub-Signature-256": _signed(raw)["X-Hub-Signature-256"][7:]}, SECRET)
    assert not meta.verify(raw, _signed(raw, ""), "")


def test_the_handshake_wants_mode_and_token() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "t", "hub.challenge": "1"}
    assert meta.handshake(query, "t") == "1"
    assert meta.handshake(query, "") is None
    assert meta.handshake({**query, "hub.verify_token": "x"}, "t") is None
    assert meta.handshake({}, "t") is None


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (200, {}, "sent"),
        (429, {"code": 130429}, "again"),
        (400, {"code": 131056}, "again"),
        (400, {"code": 100}, "failed"),
        (400, {"code": 131047}, "failed"),
        (500, {"code": 131000}, "again"),
        (400, {"code": 9, "is_transient": True}, "again"),
        (400, {"code": 551, "error_subcode": 1545041}, "blocked"),
        (400, {"code": 10, "error_subcode": 2018278}, "blocked"),
        (401, {"code": 190}, "failed"),
    ],
)
def test_how_a_send_ended(status: int, error: dict[str, Any], kind: str) -> None:
    assert meta.outcome(status, {}, json.dumps({"error": error}).encode()).kind == kind


# WhatsApp


def test_all_levels_of_a_batch_are_read_in_order() -> None:
    body = json.loads(_whatsapp(_text("a"), _text("b", id="wamid.2")))
    body["entry"][0]["changes"].append(json.loads(_whatsapp(_text("c", id="wamid.3")))["entry"][0]["changes"][0])
    body["entry"].append(json.loads(_whatsapp(_text("d", id="wamid.4")))["entry"][0])
    assert [event.text for event in whatsapp.parse(json.dumps(body).encode(), "1")] == ["a", "b", "c", "d"]


def test_another_phone_number_is_not_ours() -> None:
    assert whatsapp.parse(_whatsapp(_text(), phone_id="2"), "1") == []


def test_the_longest_lasting_id_is_the_person_and_the_number_is_the_address() -> None:
    contact = {"wa_id": "4477", "user_id": "GB.1", "parent_user_id": "GB.ENT.1"}
    (event,) = whatsapp.parse(_whatsapp(_text(), contacts=[contact]), "1")
    assert (event.person, event.address, event.also) == ("GB.ENT.1", "4477", ("GB.1", "4477"))
    message = {name: value for name, value in _text(from_user_id="GB.1").items() if name != "from"}
    (event,) = whatsapp.parse(_whatsapp(message, contacts=[{"user_id": "GB.1"}]), "1")
    assert (event.person, event.address, event.also) == ("GB.1", "GB.1", ())


@pytest.mark.parametrize(
    ("message", "kind", "choice"),
    [
        ({"type": "interactive", "interactive": {"button_reply": {"id": "a", "title": "A"}}}, "tap", "a"),
        ({"type": "interactive", "interactive": {"list_reply": {"id": "b", "title": "B"}}}, "tap", "b"),
        ({"type": "interactive", "interactive": {"nfm_reply": {}}}, "unsupported", ""),
        ({"type": "button", "button": {"text": "Yes", "payload": "p"}}, "text", ""),
        ({"type": "image", "image": {"id": "1"}}, "unsupported", ""),
        ({"type": "text", "text": None}, "text", ""),
    ],
)
def test_kinds_of_messages(message: dict[str, Any], kind: str, choice: str) -> None:
    (event,) = whatsapp.parse(_whatsapp({**_text(), **message}), "1")
    assert (event.kind, event.choice) == (kind, choice)


@pytest.mark.parametrize("message", [{"type": "reaction"}, {"type": "system"}, {"group_id": "g"}, {"id": None}])
def test_what_needs_no_answer_is_nothing(message: dict[str, Any]) -> None:
    assert whatsapp.parse(_whatsapp({**_text(), **message}), "1") == []


def test_a_status_with_our_key_is_a_receipt() -> None:
    states = [{"status": "sent", "biz_opaque_callback_data": "k"}, {"status": "sent"},
              {"status": "failed", "biz_opaque_callback_data": "l", "errors": [{"code": 131047}]}]  # fmt: skip
    events = whatsapp.parse(_whatsapp(statuses=states), "1")
    assert [(event.kind, event.message_id, event.text, event.choice) for event in events] == [
        ("receipt", "k", "sent", ""), ("receipt", "l", "failed", "131047"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("titles", "shape"),
    [
        (["Yes", "No"], "button"),
        (["Yes", "No", "x" * 21], "list"),
        (list("abcd"), "list"),
        (list("abcdefghij"), "list"),
        (list("abcdefghijk"), "numbers"),
        (["x" * 72, "b"], "list"),
        (["x" * 73, "b"], "numbers"),
        (["same", "same"], "numbers"),
    ],
)
def test_choices_are_buttons_a_list_or_numbers(titles: list[str], shape: str) -> None:
    is_numbered = whatsapp.is_numbered(titles)
    options = tuple(
        Option(f"id{number}", title, number if is_numbered else None) for number, title in enumerate(titles, start=1)
    )
    (part,) = whatsapp.render([Message("Text", options, lead="Choose", number_lead="Write", menu="Menu")])
    assert part.payload.get("interactive", {}).get("type", "numbers") == shape
    if shape == "numbers":
        assert f"2. {titles[1]}" in part.payload["text"]["body"]
    else:
        assert all(title in json.dumps(part.payload) for title in titles)


def test_a_text_too_long_for_buttons_is_sent_before_them() -> None:
    first, second = whatsapp.render([Message("word " * 400, (Option("a", "Yes"),), lead="Choose one")])
    assert first.payload["type"] == "text"
    assert second.payload["interactive"]["body"]["text"] == "Choose one"


def test_a_number_and_a_user_id_are_addressed_differently() -> None:
    (part,) = whatsapp.render([Message("Text")])
    to_number = whatsapp.request(Outgoing("4477", part.payload, "key"), "T", "1", "https://g/v25.0")
    to_user = whatsapp.request(Outgoing("GB.13", part.payload, "key"), "T", "1", "https://g/v25.0")
    assert to_number.url == "https://g/v25.0/1/messages"
    assert to_number.json is not None
    assert to_user.json is not None
    assert (to_number.json["to"], to_user.json["recipient"]) == ("4477", "GB.13")
    assert "to" not in to_user.json
    assert to_number.json["biz_opaque_callback_data"] == "key"


# Messenger


def test_every_event_of_a_messenger_batch_is_read() -> None:
    sender = {"sender": {"id": "5"}, "timestamp": 1_700_000_000_000}
    raw = _messenger(
        {**sender, "message": {"mid": "1", "text": "a"}},
        {**sender, "message": {"mid": "2", "text": "Yes", "quick_reply": {"payload": "p"}}},
        {**sender, "postback": {"mid": "3", "payload": "q"}},
        {**sender, "message": {"mid": "4", "attachments": [{"type": "image"}]}},
        {**sender, "message": {"mid": "5", "text": "x", "is_echo": True, "metadata": "key"}},
        {**sender, "message": {"mid": "6", "text": "x", "is_echo": True}},
        {**sender, "read": {"watermark": 1}},
        {"message": {"mid": "7", "text": "nobody"}},
    )
    events = messenger.parse(raw)
    assert [(event.kind, event.text or event.choice) for event in events] == [
        ("text", "a"), ("tap", "p"), ("tap", "q"), ("unsupported", ""), ("receipt", "sent"),
    ]  # fmt: skip
    assert events[0].sent_at == 1_700_000_000.0
    assert events[4].message_id == "key"


def test_quick_replies_are_numbered_in_the_text_and_never_cut() -> None:
    options = (Option("a", "Yes", 1), Option("b", "A title of 21 letters", 2))
    (part,) = messenger.render([Message("Text", options, number_lead="Write it.")])
    assert part.payload["text"] == "Text\n\nWrite it.\n1. Yes\n2. A title of 21 letters"
    assert [reply["title"] for reply in part.payload["quick_replies"]] == ["1. Yes", "2"]


def test_more_than_thirteen_choices_are_numbers_only() -> None:
    options = tuple(Option(str(number), f"T{number}", number) for number in range(1, 15))
    (part,) = messenger.render([Message("Text", options)])
    assert "quick_replies" not in part.payload
    assert "14. T14" in part.payload["text"]


@pytest.mark.parametrize("parse", [messenger.parse, lambda raw: whatsapp.parse(raw, "1")])
@pytest.mark.parametrize("raw", [b"", b"[]", b'{"object"', b'{"a":' * 5_000, b"\x80"])
def test_what_cannot_be_read_is_refused(parse: Any, raw: bytes) -> None:
    with pytest.raises(UserInputError, match="bad_request"):
        parse(raw)


@pytest.mark.parametrize("entry", [None, 1, [], [1], [{"changes": {}}], [{"messaging": [1, None]}], [[[]]]])
def test_other_shapes_are_nothing(entry: Any) -> None:
    assert messenger.parse(json.dumps({"object": "page", "entry": entry}).encode()) == []
    body = {"object": "whatsapp_business_account", "entry": entry}
    assert whatsapp.parse(json.dumps(body).encode(), "1") == []
