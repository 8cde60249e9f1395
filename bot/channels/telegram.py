"""Telegram Bot API: webhook secret, updates, messages with inline keyboards. Private chats only.

Text goes out without parse mode, so nothing in it can turn into formatting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.layout import with_numbers
from bot.channels.platform import (
    Event,
    Headers,
    Message,
    Option,
    Outcome,
    Outgoing,
    Part,
    Payload,
    Platform,
    Request,
    maybe_object,
    object_at,
    objects,
    read_object,
    read_outcome,
    same,
    seconds,
    text_at,
)
from bot.channels.split import split, utf16

NAME = "telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 — the name of a header
MOST_BYTES = 256 * 1024
TEXT_LIMIT = 4096
DATA_BYTES = 64
ROW_WIDTH = 18  # UTF-16 units of a title of which two fit side by side
TITLE_LIMIT = 60  # longer ones are written out with numbers
CHOSEN = "\u2713 "
UPDATES = ["message", "callback_query", "my_chat_member"]


def telegram(token: str, secret: str, api: str) -> Platform:
    """Return the platform. `api`: address of the Bot API."""
    return Platform(
        name=NAME,
        verify=lambda _raw, headers, _query: verify(headers, secret),
        parse=lambda raw, _query: parse(raw),
        render=render,
        acknowledge=acknowledge,
        request=lambda outgoing: request(outgoing, token, api),
        outcome=outcome,
        is_numbered=is_numbered,
        most_bytes=MOST_BYTES,
        has_receipts=False,
    )


def verify(headers: Headers, secret: str) -> bool:
    """Whether a request carries the secret that was given to `setWebhook`."""
    return same(headers.get(SECRET_HEADER, ""), secret)


def parse(raw: bytes) -> list[Event]:
    """Return the event of an update: one or none.

    Raises:
        UserInputError: `bad_request`: not JSON.
    """
    update = read_object(raw)
    update_id = text_at(update, "update_id")
    if not update_id:
        return []
    for name, read in (("message", _message), ("callback_query", _tap), ("my_chat_member", _member)):
        if isinstance(update.get(name), dict):
            event = read(update[name], update_id)
            return [event] if event else []
    return []


def _message(message: Payload, update_id: str) -> Event | None:
    sender, chat = object_at(message, "from"), object_at(message, "chat")
    address = _private(chat)
    if not address or sender.get("is_bot") is True:
        return None
    text = text_at(message, "text")
    return Event(
        platform=NAME,
        person=address,
        address=address,
        message_id=update_id,
        kind="text" if text else "unsupported",
        text=text,
        language_hint=text_at(sender, "language_code"),
        sent_at=_moment(message),
    )


def _tap(query: Payload, update_id: str) -> Event | None:
    sender, message = object_at(query, "from"), object_at(query, "message")
    chat = object_at(message, "chat")
    address = _private(chat) if chat else text_at(sender, "id")  # the message may be gone; the person is the chat
    if not address:
        return None
    choice, ack = text_at(query, "data"), dict[str, Any](query=text_at(query, "id"))
    keyboard = _marked(object_at(message, "reply_markup"), choice)
    if keyboard:
        ack |= {"message": text_at(message, "message_id"), "keyboard": keyboard}
    return Event(
        platform=NAME,
        person=address,
        address=address,
        message_id=update_id,
        kind="tap",
        choice=choice,
        language_hint=text_at(sender, "language_code"),
        ack=ack,
    )


def _member(change: Payload, update_id: str) -> Event | None:
    address = _private(object_at(change, "chat"))
    status = text_at(object_at(change, "new_chat_member"), "status")
    if not address or status not in ("kicked", "member"):
        return None
    kind: Any = "stop" if status == "kicked" else "start"
    return Event(NAME, address, address, update_id, kind, sent_at=_moment(change))


def _private(chat: Payload) -> str:
    return text_at(chat, "id") if chat.get("type") == "private" else ""


def _moment(message: Payload) -> float | None:
    date = message.get("date")
    return float(date) if type(date) is int and date > 0 else None


def _marked(markup: Payload, choice: str) -> list[list[Payload]]:
    """Return a keyboard with the pressed button marked; empty when it is not ours."""
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not choice:
        return []
    keyboard = [
        [
            {"text": _mark(text_at(button, "text"), text_at(button, "callback_data") == choice),
             "callback_data": text_at(button, "callback_data")}
            for button in objects({"row": row}, "row")
        ]
        for row in rows
    ]  # fmt: skip
    return keyboard if any(button["text"].startswith(CHOSEN) for row in keyboard for button in row) else []


def _mark(title: str, is_chosen: bool) -> str:
    plain = title.removeprefix(CHOSEN)
    return CHOSEN + plain if is_chosen else plain


def is_numbered(titles: Sequence[str]) -> bool:
    """Whether choices are written out with numbers: where a button could not show them whole."""
    return any(utf16(title) > TITLE_LIMIT for title in titles)


def render(messages: Sequence[Message]) -> list[Part]:
    """Return the calls that say some messages, the keyboard below the last part of its message."""
    return [Part(payload) for message in messages for payload in _payloads(message)]


def _payloads(message: Message) -> list[Payload]:
    is_written = any(option.number is not None for option in message.options)
    texts = with_numbers(message, TEXT_LIMIT) if is_written else split(message.text, TEXT_LIMIT)
    payloads: list[Payload] = [
        {"method": "sendMessage", "text": text, "link_preview_options": {"is_disabled": True}} for text in texts
    ]
    if message.options and payloads:
        payloads[-1]["reply_markup"] = {"inline_keyboard": _keyboard(message.options)}
    return payloads


def _keyboard(options: Sequence[Option]) -> list[list[Payload]]:
    rows: list[list[Payload]] = []
    is_open = False  # the last row takes one more
    for option in options:
        is_long = utf16(option.title) > TITLE_LIMIT
        number = "" if option.number is None else f"{option.number}. "
        title = number.rstrip(". ") if is_long else f"{number}{option.title}"
        button = {"text": title, "callback_data": option.id}
        is_narrow = utf16(title) <= ROW_WIDTH
        if is_open and is_narrow:
            rows[-1].append(button)
            is_open = False
        else:
            rows.append([button])
            is_open = is_narrow
    return rows


def acknowledge(ack: Payload) -> list[Part]:
    """Return the calls that end the spinner of a pressed button and mark it."""
    if not ack.get("query"):
        return []
    parts = [Part({"method": "answerCallbackQuery", "callback_query_id": ack["query"]}, is_aside=True)]
    if ack.get("keyboard"):
        markup = {"inline_keyboard": ack["keyboard"]}
        edit = {"method": "editMessageReplyMarkup", "message_id": ack["message"], "reply_markup": markup}
        parts.append(Part(edit, is_aside=True))
    return parts


def request(outgoing: Outgoing, token: str, api: str) -> Request:
    """Return the HTTP call of a part."""
    body = dict(outgoing.payload)
    method = body.pop("method")
    if method != "answerCallbackQuery":
        body["chat_id"] = outgoing.address
    return Request(f"{api}/bot{token}/{method}", json=body)


def outcome(status: int, headers: Headers, body: bytes) -> Outcome:
    """Return how a send ended; 403 means that the person blocked the bot or is gone."""
    if status == 429:
        wait = seconds(text_at(object_at(maybe_object(body), "parameters"), "retry_after"))
        return Outcome("again", "429", wait or seconds(headers.get("Retry-After", "")))
    if status == 403:
        return Outcome("blocked", "403")
    return read_outcome(status, headers)
