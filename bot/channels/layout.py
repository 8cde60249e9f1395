"""From an `Answer` to a `Message`: text, choices and the sentences around them, the same for every platform."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.answers.model import Answer
from bot.answers.render import render_text
from bot.channels.platform import Message, Option
from bot.channels.split import split, utf16
from bot.i18n.speech import ISOLATE, POP_ISOLATE, Speech

MARKED_NUMBER = re.compile("\u2066[0-9 ]+\u2069")  # as bot/i18n/speech.py marks it
ISOLATES = re.compile("[\u2066-\u2069\u200e\u200f]")
# Numbers in groups and addresses fall apart in right-to-left text unless they are isolated.
LEFT_TO_RIGHT = re.compile(r"https?://\S+|\+?\d+(?:[ \u00a0-]\d+)+")
# What chat apps would read as bold, slanted or struck out; an address is passed over.
MARKS = re.compile(r"https?://\S+|(?<!\w)([*_~`])(?=\S)")
WORD_JOINER = "\u2060"


def message_for(answer: Answer, options: Sequence[Option], *, number_lead: str = "") -> Message:
    """Return an answer as a message with its choices. `number_lead`: the sentence before numbered ones."""
    speech = Speech(answer.language)
    text = render_text(answer)
    if answer.title and answer.blocks:
        text = f"{answer.title.text}\n\n{text}"
    return Message(
        text=isolated(text) if answer.direction == "rtl" else text,
        options=tuple(options),
        short=answer.short.text if answer.short else "",
        lead=speech.ui("answer.choose").text,
        number_lead=number_lead or speech.ui("channel.choose_number").text,
        menu=speech.ui("chat.menu").text,
        more=speech.ui("channel.more").text,
        direction=answer.direction,
    )


def options_of(choices: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    """Return stored choices (`id`, `title`, `number`?) as options."""
    return tuple(Option(choice["id"], choice["title"], choice.get("number")) for choice in choices)


def numbered(message: Message) -> str:
    """Return the numbered choices of a message, one a line, below the sentence that asks for a number."""
    lines = [f"{option.number}. {option.title}" for option in message.options if option.number is not None]
    return "\n".join([message.number_lead, *lines]) if lines else ""


def with_numbers(message: Message, limit: int) -> list[str]:
    """Return the text with its numbered choices below, in parts; the choices stay together where they fit."""
    menu = numbered(message)
    parts = split(message.text, limit)
    if menu and parts and utf16(parts[-1]) + utf16(menu) + 2 <= limit:
        return [*parts[:-1], f"{parts[-1]}\n\n{menu}"]
    return [*parts, *split(menu, limit)]


def isolated(text: str) -> str:
    """Return right-to-left text whose numbers and addresses keep their order."""
    pieces = re.split(f"({ISOLATE}[^{POP_ISOLATE}]*{POP_ISOLATE})", text)
    return "".join(
        piece if piece.startswith(ISOLATE) else LEFT_TO_RIGHT.sub(rf"{ISOLATE}\g<0>{POP_ISOLATE}", piece)
        for piece in pieces
    )


def without_isolates(text: str) -> str:
    """Return a text for phones that show direction marks as boxes.

    A number inside right-to-left words loses its spaces too: without marks its groups would be shown in reverse order.

    >>> without_isolates("\u0627\u062a\u0635\u0644 \u20660808 800 4444\u2069")
    '\u0627\u062a\u0635\u0644 08088004444'
    """
    return ISOLATES.sub("", MARKED_NUMBER.sub(lambda match: match[0].replace(" ", ""), text))


def unmarked(text: str) -> str:
    """Return a text in which no star, underscore, tilde or backtick turns into formatting; addresses stay as they are.

    >>> unmarked("*bold* https://a.org/?_b_") == "*\\u2060bold* https://a.org/?_b_"
    True
    """
    return MARKS.sub(lambda match: match[0] + WORD_JOINER if match[1] else match[0], text)
