"""The web channel: one message in, numbered answers out, exactly once, whatever is retried or killed.

A retry with the same message id gets the stored answers (see turns.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from bot.answers.blocks import speech_for
from bot.answers.choices import topic_choice
from bot.answers.load import is_topic
from bot.assistant import Assistant, Reply
from bot.channels import outbox, turns
from bot.channels.erasure import Receipt, erase_conversation
from bot.channels.feedback import record_feedback
from bot.channels.locks import Locks
from bot.channels.pauses import Pauses
from bot.channels.sessions import Session, get_session, open_session
from bot.core.database import Database
from bot.core.errors import UserInputError
from bot.core.text import clean
from bot.i18n.locales import find_locale
from bot.insight.counts import count

CHANNEL = "web"
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")  # of a message, of a button
AREA = re.compile(r"[A-Z][0-9]{8}")  # a GSS code


@dataclass(frozen=True)
class Incoming:
    """A message as the client sent it, checked for form only."""

    message_id: str
    text: str = ""
    choice: str = ""
    topic: str = ""  # a start topic: buttons of the first screen exist before the session does
    language: str | None = None
    area: str | None = None


class WebChannel:
    """Conversations of the web widget, the pages and the command line."""

    def __init__(
        self, database: Database, assistant: Assistant, *, secret: str, text_limit: int, pauses: Pauses, locks: Locks
    ) -> None:
        self._database, self._assistant, self._secret, self._text_limit = database, assistant, secret, text_limit
        self._pauses, self._locks = pauses, locks

    async def open(self, *, language: str | None = None, language_hint: str | None = None) -> str:
        """Return the token of a new session.

        Raises:
            UserInputError: `unknown_language`.
        """
        chosen = _known_language(language)
        return await self._database.run(
            lambda connection: open_session(connection, self._secret, language=chosen, language_hint=language_hint)
        )

    async def session(self, token: str) -> Session:
        """Return the session of a token.

        Raises:
            UserInputError: `unknown_session`.
        """
        return await self._database.run(lambda connection: get_session(connection, token))

    async def post(self, token: str, incoming: Incoming, *, status: str | None = None) -> dict[str, Any]:
        """Answer one message and return the turn as the API gives it. `status`: a known immigration status.

        Raises:
            UserInputError: `unknown_session`, `unknown_choice`, `unknown_language`, `empty`, `too_long`, `bad_request`.
            SourceUnavailable: the database or the lock; nothing was stored, and it may be sent again.
        """
        if not MESSAGE_ID.fullmatch(incoming.message_id):
            raise UserInputError("bad_request", detail="client_msg_id")
        if incoming.area and not AREA.fullmatch(incoming.area):
            raise UserInputError("bad_request", detail="area")
        async with self._locks.hold(token) as held:
            opened = await self._database.run(lambda connection: _look(connection, token, incoming))
            with _speaking(opened.session):
                if opened.stored:
                    return turns.as_turn(opened.stored)
                text = self._checked(incoming)
                language = _known_language(incoming.language)
                if incoming.choice and opened.button is None:
                    raise UserInputError("unknown_choice")
                if CHANNEL in self._pauses:
                    return await self._pause(opened, incoming, text, language)  # no thinking: no time to lose the lock
                facts = {"area_code": incoming.area or opened.session.area_code, "status": status}
                slots = {name: fact for name, fact in facts.items() if fact}
                reply = await turns.answer(self._assistant, opened, text, language, slots)
            await held.check()
            return await self._database.run(
                lambda connection: self._store(connection, opened, incoming, text, reply, reply.language)
            )

    async def history(self, token: str, after: int = 0) -> list[dict[str, Any]]:
        """Return the answers numbered above `after`, each with the (masked) words it answers.

        Raises:
            UserInputError: `unknown_session`.
        """

        def read(connection: Connection) -> list[dict[str, Any]]:
            session = get_session(connection, token)
            return outbox.answers_after(connection, session.conversation_id, after)

        return await self._database.run(read)

    async def erase(self, token: str) -> Receipt:
        """Delete everything of the session, the session too.

        Raises:
            UserInputError: `unknown_session`.
        """
        return await self._database.run(
            lambda connection: erase_conversation(connection, get_session(connection, token).conversation_id)
        )

    async def vote(self, token: str, number: int, *, helpful: bool) -> None:
        """Remember whether answer `number` helped.

        Raises:
            UserInputError: `unknown_session`, `not_found`.
        """

        def write(connection: Connection) -> None:
            session = get_session(connection, token)
            found = outbox.answers_after(connection, session.conversation_id, number - 1)[:1]
            if not found or found[0]["number"] != number:
                raise UserInputError("not_found", status=404)
            topic, language = found[0]["understood"]["topic"], found[0]["language"]
            record_feedback(
                self._database,
                connection,
                session.conversation_id,
                number,
                topic=topic,
                language=language,
                helpful=helpful,
            )
            kind = "helpful" if helpful else "unhelpful"
            count(
                connection,
                kind,
                topic=topic,
                language=language,
                area_code=session.area_code,
                channel=CHANNEL,
            )

        await self._database.run(write)

    async def close(self) -> None:
        """Close what the locks hold open."""
        await self._locks.close()

    def _checked(self, incoming: Incoming) -> str:
        given = [part for part in (incoming.text, incoming.choice, incoming.topic) if part]
        if len(given) != 1:
            raise UserInputError("bad_request" if given else "empty")
        if not incoming.text:
            return ""
        if len(incoming.text) > self._text_limit * 4:  # before any work: decomposed text may be longer than it looks
            raise UserInputError("too_long")
        text = clean(incoming.text)
        if not text:
            raise UserInputError("empty")
        if len(text) > self._text_limit:
            raise UserInputError("too_long")
        return text

    async def _pause(self, opened: turns.Opened, incoming: Incoming, text: str, language: str | None) -> dict[str, Any]:
        reply = turns.pause(self._pauses, opened, language)
        kept = turns.chosen_language(opened, language) or opened.session.language
        return await self._database.run(lambda connection: self._store(connection, opened, incoming, text, reply, kept))

    def _store(
        self,
        connection: Connection,
        opened: turns.Opened,
        incoming: Incoming,
        text: str,
        reply: Reply,
        language: str | None,
    ) -> dict[str, Any]:
        written = turns.write(reply, incoming.message_id, turns.asked(opened, text))
        bodies = turns.store(
            connection,
            opened.session,
            incoming.message_id,
            text,
            reply,
            written,
            channel=CHANNEL,
            language=language,
            area=incoming.area,
        )
        return turns.as_turn(bodies)


def _look(connection: Connection, token: str, incoming: Incoming) -> turns.Opened:
    session = get_session(connection, token)
    opened = turns.look(connection, session, incoming.message_id, text=incoming.text, choice=incoming.choice)
    if incoming.topic:
        return replace(opened, button=_topic_button(incoming.topic, session.spoken))
    return opened


@contextmanager
def _speaking(session: Session) -> Iterator[None]:
    """Mark an error with the language of the session it arose in."""
    try:
        yield
    except UserInputError as error:
        error.language = session.spoken
        raise


def _topic_button(topic: str, language: str) -> outbox.Button | None:
    if not is_topic(topic):
        raise UserInputError("unknown_choice")
    choice = topic_choice(topic, speech_for(language))
    return outbox.Button(choice.payload, choice.title.text)


def _known_language(tag: str | None) -> str | None:
    if not tag:
        return None
    locale = find_locale(tag)
    if locale is None:
        raise UserInputError("unknown_language")
    return locale.tag
