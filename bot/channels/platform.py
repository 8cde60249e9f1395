"""What messaging platforms have in common: events that come in, messages that go out, and how a send ended.

A platform's own module holds pure functions only; `Platform` is what the shared path (webhook, worker, sender) sees of
it. Platform ids (a phone number, a chat id) live in `Event.address` and go no further than the deliveries.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.errors import UserInputError

EventKind = Literal["text", "tap", "unsupported", "stop", "start", "receipt", "limited"]
Payload = dict[str, Any]
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Event:
    """One thing that happened on a platform.

    `person`: the id a conversation is kept under; `address`: where an answer goes; `also`: other ids of the person.
    `ack`: what the platform needs to mark the message as seen. A `receipt` says what became of our own message
    `message_id`: its `text` is `sent` or `failed`.
    """

    platform: str
    person: str
    address: str
    message_id: str
    kind: EventKind
    text: str = ""
    choice: str = ""
    language_hint: str = ""
    sent_at: float | None = None  # seconds since 1970; None where the platform does not say
    ack: Payload = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """A choice as it is shown. `number` is what may be typed for it, None where no number is shown."""

    id: str
    title: str
    number: int | None = None


@dataclass(frozen=True)
class Message:
    """One answer as text, ready for a platform to lay out.

    `short`: the form for text messages; `lead`: said before choices that stand alone; `number_lead`: before numbered
    ones; `menu`: what opens a list; `more`: how to ask for the rest.
    """

    text: str
    options: tuple[Option, ...] = ()
    short: str = ""
    lead: str = ""
    number_lead: str = ""
    menu: str = ""
    more: str = ""
    direction: str = "ltr"


@dataclass(frozen=True)
class Part:
    """One call to a platform. `is_held`: kept until the person asks for more; `is_aside`: no answer, never repeated."""

    payload: Payload
    is_held: bool = False
    is_aside: bool = False


@dataclass(frozen=True)
class Outgoing:
    """A part on its way: to whom, and the key under which a receipt names it."""

    address: str
    payload: Payload
    receipt: str


@dataclass(frozen=True)
class Request:
    """An HTTP call. `form` where the platform takes no JSON."""

    url: str
    headers: Headers = field(default_factory=dict, repr=False)
    json: Payload | None = None
    form: Mapping[str, str] | None = None


OutcomeKind = Literal["sent", "again", "unknown", "failed", "blocked"]


@dataclass(frozen=True)
class Outcome:
    """How a send ended.

    `again`: it was not taken, try after `wait` seconds; `unknown`: nobody answered, it may have been taken; `failed`:
    it never will be; `blocked`: nothing can be sent to this person. `code` is the platform's, for the log.
    """

    kind: OutcomeKind
    code: str = ""
    wait: float = 0.0


@dataclass(frozen=True)
class Platform:
    """A messaging platform with its settings filled in.

    `verify` gets body, headers and query string; `parse` body and query string. `handshake(query)` returns what to
    answer to a GET, or None to refuse.
    `is_numbered(titles)`: choices are shown with numbers to type. `has_receipts`: it tells what became of a message.
    """

    name: str
    verify: Callable[[bytes, Headers, str], bool]
    parse: Callable[[bytes, str], list[Event]]
    render: Callable[[Sequence[Message]], list[Part]]
    acknowledge: Callable[[Payload], list[Part]]
    request: Callable[[Outgoing], Request]
    outcome: Callable[[int, Headers, bytes], Outcome]
    is_numbered: Callable[[Sequence[str]], bool]
    most_bytes: int
    has_receipts: bool
    handshake: Callable[[Mapping[str, str]], str | None] | None = None


def same(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in constant time; an empty one equals nothing."""
    return bool(expected) and hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass")
    )


def hmac_sha256(secret: str, raw: bytes) -> str:
    """Return the keyed digest in hex."""
    return hmac.new(secret.encode("utf-8"), raw, hashlib.sha256).hexdigest()


def read_object(raw: bytes) -> Payload:
    """Return the JSON object of a body.

    Raises:
        UserInputError: `bad_request`: truncated, nested too deep, or no object.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise UserInputError("bad_request") from None
    if not isinstance(body, dict):
        raise UserInputError("bad_request")
    return body


def maybe_object(raw: bytes) -> Payload:
    """Return the JSON object of an answer, or an empty one where it is no JSON."""
    try:
        return read_object(raw)
    except UserInputError:
        return {}


def objects(value: Any, name: str) -> list[Payload]:
    """Return the objects in the list `value[name]`; what has another form is left out."""
    found = value.get(name) if isinstance(value, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def object_at(value: Any, name: str) -> Payload:
    """Return the object `value[name]`, or an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def text_at(value: Any, name: str) -> str:
    """Return the text or number `value[name]` as text, or nothing."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else str(found) if type(found) is int else ""


def seconds(text: str) -> float:
    """Return a header's or a field's number of seconds; 0 where it is none or absurd."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0.0


def read_outcome(status: int, headers: Headers, code: str = "") -> Outcome:
    """Return what a status means where the platform has no words of its own for it."""
    if 200 <= status < 300:
        return Outcome("sent")
    if status in (408, 425, 429) or status >= 500:
        return Outcome("again", code or str(status), seconds(headers.get("Retry-After", "").strip()))
    return Outcome("failed", code or str(status))
