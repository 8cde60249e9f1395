"""What is said to a message of a platform: the assistant's answer, or a fixed text where there is no question in it.

First contact: who we are and the languages. Stop, start and more are words of the channel, not of the dialogue; only
inside a form "stop" is the form's. Nothing here sends, and nothing here knows a platform's id of a person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy.engine import Connection

from bot.answers.blocks import plain, said_answer, speech_for
from bot.answers.choices import LANGUAGE_PAYLOAD, start_choices
from bot.answers.compose import compose_notice
from bot.answers.model import Answer, Choice, Line
from bot.assistant import Assistant, Reply
from bot.channels import outbox, turns
from bot.channels.delivery import opted_out
from bot.channels.pauses import Pauses
from bot.channels.sessions import session_of
from bot.channels.welcome import welcome
from bot.channels.words import is_more, is_start, is_stop
from bot.core.errors import UserInputError
from bot.i18n.locales import Locale, get_locale

Effect = Literal["", "stop", "blocked", "start", "more"]
WORDS_TO_KEEP = 2  # fewer words of a first message do not settle the language
LIMITED_SECONDS = 60


@dataclass(frozen=True)
class Known:
    """What is known of a person before a message is answered."""

    opened: turns.Opened
    is_out: bool
    has_more: bool
    menu: tuple[Choice, ...]  # of the last answer
    channel: str

    @property
    def is_first(self) -> bool:
        """Whether nothing was said to them yet."""
        return self.opened.session.answers == 0


@dataclass(frozen=True)
class Turn:
    """What to say (None: nothing), the language to keep, and what the message does to the channel."""

    reply: Reply | None
    language: str | None = None
    effect: Effect = ""


class Replies:
    """Finds what to say."""

    def __init__(
        self, assistant: Assistant, *, text_limit: int, hours: int, languages: tuple[Locale, ...], pauses: Pauses
    ) -> None:
        """`languages`: those offered at first contact; `hours`: how long words are kept."""
        self._assistant, self._text_limit, self._hours, self._languages = assistant, text_limit, hours, languages
        self._pauses = pauses

    async def reply_to(self, content: dict[str, Any], known: Known) -> Turn:
        """Return what to say to a message, given as the content of its delivery."""
        kind, text, session = content["kind"], content["text"], known.opened.session
        fixed = self._fixed(kind, text, known)
        if fixed:
            return fixed
        if known.channel in self._pauses:
            chosen = turns.chosen_language(known.opened, None)
            return Turn(turns.pause(self._pauses, known.opened, None), chosen or session.language)
        spoken = session.spoken
        if kind == "limited":
            return self._say(known, compose_notice("error.rate_limited", spoken, seconds=LIMITED_SECONDS))
        if kind == "unsupported":
            return self._say(known, compose_notice("channel.only_text", spoken))
        if kind == "tap" and known.opened.button is None:
            return self._say(known, self._old_button(known))
        if kind == "text" and len(text) > self._text_limit:
            return self._say(known, compose_notice("error.too_long", spoken, limit=self._text_limit))
        if kind == "text" and not text:
            return self._say(known, compose_notice("error.empty", spoken))
        language = None if _settles_language(text, known) else spoken
        try:
            reply = await turns.answer(self._assistant, known.opened, text, language, _slots(known))
        except UserInputError:
            return self._say(known, self._old_button(known))
        return self._first(text, known, reply)

    def sorry(self, known: Known) -> Turn:
        """Return what is said when a message cannot be answered."""
        return self._say(known, compose_notice("error.server_error", known.opened.session.spoken))

    def _fixed(self, kind: str, text: str, known: Known) -> Turn | None:
        spoken = known.opened.session.spoken
        if kind == "stop":
            return Turn(None, effect="blocked")
        if kind == "start":
            return Turn(None, effect="start")
        if kind == "text" and is_start(text):
            return Turn(self._started(known).reply, known.opened.session.language, "start")
        if known.is_out:
            return Turn(None)
        if kind == "text" and is_stop(text) and not _in_form(known):
            return Turn(_reply(spoken, compose_notice("channel.stopped", spoken)), spoken, "stop")
        if kind == "text" and known.has_more and is_more(text):
            return Turn(None, effect="more")
        return None

    def _started(self, known: Known) -> Turn:
        spoken = known.opened.session.spoken
        if known.is_first:
            return Turn(_reply(spoken, self._welcome(spoken)))
        speech = speech_for(spoken)
        blocks = (plain("text", [speech.ui("channel.started")]),)
        return Turn(_reply(spoken, said_answer(speech, blocks, start_choices(spoken))))

    def _first(self, text: str, known: Known, reply: Reply) -> Turn:
        language = reply.language if known.opened.session.language or _settles_language(text, known) else None
        if not known.is_first or reply.erase:
            return Turn(self._with_draft_note(known, reply), language)
        welcome = self._welcome(reply.language)
        if reply.topic == "greet":
            return Turn(replace(reply, answers=(welcome,)))
        return Turn(replace(reply, answers=(*reply.answers, welcome)), language)

    def _with_draft_note(self, known: Known, reply: Reply) -> Reply:
        """Return the reply to a chosen language with the note that nobody has reviewed its texts, where that is so."""
        button = known.opened.button
        if not button or not button.payload.startswith(LANGUAGE_PAYLOAD) or not get_locale(reply.language).is_draft:
            return reply
        return replace(reply, answers=(compose_notice("notice.draft", reply.language), *reply.answers))

    def _welcome(self, language: str) -> Answer:
        return welcome(language, self._hours, self._languages)

    def _old_button(self, known: Known) -> Answer:
        spoken = known.opened.session.spoken
        speech = speech_for(spoken)
        menu = known.menu or start_choices(spoken)
        return said_answer(speech, (plain("note", [speech.ui("channel.old_button")]),), menu)

    def _say(self, known: Known, answer: Answer) -> Turn:
        session = known.opened.session
        answers = (answer, self._welcome(session.spoken)) if known.is_first else (answer,)
        return Turn(_reply(session.spoken, *answers), session.language)


def look(
    connection: Connection,
    *,
    channel: str,
    conversation: str,
    others: list[str],
    message_key: str,
    content: dict[str, Any],
    has_more: bool,
) -> Known:
    """Return what is known of a person; opens their session."""
    session = session_of(connection, channel, conversation, content["hint"] or None)
    text = content["text"] if content["kind"] == "text" else ""
    opened = turns.look(connection, session, message_key, text=text, choice=content["choice"])
    menu = _menu(connection, conversation) if content["kind"] == "tap" and opened.button is None else ()
    return Known(opened, opted_out(connection, [conversation, *others]), has_more, menu, channel)


def _menu(connection: Connection, conversation: str) -> tuple[Choice, ...]:
    """Return the choices of the last answer that had any, still good ones only."""
    menu = []
    for body in outbox.last_turn(connection, conversation):
        for choice in body["choices"]:
            button = outbox.find_choice(connection, conversation, choice["id"])
            if button:
                menu.append(Choice(Line(choice["title"], choice["english"]), button.payload))
    return tuple(menu)


def _reply(language: str, *answers: Answer) -> Reply:
    return Reply(language, "", 1.0, answers, None)


def _settles_language(text: str, known: Known) -> bool:
    """Whether a message says which language to speak: not a lone "hi", but a button, some words, or another script."""
    return known.opened.button is not None or len(text.split()) >= WORDS_TO_KEEP or not text.isascii()


def _slots(known: Known) -> dict[str, str]:
    area = known.opened.session.area_code
    return {"area_code": area} if area else {}


def _in_form(known: Known) -> bool:
    return bool(known.opened.state) and "form" in json.loads(known.opened.state or "{}")
