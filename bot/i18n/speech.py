"""Saying things in a person's language: texts by key, with names filled in and numbers kept readable.

>>> Speech("en").ui("answer.checked", date="1 May 2026").text
'Checked on 1 May 2026'
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from babel.core import Locale as BabelLocale
from babel.core import UnknownLocaleError
from babel.dates import format_date

from bot.core.errors import NotFound
from bot.i18n.catalogue import load_catalogue
from bot.i18n.locales import SOURCE_LANGUAGE, get_locale
from bot.i18n.sources import load_domain_responses, load_interface

PLACEHOLDER = re.compile(r"\{(\w+)\}")
ISOLATE, POP_ISOLATE = (
    "\u2066",
    "\u2069",
)  # left-to-right isolate: keeps a number whole inside right-to-left text

ENGLISH_DATES = "en_GB"
WEEKDAY = "EEEE"  # not "cccc": Babel then gives the names of another language that was used before

Filler = Callable[[str], str | None]


@dataclass(frozen=True)
class Said:
    """A text in the person's language and in English. `is_translated` is false where English stands in."""

    text: str
    english: str
    is_translated: bool = True


class Speech:
    """One language, with a way to fill `{phone_shelter}` and the like."""

    def __init__(self, language: str, filler: Filler | None = None) -> None:
        """`filler` turns the name in braces into text, or returns None to leave it to the caller's values."""
        self.locale = get_locale(language)
        self.language = self.locale.tag
        self._catalogue = load_catalogue(self.language)
        self._filler = filler

    def say(self, key: str, english: str, **values: object) -> Said:
        """Return the text under a catalogue key, filled in, in both languages."""
        translated = self._catalogue.find(key, english)
        return Said(
            text=self._fill(
                translated or english, values, isolated=bool(translated) and self.locale.direction == "rtl"
            ),
            english=self._fill(english, values, isolated=False),
            is_translated=translated is not None,
        )

    def ui(self, name: str, **values: object) -> Said:
        """Return an interface text, `name` without its `ui.` prefix.

        Raises:
            NotFound: no such text.
        """
        return self._known(load_interface(), f"ui.{name}", values)

    def response(self, name: str, **values: object) -> Said:
        """Return a response of the domain (`utter_greet`).

        Raises:
            NotFound: no such response.
        """
        return self._known(load_domain_responses(), name, values)

    @property
    def comma(self) -> str:
        """What stands between the parts of a list."""
        return "، " if self.locale.script == "Arab" else ", "

    def date(self, day: dt.date) -> Said:
        """Return a date in words."""
        english = format_date(day, "long", locale=ENGLISH_DATES)
        if self.language == SOURCE_LANGUAGE:
            return Said(english, english)
        return Said(format_date(day, "long", locale=_babel_locale(self.language)), english)

    def weekday(self, moment: dt.date) -> Said:
        """Return the name of a day of the week."""
        english = format_date(moment, WEEKDAY, locale=ENGLISH_DATES)
        return Said(format_date(moment, WEEKDAY, locale=_babel_locale(self.language)), english)

    def _known(self, texts: dict[str, str], key: str, values: dict[str, object]) -> Said:
        if key not in texts:
            raise NotFound(f"no text {key!r}")
        return self.say(key, texts[key], **values)

    def _fill(self, text: str, values: dict[str, object], *, isolated: bool) -> str:
        def replace(match: re.Match[str]) -> str:
            name = match[1]
            value = str(values[name]) if name in values else self._filler(name) if self._filler else None
            if value is None:
                return match[0]
            return f"{ISOLATE}{value}{POP_ISOLATE}" if isolated and not _is_right_to_left(value) else value

        return PLACEHOLDER.sub(replace, text)


def _is_right_to_left(value: str) -> bool:
    """Whether the first letter is of a script from right to left, as in a date with the name of its month."""
    strong = (unicodedata.bidirectional(char) for char in value)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def _babel_locale(language: str) -> str:
    """Return the locale under which Babel knows the language's months; English where it knows none."""
    try:
        return str(BabelLocale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return ENGLISH_DATES
