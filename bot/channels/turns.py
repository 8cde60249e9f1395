"""A turn of any channel: look before it, answer, store after it. Nothing here knows how a message came or goes.

A turn reads in one transaction and writes in one: the inbox row, the answers, the buttons, the conversation and the
counts are all there or none is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from bot.answers.choices import LANGUAGE_PAYLOAD
from bot.answers.model import Choice
from bot.answers.render import render_json
from bot.assistant import Assistant, Reply
from bot.channels import inbox, outbox
from bot.channels.erasure import erase_conversation
from bot.channels.outbox import Body
from bot.channels.pauses import Pauses
from bot.channels.sessions import Session, update_session
from bot.core.ids import new_choice_id
from bot.core.text import mask
from bot.i18n.locales import find_locale
from bot.insight.counts import count
from bot.trackers import read_state, write_state

TYPED_CHOICE = 80  # characters of a text that may be the number or title of a button


@dataclass(frozen=True)
class Opened:
    """What one look into the database tells before a turn."""

    session: Session
    stored: list[Body]  # answers that were given to this message before
    state: str | None
    button: outbox.Button | None


@dataclass(frozen=True)
class Written:
    """Answers as they are stored, and what their buttons mean."""

    bodies: list[Body]
    buttons: dict[str, outbox.Button]


def look(connection: Connection, session: Session, message_id: str, *, text: str = "", choice: str = "") -> Opened:
    """Return what is known before a message is answered; a typed number or title is the button it names."""
    conversation = session.conversation_id
    stored = outbox.answers_to(connection, conversation, message_id)
    if text and len(text) <= TYPED_CHOICE:
        choice = outbox.find_typed_choice(connection, conversation, text.strip()) or ""
    button = outbox.find_choice(connection, conversation, choice) if choice else None
    return Opened(session, stored, read_state(connection, conversation), button)


async def answer(assistant: Assistant, opened: Opened, text: str, language: str | None, slots: dict[str, str]) -> Reply:
    """Return the assistant's reply to a button or a cleaned text. `language`: chosen with this message.

    Raises:
        UserInputError: `unknown_choice`.
    """
    session = opened.session
    spoken = language or session.language
    if opened.button is not None:
        return await assistant.answer_choice(
            session.conversation_id, opened.state, opened.button.payload, language=spoken, slots=slots
        )
    return await assistant.answer_text(
        session.conversation_id,
        opened.state,
        text,
        language=spoken,
        language_hint=session.language_hint,
        slots=slots,
    )


def chosen_language(opened: Opened, language: str | None) -> str | None:
    """Return the language that a person chose with this message: by a button, or as `language`; None for none."""
    payload = opened.button.payload if opened.button else ""
    chosen = find_locale(payload.removeprefix(LANGUAGE_PAYLOAD)) if payload.startswith(LANGUAGE_PAYLOAD) else None
    return chosen.tag if chosen else language


def pause(pauses: Pauses, opened: Opened, language: str | None) -> Reply:
    """Return the reply of a channel that has a pause: nothing is understood, the conversation stays as it is."""
    spoken = chosen_language(opened, language) or opened.session.spoken
    return Reply(spoken, "", 1.0, (pauses.notice(spoken),), None)


def asked(opened: Opened, text: str) -> str:
    """Return what the person said, as their history shows it."""
    return opened.button.title if opened.button else mask(text)


def write(reply: Reply, message_id: str, said: str) -> Written:
    """Return a reply as it is stored, each button with an opaque id."""
    buttons: dict[str, outbox.Button] = {}

    def choice_id(choice: Choice) -> str:
        key = new_choice_id()
        buttons[key] = outbox.Button(choice.payload, choice.title.text)
        return key

    turn = {
        "understood": {"topic": reply.topic, "confidence": round(reply.confidence, 4)},
        "asked": said,
        "client_msg_id": message_id,
    }
    return Written([{**render_json(one, choice_id), **turn} for one in reply.answers], buttons)


def store(
    connection: Connection,
    session: Session,
    message_id: str,
    text: str,
    reply: Reply,
    written: Written,
    *,
    channel: str,
    language: str | None,
    area: str | None = None,
) -> list[Body]:
    """Store a turn and return its answers with their numbers; those of the first time when it was stored before.

    Raises:
        UserInputError: `unknown_session`: it was erased while the answer was made. Nothing may be stored then.
    """
    conversation = session.conversation_id
    if reply.erase:
        erase_conversation(connection, conversation, keep_session=True)
    elif not inbox.accept(connection, conversation, message_id, mask(text)):
        return outbox.answers_to(connection, conversation, message_id)
    numbered = outbox.put(connection, conversation, message_id, written.bodies, last=session.answers)
    outbox.put_choices(connection, conversation, written.buttons)
    if reply.state is not None and not reply.erase:
        write_state(connection, conversation, reply.state)
    area = area or session.area_code
    answers = session.answers + len(numbered)
    update_session(connection, session, language=language, area_code=area, answers=answers)
    if reply.topic:
        kind = "asked" if reply.is_understood else "not_understood"
        count(connection, kind, topic=reply.topic, language=reply.language, area_code=area, channel=channel)
    return numbered


def as_turn(bodies: list[Body]) -> dict[str, Any]:
    """Return stored answers as the API gives a turn."""
    first: Body = bodies[0] if bodies else {"language": "", "understood": {"topic": "", "confidence": 0.0}}
    return {"language": first["language"], **first["understood"], "messages": bodies}
