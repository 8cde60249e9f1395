"""What a platform says at first contact: who answers, how long words are kept, and the languages to choose from."""

from __future__ import annotations

from bot.answers.blocks import plain, said_answer, speech_for
from bot.answers.choices import LANGUAGE_PAYLOAD, language_choice
from bot.answers.model import Answer
from bot.i18n.locales import Locale


def welcome(language: str, hours: int, languages: tuple[Locale, ...]) -> Answer:
    """Return the first message. `hours`: how long words are kept; `languages`: those offered."""
    speech = speech_for(language)
    choices = [language_choice(locale.tag) for locale in languages]
    return said_answer(speech, (plain("note", [speech.ui("channel.welcome", hours=hours)]),), choices)


def is_language_menu(answer: Answer) -> bool:
    """Whether the choices of an answer are the languages, which are asked for by number."""
    return len(answer.choices) > 1 and all(choice.payload.startswith(LANGUAGE_PAYLOAD) for choice in answer.choices)
