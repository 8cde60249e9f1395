"""WhatsApp through Meta's Cloud API: signed webhooks with batches, reply buttons, lists, or numbers.

A person may have no phone number for us: the key of a conversation is their business-scoped id where there is one, the
answer goes to the number where there is one (Meta asks for that), else to that id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.channels import meta
from bot.channels.layout import unmarked, with_numbers
from bot.channels.platform import (
    Event,
    EventKind,
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
from bot.channels.split import split, utf16

NAME = "whatsapp"
TEXT_LIMIT, LIST_BODY_LIMIT, BUTTON_BODY_LIMIT = 4096, 4096, 1024
MARKS_ROOM = 100  # what `unmarked` may add to a text
MOST_BUTTONS, BUTTON_TITLE = 3, 20
MOST_ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
NO_QUESTION = frozenset({"reaction", "system", "ephemeral", "request_welcome", "unknown"})  # nothing to answer


def whatsapp(token: str, phone_id: str, app_secret: str, verify_token: str, api: str) -> Platform:
    """Return the platform. `api`: address and version of the Graph API."""
    return Platform(
        name=NAME,
        verify=lambda raw, headers, _query: meta.verify(raw, headers, app_secret),
        parse=lambda raw, _query: parse(raw, phone_id),
        render=render,
        acknowledge=acknowledge,
        request=lambda outgoing: request(outgoing, token, phone_id, api),
        outcome=meta.outcome,
        is_numbered=is_numbered,
        most_bytes=meta.MOST_BYTES,
        has_receipts=True,
        handshake=lambda query: meta.handshake(query, verify_token),
    )


def parse(raw: bytes, phone_id: str) -> list[Event]:
    """Return the events of a batch, in order; those of other phone numbers are left out.

    Raises:
        UserInputError: `bad_request`: not JSON.
    """
    body = read_object(raw)
    if body.get("object") != "whatsapp_business_account":
        return []
    events: list[Event] = []
    for entry in objects(body, "entry"):
        for change in objects(entry, "changes"):
            value = object_at(change, "value")
            if (
                change.get("field") == "messages"
                and text_at(object_at(value, "metadata"), "phone_number_id") == phone_id
            ):
                events.extend(_messages(value))
                events.extend(_receipts(value))
    return events


def _messages(value: Payload) -> Iterator[Event]:
    contacts = objects(value, "contacts")
    for message in objects(value, "messages"):
        kind, text, choice = _content(message)
        ids = _ids(message, contacts)
        message_id = text_at(message, "id")
        if kind is None or not ids or not message_id or "group_id" in message:
            continue
        yield Event(
            platform=NAME,
            person=ids[0],
            address=ids[-1],
            message_id=message_id,
            kind=kind,
            text=text,
            choice=choice,
            sent_at=_moment(text_at(message, "timestamp")),
            ack={"message_id": message_id},
            also=tuple(ids[1:]),
        )


def _content(message: Payload) -> tuple[EventKind | None, str, str]:
    """Return kind, text and choice of a message; None for what needs no answer."""
    kind = text_at(message, "type")
    if kind == "text":
        return "text", text_at(object_at(message, "text"), "body"), ""
    if kind == "interactive":
        interactive = object_at(message, "interactive")
        reply = object_at(interactive, "button_reply") or object_at(interactive, "list_reply")
        return ("tap", "", text_at(reply, "id")) if reply else ("unsupported", "", "")
    if kind == "button":
        button = object_at(message, "button")
        return "text", text_at(button, "text"), ""
    return (None if kind in NO_QUESTION else "unsupported"), "", ""


def _ids(message: Payload, contacts: list[Payload]) -> list[str]:
    """Return the ids of who wrote: the one that lasts longest first, the one to write to last."""
    phone = text_at(message, "from")
    contact = contacts[0] if len(contacts) == 1 else _contact(message, contacts)
    ids = (
        text_at(message, "from_parent_user_id") or text_at(contact, "parent_user_id"),
        text_at(message, "from_user_id") or text_at(contact, "user_id"),
        phone or text_at(contact, "wa_id"),
    )
    return list(dict.fromkeys(filter(None, ids)))


def _contact(message: Payload, contacts: list[Payload]) -> Payload:
    phone, user = text_at(message, "from"), text_at(message, "from_user_id")
    mine = (
        one
        for one in contacts
        if (phone and text_at(one, "wa_id") == phone) or (user and text_at(one, "user_id") == user)
    )
    return next(mine, {})


def _receipts(value: Payload) -> Iterator[Event]:
    for status in objects(value, "statuses"):
        key, state = text_at(status, "biz_opaque_callback_data"), text_at(status, "status")
        if key and state in ("sent", "delivered", "read", "failed"):
            error = next(iter(objects(status, "errors")), {})
            text = "failed" if state == "failed" else "sent"
            yield Event(NAME, "", "", key, "receipt", text, choice=text_at(error, "code"))


def _moment(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 11 else None


def is_numbered(titles: Sequence[str]) -> bool:
    """Whether choices fit neither buttons nor a list and are written out with numbers."""
    return not (_fit_buttons(titles) or _fit_list(titles))


def _fit_buttons(titles: Sequence[str]) -> bool:
    return len(titles) <= MOST_BUTTONS and _are_short(titles, BUTTON_TITLE)


def _fit_list(titles: Sequence[str]) -> bool:
    return len(titles) <= MOST_ROWS and _are_short(titles, ROW_DESCRIPTION)


def _are_short(titles: Sequence[str], limit: int) -> bool:
    return len(set(titles)) == len(titles) and all(0 < utf16(title) <= limit for title in titles)


def render(messages: Sequence[Message]) -> list[Part]:
    """Return the messages as the Cloud API takes them, choices below the last part of each."""
    return [Part(payload) for message in messages for payload in _payloads(message)]


def _payloads(message: Message) -> list[Payload]:
    if not message.options or any(option.number is not None for option in message.options):
        return [_text(text) for text in with_numbers(message, TEXT_LIMIT - MARKS_ROOM)]
    is_list = not _fit_buttons([option.title for option in message.options])
    texts = split(message.text, TEXT_LIMIT - MARKS_ROOM)
    if not texts or utf16(unmarked(texts[-1])) > (LIST_BODY_LIMIT if is_list else BUTTON_BODY_LIMIT):
        texts.append(message.lead)
    interactive = _list(message, texts[-1]) if is_list else _buttons(message.options, texts[-1])
    return [*(_text(text) for text in texts[:-1]), {"type": "interactive", "interactive": interactive}]


def _text(text: str) -> Payload:
    return {"type": "text", "text": {"body": unmarked(text), "preview_url": False}}


def _buttons(options: Sequence[Option], text: str) -> Payload:
    buttons = [{"type": "reply", "reply": {"id": option.id, "title": option.title}} for option in options]
    return {"type": "button", "body": {"text": unmarked(text)}, "action": {"buttons": buttons}}


def _list(message: Message, text: str) -> Payload:
    is_long = any(utf16(option.title) > ROW_TITLE for option in message.options)
    rows = [
        {"id": option.id, "title": str(number), "description": option.title}
        if is_long
        else {"id": option.id, "title": option.title}
        for number, option in enumerate(message.options, start=1)
    ]
    action = {"button": message.menu, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": unmarked(text)}, "action": action}


def acknowledge(ack: Payload) -> list[Part]:
    """Return the call that marks a message as read."""
    if not ack.get("message_id"):
        return []
    return [Part({"status": "read", "message_id": ack["message_id"]}, is_aside=True)]


def request(outgoing: Outgoing, token: str, phone_id: str, api: str) -> Request:
    """Return the HTTP call of a part; the receipt's key comes back with the statuses."""
    body: Payload = {"messaging_product": "whatsapp", **outgoing.payload}
    if "status" not in body:
        to = "to" if outgoing.address.lstrip("+").isdigit() else "recipient"
        body |= {
            "recipient_type": "individual",
            to: outgoing.address,
            "biz_opaque_callback_data": outgoing.receipt,
        }
    return Request(f"{api}/{phone_id}/messages", {"Authorization": f"Bearer {token}"}, json=body)
