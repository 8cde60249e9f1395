"""Questions to compare: one a line, each with its language in front, as an adviser writes or pastes them.

>>> parse_lines("pl: Mam pleśń\\nMould on the wall")
[Line(language='pl', text='Mam pleśń'), Line(language='', text='Mould on the wall')]
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.core.errors import UserInputError
from bot.core.text import clean
from bot.i18n.locales import load_locales

MOST_LINES, LONGEST = 30, 1_000
PREFIX = re.compile(r"\s*([\w-]{2,20})\s*[:\uff1a|\t]\s*(.*)", re.S)


class Line(NamedTuple):
    """One question. `language`: empty where it is to be found out."""

    language: str
    text: str


def parse_lines(text: str) -> list[Line]:
    """Return the questions of a text; `pl:` or `Polish:` in front names the language.

    Raises:
        UserInputError: `lines`: there is none; `lines_many`, `question_long`.
    """
    if len(text) > MOST_LINES * LONGEST * 4:
        raise UserInputError("lines_many", status=422)
    lines = [_line(line) for line in text.splitlines() if clean(line)]
    lines = [line for line in lines if line.text]
    if not lines:
        raise UserInputError("lines", status=422)
    if len(lines) > MOST_LINES:
        raise UserInputError("lines_many", status=422)
    if any(len(line.text) > LONGEST for line in lines):
        raise UserInputError("question_long", status=422)
    return lines


def _line(line: str) -> Line:
    names = {
        name.casefold(): locale.tag
        for locale in load_locales()
        for name in (locale.tag, locale.english_name, locale.name)
    }
    found = PREFIX.fullmatch(line)
    tag = names.get(found[1].casefold(), "") if found else ""
    return Line(tag, clean(found[2] if found and tag else line))
