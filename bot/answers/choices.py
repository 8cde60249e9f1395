"""The buttons under an answer. A payload stays on the server and says what a tap asks for: `<what>:<value>`."""

from __future__ import annotations

from bot.answers.blocks import line, speech_for
from bot.answers.load import get_answer
from bot.answers.model import Choice, Line
from bot.i18n.sources import text_key
from bot.i18n.speech import Said, Speech

START_TOPICS = (
    "homeless_tonight", "register_join", "private_find", "eviction_notice", "nrpf_help", "recycling_item", "esol_find",
    "find_adviser",
)  # fmt: skip
TOPIC_PAYLOAD = "topic:"  # a topic's answer
LANGUAGE_PAYLOAD = "language:"  # another language
ACT_PAYLOAD = "act:"  # a dialogue act, as if it had been written
FACT_PAYLOAD = "fact:"  # an answer in a form, `fact:<name>=<value>`; `fact:start=<form>` begins one
CLASS_PAYLOAD = "class:"  # an answer in the finder of English classes, `class:<question>=<option>`
SERVICES_PAYLOAD = "services:"  # another view of the places: more, open_now, my_language, nearer
AREA_PAYLOAD = "area:"  # a council, by its GSS code


def choice(said: Said, payload: str) -> Choice:
    """Return a button."""
    return Choice(line(said), payload)


def topic_choice(topic: str, speech: Speech) -> Choice:
    """Return the button that asks for a topic."""
    button = get_answer(topic).button
    return Choice(line(speech.say(text_key(topic, "button", 1), button)), TOPIC_PAYLOAD + topic)


def start_choices(language: str) -> tuple[Choice, ...]:
    """Return the buttons of the first screen."""
    speech = speech_for(language)
    return tuple(topic_choice(topic, speech) for topic in START_TOPICS)


def language_choice(language: str) -> Choice:
    """Return the button that switches to a language: its own name."""
    speech = speech_for(language)
    name = Line(speech.locale.name, speech.locale.english_name)
    return Choice(name, LANGUAGE_PAYLOAD + language)
