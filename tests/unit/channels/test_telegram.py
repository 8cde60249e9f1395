"""Telegram: which updates are events, what a secret is worth, how a message is laid out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels.platform import Event, Message, Option, Outgoing
from bot.channels.telegram import acknowledge, outcome, parse, render, request, verify
from bot.core.errors import UserInputError

SENDER = {"id": 7, "is_bot": False, "language_code": "pl"}
PRIVATE = {"id": 7, "type": "private"}


def _update(**content: Any) -> bytes:
    return json.dumps({"update_id": 10, **content}).encode()


def _message(**message: Any) -> bytes:
    return _update(message={"message_id": 1, "date": 1_700_000_000, "from": SENDER, "chat": PRIVATE, **message})


def test_a_text_is_an_event() -> None:
    assert parse(_message(text="hello")) == [
        Event("telegram", "7", "7", "10", "text", "hello", language_hint="pl", sent_at=1_700_000_000.0)
    ]


@pytest.mark.parametrize("content", [{"sticker": {}}, {"voice": {}}, {"photo": [], "caption": "x"}, {"text": 5 * [1]}])
def test_what_is_no_text_is_unsupported(content: dict[str, Any]) -> None:
    assert [event.kind for event in parse(_message(**content))] == ["unsupported"]


def test_a_tap_works_where_its_message_is_gone() -> None:
    (event,) = parse(_update(callback_query={"id": "q", "from": SENDER, "data": "abc"}))
    assert (event.kind, event.choice, event.address, event.ack) == ("tap", "abc", "7", {"query": "q"})


def test_a_pressed_button_is_marked_and_an_earlier_mark_goes() -> None:
    rows = [[{"text": "✓ Old", "callback_data": "a"}], [{"text": "New", "callback_data": "b"}]]
    message = {"message_id": 3, "chat": PRIVATE, "reply_markup": {"inline_keyboard": rows}}
    (event,) = parse(_update(callback_query={"id": "q", "from": SENDER, "data": "b", "message": message}))
    spinner, edit = acknowledge(event.ack)
    assert spinner.payload == {"method": "answerCallbackQuery", "callback_query_id": "q"}
    titles = [row[0]["text"] for row in edit.payload["reply_markup"]["inline_keyboard"]]
    assert titles == ["Old", "✓ New"]
    assert spinner.is_aside
    assert edit.is_aside


@pytest.mark.parametrize(("status", "kinds"), [("kicked", ["stop"]), ("member", ["start"]), ("left", [])])
def test_blocking_and_coming_back_are_events(status: str, kinds: list[str]) -> None:
    change = {"chat": PRIVATE, "from": SENDER, "date": 1, "new_chat_member": {"status": status}}
    assert [event.kind for event in parse(_update(my_chat_member=change))] == kinds


@pytest.mark.parametrize(
    "raw",
    [
        _message(text="x", chat={"id": -5, "type": "group"}),
        _message(text="x", chat=None),
        _message(text="x", **{"from": {"id": 8, "is_bot": True}}),
        _update(edited_message={"text": "x", "chat": PRIVATE}),
        _update(message=[]),
        b'{"message": {"text": "x", "chat": {"id": 7, "type": "private"}}}',
        b"{}",
    ],
)
def test_what_nobody_asked_us_is_nothing(raw: bytes) -> None:
    assert parse(raw) == []


@pytest.mark.parametrize("raw", [b"", b"[1]", b'{"update_id":', b"[" * 50_000, b"\xff"])
def test_what_cannot_be_read_is_refused(raw: bytes) -> None:
    with pytest.raises(UserInputError, match="bad_request"):
        parse(raw)


def test_only_the_secret_opens() -> None:
    header = "X-Telegram-Bot-Api-Secret-Token"
    assert verify({header: "abc"}, "abc")
    assert not any(verify(given, "abc") for given in ({}, {header: ""}, {header: "abd"}, {header: "é"}))
    assert not verify({header: ""}, "")


def test_two_short_buttons_stand_side_by_side_and_a_long_one_alone() -> None:
    options = tuple(Option(str(number), title) for number, title in enumerate(["Yes", "No", "x" * 40, "Maybe"]))
    (part,) = render([Message("Text", options)])
    rows = part.payload["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [["Yes", "No"], ["x" * 40], ["Maybe"]]
    assert "parse_mode" not in part.payload


def test_a_long_text_has_its_buttons_below_the_last_part() -> None:
    parts = render([Message("word " * 2000, (Option("a", "Yes"),))])
    assert len(parts) == 3
    assert ["reply_markup" in part.payload for part in parts] == [False, False, True]


def test_the_call_names_the_method_and_the_chat() -> None:
    (part,) = render([Message("Text")])
    call = request(Outgoing("7", part.payload, "r"), "1:T", "https://api")
    assert call.url == "https://api/bot1:T/sendMessage"
    assert call.json == {"chat_id": "7", "text": "Text", "link_preview_options": {"is_disabled": True}}
    assert "1:T" not in repr(call.headers)


@pytest.mark.parametrize(
    ("status", "body", "kind", "wait"),
    [
        (200, b'{"ok": true}', "sent", 0),
        (429, b'{"parameters": {"retry_after": 7}}', "again", 7),
        (429, b"<html>", "again", 0),
        (502, b"", "again", 0),
        (403, b'{"description": "bot was blocked"}', "blocked", 0),
        (400, b'{"description": "chat not found"}', "failed", 0),
        (401, b"", "failed", 0),
    ],
)
def test_how_a_send_ended(status: int, body: bytes, kind: str, wait: float) -> None:
    ended = outcome(status, {}, body)
    assert (ended.kind, ended.wait) == (kind, wait)
