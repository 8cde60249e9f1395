"""Text messages, and WhatsApp, through Twilio: signed form posts in, REST calls out.

A text message says an answer in short; the whole of it comes piece by piece for whoever asks for more, since each
piece costs. WhatsApp through Twilio has no buttons without templates made beforehand: choices are numbers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, quote

from bot.channels.layout import numbered, unmarked, with_numbers, without_isolates
from bot.channels.platform import (
    Event,
    EventKind,
    Headers,
    Message,
    Outcome,
    Outgoing,
    Part,
    Platform,
    Request,
    maybe_object,
    read_outcome,
    same,
    text_at,
)
from bot.channels.split import first_part
from bot.core.errors import UserInputError
from bot.i18n.sms import GSM, GSM_DOUBLE, segments

SMS, WHATSAPP = "sms", "whatsapp_twilio"
SIGNATURE_HEADER = "X-Twilio-Signature"
WHATSAPP_PREFIX = "whatsapp:"
MOST_BYTES = 64 * 1024
MOST_FIELDS = 200
WHATSAPP_LIMIT, MARKS_ROOM = 1600, 100
FIRST_SEGMENTS, NEXT_SEGMENTS = 3, 4  # of the first part with the word for more, and of each part after it
MENU_SEGMENTS = 12  # of a question with its choices, which must not be torn
RECEIPT = "receipt"  # parameter of the status address
OPTED_OUT = "21610"
TRY_LATER = frozenset({"20429", "20500", "20503", "30001", "63018"})
# Signs that would make a whole message cost twice as much, and what is said instead.
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-",
                       "\u2026": "...", "\u2022": "-", "\u00a0": " ", "\u2060": ""})  # fmt: skip


def twilio(name: str, account: str, token: str, sender: str, public_url: str, api: str) -> Platform:
    """Return a platform of an account: `sms` or `whatsapp_twilio`. `public_url`: ours, as Twilio sees it."""
    address = f"{public_url.rstrip('/')}/channels/{name}"
    return Platform(
        name=name,
        verify=lambda raw, headers, query: verify(raw, headers, f"{address}?{query}" if query else address, token),
        parse=lambda raw, query: parse(raw, query, name, account),
        render=render_sms if name == SMS else render_whatsapp,
        acknowledge=lambda _ack: [],
        request=lambda outgoing: request(outgoing, name, account, token, sender, address, api),
        outcome=outcome,
        is_numbered=bool,
        most_bytes=MOST_BYTES,
        has_receipts=True,
    )


def verify(raw: bytes, headers: Headers, url: str, token: str) -> bool:
    """Whether a form is signed with the account's token for this exact address."""
    try:
        fields = _fields(raw)
    except UserInputError:
        return False
    return same(headers.get(SIGNATURE_HEADER, ""), signature(url, fields, token))


def signature(url: str, fields: Sequence[tuple[str, str]], token: str) -> str:
    """Return Twilio's signature: the address, then every field and value in the order of their names."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _fields(raw: bytes) -> list[tuple[str, str]]:
    try:
        text = raw.decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UserInputError("bad_request") from None


def parse(raw: bytes, query: str, name: str, account: str) -> list[Event]:
    """Return the event of a form: a message, or a status of one of ours.

    Raises:
        UserInputError: `bad_request`: not a form.
    """
    form = dict(_fields(raw))
    if form.get("AccountSid", account) != account:
        return []
    if "MessageStatus" in form:
        return _receipts(form, dict(parse_qsl(query)).get(RECEIPT, ""), name)
    person = form.get("From", "")
    if not person or person.startswith(WHATSAPP_PREFIX) != (name == WHATSAPP):
        return []
    kind, text = _content(form)
    if kind is None:
        return []
    return [Event(name, person, person, form.get("MessageSid", ""), kind, text)]


def _content(form: Mapping[str, str]) -> tuple[EventKind | None, str]:
    """Return kind and text; None for what Twilio has answered itself."""
    asked_out = form.get("OptOutType", "").upper()
    if asked_out == "HELP":
        return None, ""
    if asked_out == "STOP":
        return "stop", ""
    text = form.get("Body", "").strip()
    return ("text", text) if text else ("unsupported", "")


def _receipts(form: Mapping[str, str], key: str, name: str) -> list[Event]:
    if not key:
        return []
    text = "failed" if form["MessageStatus"] in ("failed", "undelivered", "canceled") else "sent"
    return [Event(name, "", "", key, "receipt", text, choice=form.get("ErrorCode", ""))]


def render_sms(messages: Sequence[Message]) -> list[Part]:
    """Return text messages: the short form and how to get the rest, or a question with its numbers."""
    return [part for message in messages for part in _texts(message)]


def _texts(message: Message) -> Iterator[Part]:
    menu = numbered(message)
    whole = cheap("\n\n".join(filter(None, (message.text, menu))))
    if message.short:
        yield _sms(f"{cheap(message.short)}\n{cheap(message.more)}")
        yield from _rest(whole, message.more)
        return
    if segments(whole) <= (MENU_SEGMENTS if menu else NEXT_SEGMENTS):
        if whole:
            yield _sms(whole)
        return
    head, rest = first_part(whole, FIRST_SEGMENTS, lambda text: segments(f"{text}\n{cheap(message.more)}"))
    yield _sms(f"{head}\n{cheap(message.more)}")
    yield from _rest(rest, message.more)


def _rest(text: str, more: str) -> Iterator[Part]:
    """Yield what is kept until it is asked for, each piece but the last with the word for more."""
    more = cheap(more)
    while segments(text) > NEXT_SEGMENTS:
        head, text = first_part(text, NEXT_SEGMENTS, lambda piece: segments(f"{piece}\n{more}"))
        yield _sms(f"{head}\n{more}", is_held=True)
    if text:
        yield _sms(text, is_held=True)


def _sms(text: str, *, is_held: bool = False) -> Part:
    return Part({"Body": text}, is_held=is_held)


def cheap(text: str) -> str:
    """Return a text as a text message: without direction marks, with plain signs where that saves money."""
    text = without_isolates(text)
    plain = text.translate(PLAIN)
    return plain if all(char in GSM or char in GSM_DOUBLE for char in plain) else text


def render_whatsapp(messages: Sequence[Message]) -> list[Part]:
    """Return WhatsApp messages with numbered choices."""
    return [
        Part({"Body": unmarked(text)})
        for message in messages
        for text in with_numbers(message, WHATSAPP_LIMIT - MARKS_ROOM)
    ]


def request(outgoing: Outgoing, name: str, account: str, token: str, sender: str, address: str, api: str) -> Request:
    """Return the HTTP call of a part; Twilio reports to our address with the receipt's key."""
    if name == WHATSAPP:
        source = {"From": f"{WHATSAPP_PREFIX}{sender.removeprefix(WHATSAPP_PREFIX)}"}
    else:
        source = {"MessagingServiceSid": sender} if sender.startswith("MG") else {"From": sender}
    form = {
        "To": outgoing.address,
        **source,
        "Body": str(outgoing.payload["Body"]),
        "StatusCallback": f"{address}?{RECEIPT}={quote(outgoing.receipt)}",
    }
    login = base64.b64encode(f"{account}:{token}".encode()).decode()
    url = f"{api}/2010-04-01/Accounts/{quote(account)}/Messages.json"
    return Request(url, {"Authorization": f"Basic {login}"}, form=form)


def outcome(status: int, headers: Headers, body: bytes) -> Outcome:
    """Return how a send ended, by Twilio's error code."""
    code = text_at(maybe_object(body), "code")
    if code == OPTED_OUT:
        return Outcome("blocked", code)
    if code in TRY_LATER:
        return read_outcome(503, headers, code)
    return read_outcome(status, headers, code if status >= 400 else "")
