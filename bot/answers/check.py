"""Checks of the written answers: form, length, plain words, known contacts, fresh dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answers.blocks import LOCAL_AUTHORITY, directory_filler
from bot.answers.load import load_answers, load_topics
from bot.answers.model import TopicText
from bot.core.clock import today
from bot.core.errors import NotFound
from bot.directory.seed import load_services
from bot.i18n.check import Problem
from bot.i18n.sms import fits_sms
from bot.i18n.sources import ANSWER_FIELDS, as_list

MAX_TITLE, MAX_BUTTON, MAX_RELATED = 45, 20, 4
MIN_STEPS, MAX_STEPS, MAX_STEP_WORDS, MAX_SUMMARY_WORDS = 3, 6, 38, 42
# Council facts an answer may ask for (data/reference/places/councils.yml, as they come).
LOCAL_FACTS = frozenset(
    {"register", "cbl", "homelessness", "out_of_hours", "recycling", "bin_day", "bulky_waste", "esol", "council_tax",
     "environmental_health", "schools", "complaints"}
)  # fmt: skip
TYPED_NUMBER = re.compile(r"\+?\d[\d ]{6,}\d")  # a phone number that should be a placeholder
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def check_answers() -> list[Problem]:
    """Return the problems of all answers."""
    answers = load_answers()
    problems = [
        _problem(topic.theme, "error", f"{topic.id} has no answer")
        for topic in load_topics().values()
        if topic.id not in answers
    ]
    for answer in answers.values():
        problems.extend(_problem(answer.theme, "error", f"{answer.topic}: {message}") for message in _errors(answer))
        if answer.review_by < today():
            problems.append(
                _problem(answer.theme, "warning", f"{answer.topic} should have been reviewed by {answer.review_by}")
            )
    return problems


def _errors(answer: TopicText) -> Iterator[str]:
    if len(answer.title) > MAX_TITLE:
        yield f"title of {len(answer.title)} characters"
    if len(answer.button) > MAX_BUTTON:
        yield f"button of {len(answer.button)} characters"
    if not MIN_STEPS <= len(answer.steps) <= MAX_STEPS:
        yield f"{len(answer.steps)} steps"
    yield from (f"step of {len(step.split())} words" for step in answer.steps if len(step.split()) > MAX_STEP_WORDS)
    if sum(len(sentence.split()) for sentence in answer.summary) > MAX_SUMMARY_WORDS:
        yield "long summary"
    if bool(answer.urgent) != bool(answer.urgency):
        yield "an urgent topic needs `urgent`, another must not have it"
    if not answer.sources:
        yield "no source"
    yield from (
        f"unknown contact {contact}"
        for contact in answer.contacts
        if contact != LOCAL_AUTHORITY and contact not in load_services()
    )
    if not any(contact != LOCAL_AUTHORITY for contact in answer.contacts):
        yield "no contact beside the council"
    yield from (f"unknown local fact {fact}" for fact in answer.local if fact not in LOCAL_FACTS)
    yield from (f"unknown related topic {topic}" for topic in answer.related if topic not in load_topics())
    if len(answer.related) > MAX_RELATED:
        yield "too many related topics"
    if not fits_sms(answer.sms):
        yield "sms longer than two messages"
    for text in _texts(answer):
        yield from _text_errors(text)


def _texts(answer: TopicText) -> Iterator[str]:
    for field in ANSWER_FIELDS:
        value = getattr(answer, field)
        yield from as_list(list(value) if isinstance(value, tuple) else value)


def _text_errors(text: str) -> Iterator[str]:
    if TYPED_NUMBER.search(text):
        yield f"a typed phone number in {text[:40]!r}; use {{phone_<id>}}"
    for name in PLACEHOLDER.findall(text):
        try:
            filled = directory_filler(name)
        except NotFound:
            filled = None
        if not filled:
            yield f"{{{name}}} stands for nothing that may be shown"


def _problem(theme: str, level: str, message: str) -> Problem:
    return Problem(path=f"data/answers/{theme}.yml", line=0, level=level, message=message)  # type: ignore[typeddict-item]  # from the callers above only
