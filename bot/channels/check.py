"""Checks of every answer on every messaging channel: within the limits, no address or number torn, titles that fit.

Run by `doorway check`. It lays out each topic in each language as the platforms get it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.answers.compose import compose
from bot.answers.load import load_answers
from bot.answers.model import Answer
from bot.answers.say import say_topic
from bot.channels import messenger, telegram, twilio, whatsapp
from bot.channels.layout import message_for
from bot.channels.platform import Message, Option, Part
from bot.channels.split import utf16
from bot.channels.welcome import welcome
from bot.channels.words import more_word
from bot.i18n.check import Problem
from bot.i18n.locales import load_locales
from bot.i18n.sms import segments
from bot.i18n.speech import Speech

MENU_LIMIT = 20  # of what opens a list on WhatsApp
ADDRESS = re.compile(r"https?://[^\s\u2069]+")
PHONE = re.compile(r"\+?\d+(?:[ \u00a0]\d{2,})+")
SAMPLE_HOURS = 24
# Channel → how many UTF-16 units its texts may have.
TEXT_LIMITS = {
    telegram.NAME: telegram.TEXT_LIMIT,
    whatsapp.NAME: whatsapp.TEXT_LIMIT,
    messenger.NAME: messenger.TEXT_LIMIT,
    twilio.WHATSAPP: twilio.WHATSAPP_LIMIT,
    twilio.SMS: twilio.WHATSAPP_LIMIT,
}
RENDERERS: dict[str, tuple[Callable[[Sequence[Message]], list[Part]], Callable[[Sequence[str]], bool]]] = {
    telegram.NAME: (telegram.render, telegram.is_numbered),
    whatsapp.NAME: (whatsapp.render, whatsapp.is_numbered),
    messenger.NAME: (messenger.render, bool),
    twilio.WHATSAPP: (twilio.render_whatsapp, bool),
    twilio.SMS: (twilio.render_sms, bool),
}


def check_channels() -> list[Problem]:
    """Return the problems of all topics and of the welcome, in all languages, on all channels."""
    problems: list[Problem] = []
    for locale in load_locales():
        path = f"locales/{locale.folder}/LC_MESSAGES/bot.po"
        answers = {topic: compose(say_topic(topic), locale.tag) for topic in load_answers()}
        answers["welcome"] = welcome(locale.tag, SAMPLE_HOURS, load_locales())
        for name, answer in answers.items():
            for channel in RENDERERS:
                problems.extend(
                    _problem(path, f"{name} on {channel}: {what}") for what in check_answer(answer, channel)
                )
        problems.extend(_problem(path, what) for what in _check_words(locale.tag))
    return problems


def check_answer(answer: Answer, channel: str) -> Iterator[str]:
    """Yield what is wrong with an answer on a channel."""
    render, is_numbered = RENDERERS[channel]
    titles = [choice.title.text for choice in answer.choices]
    is_written = is_numbered(titles)
    options = tuple(
        Option(f"id{number:010}", title, number if is_written else None) for number, title in enumerate(titles, start=1)
    )
    message = message_for(answer, options)
    parts = render([message])
    texts = [text for part in parts for text in _texts(part)]
    if not parts:
        yield "says nothing"
    yield from (f"a text of {utf16(text)} units" for text in texts if not 0 < utf16(text) <= TEXT_LIMITS[channel])
    yield from (f"a title of {len(title)} characters" for part in parts for title in _long_titles(part))
    if channel == twilio.SMS:
        yield from _check_sms(parts)
    said = _plain("\n".join(texts))
    for pattern in (ADDRESS, PHONE):
        torn = {
            found
            for found in pattern.findall(message.text)
            if _plain(found) not in said and _plain(found).replace(" ", "") not in said  # see `without_isolates`
        }
        yield from (f"{found} is torn or lost" for found in sorted(torn))


def _check_sms(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        most = twilio.NEXT_SEGMENTS if part.is_held else twilio.MENU_SEGMENTS
        if segments(part.payload["Body"]) > most:
            yield f"a text message of {segments(part.payload['Body'])} segments"
    if len(parts) > 1 and segments(parts[0].payload["Body"]) > twilio.FIRST_SEGMENTS:
        yield f"a first text message of {segments(parts[0].payload['Body'])} segments"


def _check_words(language: str) -> Iterator[str]:
    if not more_word(language):
        yield "ui.channel.more names no word to write: put it in quotes or capitals"
    if utf16(Speech(language).ui("chat.menu").text) > MENU_LIMIT:
        yield f"ui.chat.menu is longer than {MENU_LIMIT}"


def _texts(part: Part) -> Iterator[str]:
    payload = part.payload
    for found in (payload.get("text"), payload.get("Body"), payload.get("interactive", {}).get("body")):
        text = found.get("body", found.get("text")) if isinstance(found, dict) else found
        if text is not None:
            yield str(text)


def _long_titles(part: Part) -> Iterator[str]:
    """Yield titles of buttons, rows and quick replies that are too long or empty."""
    action = part.payload.get("interactive", {}).get("action", {})
    sizes = [(button["reply"]["title"], whatsapp.BUTTON_TITLE) for button in action.get("buttons", [])]
    for section in action.get("sections", []):
        sizes += [(row["title"], whatsapp.ROW_TITLE) for row in section["rows"]]
        sizes += [(row.get("description", "-"), whatsapp.ROW_DESCRIPTION) for row in section["rows"]]
    sizes += [(reply["title"], messenger.REPLY_TITLE) for reply in part.payload.get("quick_replies", [])]
    yield from (title for title, limit in sizes if not 0 < utf16(title) <= limit)


def _plain(text: str) -> str:
    """Return a text without marks and with one kind of space, to look for a number in it."""
    return re.sub("[\u2060\u2066-\u2069]", "", text).replace("\u00a0", " ")


def _problem(path: str, message: str) -> Problem:
    return Problem(path=path, line=0, level="error", message=message)
