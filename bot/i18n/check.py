"""Checks of the catalogues: what would mislead, break or not fit.

Errors: a missing or empty entry, English left as a translation, a lost or invented placeholder, other numbers, phone
numbers or addresses than the English, a text message that is too long. Warnings: a long button or title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, TypedDict

from bot.core.paths import ROOT
from bot.core.text import ascii_digits
from bot.i18n.catalogue import load_catalogue, po_path
from bot.i18n.extract import TEMPLATE, build_template, merge
from bot.i18n.locales import SOURCE_LANGUAGE, Locale, load_locales
from bot.i18n.sms import fits_sms
from bot.i18n.sources import SourceText, source_texts

PLACEHOLDER = re.compile(r"\{\w+\}")
ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)*gov\.uk(?:/[\w/-]*\w)?|https?://[^\s,;]*[\w/]")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
MAX_BUTTON, MAX_TITLE = 24, 60
WORDS_TO_COMPARE = 3  # shorter texts may be the same word in both languages


class Problem(TypedDict):
    """One finding, with its place."""

    path: str
    line: int
    level: Literal["error", "warning"]
    message: str


def check_catalogues() -> list[Problem]:
    """Return the problems of the template and of every catalogue."""
    texts = list(source_texts())
    problems = []
    if not TEMPLATE.exists() or TEMPLATE.read_text(encoding="utf-8") != build_template(texts):
        problems.append(_problem("locales/bot.pot", "error", "is not what the sources say; run `make i18n`"))
    for locale in load_locales():
        if locale.tag != SOURCE_LANGUAGE:
            problems.extend(_check_locale(locale, texts))
    return problems


def check_translation(
    text: SourceText, translation: str, locale: Locale
) -> Iterator[tuple[Literal["error", "warning"], str]]:
    """Yield (level, what is wrong) of one translation."""
    if translation == text.english and len(text.english.split()) >= WORDS_TO_COMPARE:
        yield "error", "is the English sentence"
    expected, found = set(PLACEHOLDER.findall(text.english)), set(PLACEHOLDER.findall(translation))
    if found - expected:
        yield "error", f"invents {_listed(sorted(found - expected))}"
    is_sms = ".sms." in text.key
    if is_sms:
        if expected and not found:
            yield "error", "lost every phone number and address"
        if not fits_sms(translation):
            yield "error", "is longer than two text messages"
        return
    if expected - found:
        yield "error", f"lost {_listed(sorted(expected - found))}"
    for what, pattern in (("addresses", ADDRESS), ("numbers", NUMBER)):
        ours, theirs = _found(pattern, text.english), _found(pattern, translation)
        if ours != theirs:
            yield "error", f"{what}: {_listed(ours)} became {_listed(theirs)}"
    if text.key.endswith(".button.1") and len(translation) > MAX_BUTTON:
        yield "warning", f"button of {len(translation)} characters"
    if text.key.endswith(".title.1") and len(translation) > MAX_TITLE:
        yield "warning", f"title of {len(translation)} characters"


def _listed(items: list[str]) -> str:
    return ", ".join(items) or "none"


def _check_locale(locale: Locale, texts: Iterable[SourceText]) -> Iterator[Problem]:
    path = po_path(locale.tag)
    shown = path.relative_to(ROOT).as_posix()
    if not path.exists():
        yield _problem(shown, "error", "there is no catalogue")
        return
    content = path.read_text(encoding="utf-8")
    if content != merge(texts, locale):
        yield _problem(shown, "error", "does not follow the sources; run `make i18n`")
    lines = {line: number for number, line in enumerate(content.splitlines(), start=1) if line.startswith("msgctxt")}
    catalogue = load_catalogue(locale.tag)
    for text in texts:
        line = lines.get(f'msgctxt "{text.key}"', 0)
        translation = catalogue.find(text.key, text.english)
        if not translation:
            yield _problem(shown, "error", f"{text.key} is not translated", line)
            continue
        for level, message in check_translation(text, translation, locale):
            yield _problem(shown, level, f"{text.key} {message}", line)


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    plain = PLACEHOLDER.sub("", ascii_digits(text))
    if pattern is NUMBER:
        plain = ADDRESS.sub("", plain)
    return sorted(pattern.findall(plain))


def _problem(path: str, level: Literal["error", "warning"], message: str, line: int = 0) -> Problem:
    return Problem(path=path, line=line, level=level, message=message)
