"""Facebook Messenger: signed webhooks with batches, quick replies that are numbered in the text too (they vanish)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels import meta
from bot.channels.layout import unmarked, with_numbers
from bot.channels.platform import (
    Event,
    Message,
    Option,
    Outgoing,
    Part,
    Payload,
    Platform,
    Request,
    object_at,
    objects,
    read_object,
    text_at,
)
from bot.channels.split import utf16

NAME = "messenger"
TEXT_LIMIT = 2000
MARKS_ROOM = 100  # what `unmarked` may add to a text
MOST_REPLIES, REPLY_TITLE = 13, 20


def messenger(token: str, app_secret: str, verify_token: str, api: str) -> Platform:
    """Return the platform. `api`: address and version of the Graph API."""
    return Platform(
        name=NAME,
        verify=lambda raw, headers, _query: meta.verify(raw, headers, app_secret),
        parse=lambda raw, _query: parse(raw),
        render=render,
        acknowledge=lambda _ack: [],
        request=lambda outgoing: request(outgoing, token, api),
        outcome=meta.outcome,
        is_numbered=bool,
        most_bytes=meta.MOST_BYTES,
        has_receipts=True,
        handshake=lambda query: meta.handshake(query, verify_token),
    )


def parse(raw: bytes) -> list[Event]:
    """Return the events of a batch, in order. An echo of our own message is its receipt.

    Raises:
        UserInputError: `bad_request`: not JSON.
    """
    body = read_object(raw)
    if body.get("object") != "page":
        return []
    found = (_event(item) for entry in objects(body, "entry") for item in objects(entry, "messaging"))
    return [event for event in found if event]


def _event(item: Payload) -> Event | None:
    person = text_at(object_at(item, "sender"), "id")
    message, postback = object_at(item, "message"), object_at(item, "postback")
    if message.get("is_echo") is True:
        key = text_at(message, "metadata")
        return Event(NAME, "", "", key, "receipt", "sent") if key else None
    message_id = text_at(message or postback, "mid")
    if not person or not message_id or message.get("is_deleted") is True:
        return None
    moment = item.get("timestamp")
    common: dict[str, Any] = {
        "platform": NAME,
        "person": person,
        "address": person,
        "message_id": message_id,
        "sent_at": moment / 1000 if type(moment) is int and moment > 0 else None,
    }
    choice = text_at(object_at(message, "quick_reply"), "payload") or text_at(postback, "payload")
    if choice:
        return Event(**common, kind="tap", choice=choice)
    text = text_at(message, "text")
    return Event(**common, kind="text" if text else "unsupported", text=text)


def render(messages: Sequence[Message]) -> list[Part]:
    """Return the messages as the Send API takes them, quick replies below the last part of each."""
    return [Part(payload) for message in messages for payload in _payloads(message)]


def _payloads(message: Message) -> list[Payload]:
    payloads: list[Payload] = [{"text": unmarked(text)} for text in with_numbers(message, TEXT_LIMIT - MARKS_ROOM)]
    if payloads and 0 < len(message.options) <= MOST_REPLIES:
        payloads[-1]["quick_replies"] = [_reply(option) for option in message.options]
    return payloads


def _reply(option: Option) -> Payload:
    """Return a quick reply; one whose title is too long shows its number, which the text explains."""
    title = f"{option.number}. {option.title}"
    if utf16(title) > REPLY_TITLE:
        title = option.title if utf16(option.title) <= REPLY_TITLE and option.number is None else str(option.number)
    return {"content_type": "text", "title": title, "payload": option.id}


def request(outgoing: Outgoing, token: str, api: str) -> Request:
    """Return the HTTP call of a part; the receipt's key comes back with the echo."""
    body = {
        "recipient": {"id": outgoing.address},
        "messaging_type": "RESPONSE",
        "message": {**outgoing.payload, "metadata": outgoing.receipt},
    }
    return Request(f"{api}/me/messages", {"Authorization": f"Bearer {token}"}, json=body)
