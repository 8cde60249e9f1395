"""What an action wants said → an answer in a language: topics, responses, offers, questions, places.

The English stands beside every line, so that any client can show both.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from bot.answers.blocks import (
    line,
    plain,
    said_answer,
    speech_for,
)
from bot.answers.choices import ACT_PAYLOAD, language_choice, start_choices, topic_choice
from bot.answers.eligibility import compose_explanation, compose_outcome, compose_question
from bot.answers.esol import compose_class, compose_class_question
from bot.answers.local import compose_area, compose_kept_area
from bot.answers.model import Answer, Choice
from bot.answers.say import Say
from bot.answers.services import compose_services
from bot.answers.topic import Person, compose_short, compose_topic, compose_withdrawn
from bot.directory.search import Found
from bot.i18n.locales import SOURCE_LANGUAGE, load_locales
from bot.places.lookup import find_place

NOTHING = Found((), {})
OFFERED = 3  # topics offered when a message was not understood for sure


def compose(
    say: Say, language: str, found: Found | None = None, *, withdrawn: Container[str] = (), **values: object
) -> Answer:
    """Return what an action wants said, in a language.

    Args:
        found: what the directory has for it.
        withdrawn: topics about which nothing but contacts may be said.
        values: fill the names in braces of a response.

    Raises:
        NotFound: an unknown topic, response or language.
    """
    answer = _compose(say, language, found, values)
    if answer.topic not in withdrawn:
        return answer
    return compose_withdrawn(
        answer.topic,
        answer.language,
        danger=say.get("danger"),
        person=Person(say.get("area")),
        has_choices=not say.get("is_followed"),
        withdrawn=withdrawn,
    )


def _compose(say: Say, language: str, found: Found | None, values: Mapping[str, object]) -> Answer:
    kind = say["kind"]
    if kind == "topic":
        person = Person(say.get("area"), say.get("status"), found.results if found else (), say.get("item"))
        return compose_topic(
            say["topic"], language, danger=say.get("danger"), person=person, has_choices=not say.get("is_followed")
        )
    if kind == "short":
        return compose_short(say["topic"], language)
    if kind == "english":
        return compose_topic(say["topic"], SOURCE_LANGUAGE)
    if kind == "offer":
        return compose_offer(say["topics"], language, danger=say.get("danger"))
    if kind == "languages":
        choices = [language_choice(locale.tag) for locale in load_locales()]
        return said_answer(speech_for(language), (plain("text", [speech_for(language).ui("picker.title")]),), choices)
    if kind == "question":
        return compose_question(say["fact"], language, group=say["group"], notes=tuple(say["notes"]))
    if kind == "explanation":
        return compose_explanation(say["fact"], language)
    if kind == "outcome":
        return compose_outcome(say["facts"], language)
    if kind == "services":
        is_placed, view = "area" in say, say["view"]
        return compose_services(found or NOTHING, language, is_placed=is_placed, view=view)
    if kind == "class_question":
        return compose_class_question(say["name"], language)
    if kind == "class":
        return compose_class(
            say["facts"], language, area=say.get("area"), status=say.get("status"), found=found or NOTHING
        )
    if kind == "place":
        return compose_area(find_place(say["text"]), language)
    if kind == "kept_area":
        return compose_kept_area(say["area"], language, start_choices(language))
    if kind == "text":
        return compose_notice(say["name"], language)
    menu = start_choices(language) if say.get("menu") else ()
    return compose_response(say["name"], language, menu, **values)


def compose_response(name: str, language: str, choices: Sequence[Choice] = (), **values: object) -> Answer:
    """Return a response of the domain as an answer.

    Raises:
        NotFound: no such response or language.
    """
    speech = speech_for(language)
    return said_answer(speech, (plain("text", [speech.response(name, **values)]),), choices)


def compose_offer(topics: Iterable[str], language: str, *, danger: str | None = None) -> Answer:
    """Return the question "do you mean one of these?" with the topics and a person as choices.

    Raises:
        NotFound: no such language.
    """
    speech = speech_for(language)
    offered = [topic_choice(topic, speech) for topic in list(topics)[:OFFERED]]
    offered.append(Choice(line(speech.ui("offer.person")), ACT_PAYLOAD + "human_handover"))
    blocks = (
        plain("danger", [speech.ui(f"danger.{danger}")] if danger else []),
        plain("text", [speech.ui("offer.intro")]),
    )
    return said_answer(speech, tuple(block for block in blocks if block.lines), offered)


def compose_notice(name: str, language: str, **values: object) -> Answer:
    """Return an interface text (`error.too_long`) as an answer.

    Raises:
        NotFound: no such text or language.
    """
    speech = speech_for(language)
    return said_answer(speech, (plain("note", [speech.ui(name, **values)]),), ())
