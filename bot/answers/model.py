"""What an answer is: first as written (`TopicText`), then as said to one person (`Answer`).

An `Answer` knows no channel: it is a list of blocks, each with the person's language and the English.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

Urgency = Literal["crisis", "urgent", ""]
Nation = Literal["england", "uk"]

# In the order people read them. `lines` of a block are its items; one for a plain paragraph.
BlockKind = Literal[
    "danger", "note", "verdict", "waste", "summary", "local", "urgent", "steps", "why", "open", "change", "review",
    "contacts", "services", "desk", "text", "nations", "sources",
]  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a fact comes from."""

    title: str
    url: str


@dataclass(frozen=True)
class TopicText:
    """The English source text of one topic, as in `data/answers/<theme>.yml`."""

    topic: str
    theme: str
    urgency: Urgency
    title: str
    button: str
    summary: tuple[str, ...]
    urgent: tuple[str, ...]
    steps: tuple[str, ...]
    contacts: tuple[str, ...]
    local: tuple[str, ...]
    desk: str
    sms: str
    related: tuple[str, ...]
    nation: Nation
    sources: tuple[Source, ...]
    checked: dt.date
    review_by: dt.date
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One sentence or item in the person's language, with its English; `mark` is the verdict it tells."""

    text: str
    english: str
    mark: str = ""


@dataclass(frozen=True)
class ContactCard:
    """A service to turn to. `phone` is only ever a confirmed number; `tel` is what is dialled."""

    id: str
    name: Line
    description: Line
    phone: str = ""
    tel: str = ""
    url: str = ""
    text_service: str = ""
    day_and_night: bool = False
    nation: str = ""
    checked: str = ""
    page: str = ""  # of ours, after the language: services/<id>
    details: tuple[Line, ...] = ()  # distance, hours, languages, why it is shown


@dataclass(frozen=True)
class Block:
    """A part of an answer."""

    kind: BlockKind
    heading: Line | None = None
    lines: tuple[Line, ...] = ()
    contacts: tuple[ContactCard, ...] = ()
    sources: tuple[Source, ...] = ()
    checked: str = ""
    picture: str = ""  # of a container for waste
    colour: str = ""


@dataclass(frozen=True)
class Choice:
    """A button. `payload` stays on the server; the client sees an opaque id and the title."""

    title: Line
    payload: str


@dataclass(frozen=True)
class Answer:
    """What is said in one message: blocks and choices in the person's language."""

    language: str
    direction: str
    topic: str = ""
    urgency: Urgency = ""
    title: Line | None = None
    blocks: tuple[Block, ...] = ()
    choices: tuple[Choice, ...] = ()
    short: Line | None = None  # for SMS and "in short"
    meta: dict[str, Any] = field(default_factory=dict)
