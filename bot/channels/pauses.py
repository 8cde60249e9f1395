"""Which channels have a pause just now, and what is said there: one object a process, known to all channels.

It is filled from the tables of the console (bot/console/pauses.py) at the start, at every change and every minute, so
that answering never waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.answers.blocks import plain, said_answer, speech_for
from bot.answers.model import Answer
from bot.i18n.locales import SOURCE_LANGUAGE
from bot.i18n.speech import Said

NOTICE = "channel.paused"  # says also what to do in danger


class Pauses:
    """The channels that have a pause, and by language what the host says about it."""

    def __init__(self) -> None:
        self._channels: frozenset[str] = frozenset()
        self._texts: Mapping[str, str] = MappingProxyType({})

    def replace(self, channels: Iterable[str], texts: Mapping[str, str]) -> None:
        """Take these in place of the ones until now."""
        self._channels, self._texts = frozenset(channels), MappingProxyType(dict(texts))

    def __contains__(self, channel: object) -> bool:
        return channel in self._channels

    def notice(self, language: str) -> Answer:
        """Return what is said in place of an answer: the host's words in this language, if any, and the usual ones.

        Raises:
            NotFound: no such language.
        """
        speech = speech_for(language)
        own = self._texts.get(speech.language)
        said = [Said(own, self._texts.get(SOURCE_LANGUAGE, own))] if own else []
        return said_answer(speech, (plain("note", [*said, speech.ui(NOTICE)]),), ())
