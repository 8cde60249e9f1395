"""Searching the answers by words, in a person's language and in English.

Not the assistant: no model, no spelling repair. Every word must stand in the title, the button or the summary.

>>> fold("Łódź") == fold("lodz")
True
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.blocks import speech_for
from bot.answers.load import load_answers, load_topics
from bot.core.text import ascii_digits, clean
from bot.i18n.sources import text_key

LONGEST = 100  # characters of a search that are looked at
# Arabic-script letters that writers mix freely, and Latin letters with a stroke, to one spelling each.
_VARIANTS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None,
     "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "đ": "d", "æ": "ae", "œ": "oe", "ґ": "г"}
)  # fmt: skip
_MARKS_DROPPED_AFTER = ("LATIN", "GREEK", "ARABIC")


@dataclass(frozen=True)
class Entry:
    """One answer in the index."""

    topic: str
    theme: str
    urgency: str
    title: str
    title_language: str
    summary: str
    heading: str  # folded title, button
    body: str  # folded rest


def fold(text: str) -> str:
    """Return the text without what people leave out when they type: case, diacritics, harakat."""
    decomposed = unicodedata.normalize("NFKD", ascii_digits(text).casefold().translate(_VARIANTS))
    kept: list[str] = []
    base = ""
    for char in decomposed:
        if unicodedata.combining(char):
            if unicodedata.name(base, "").startswith(_MARKS_DROPPED_AFTER):
                continue
        else:
            base = char
        kept.append(char)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).translate(_VARIANTS).split())


@lru_cache(maxsize=64)
def entries(language: str) -> tuple[Entry, ...]:
    """Return every answer in a language, in the order of the topics."""
    speech = speech_for(language)
    answers = load_answers()
    found = []
    for topic, about in load_topics().items():
        answer = answers.get(topic)
        if answer is None:
            continue
        title = speech.say(text_key(topic, "title", 1), answer.title)
        button = speech.say(text_key(topic, "button", 1), answer.button)
        lines = [speech.say(text_key(topic, "summary", n), line) for n, line in enumerate(answer.summary, start=1)]
        heading = " ".join((title.text, button.text, title.english, button.english))
        body = " ".join((*(part for line in lines for part in (line.text, line.english)), about.means))
        shown = lines[0].text if lines else ""
        found.append(
            Entry(topic, about.theme, about.urgency, title.text, language if title.is_translated else "en", shown,
                  fold(heading), fold(body))
        )  # fmt: skip
    return tuple(found)


def find(language: str, asked: str) -> list[Entry]:
    """Return the answers that hold every word asked for, those with the words in the title first."""
    words = fold(clean(asked[:LONGEST])).split()
    if not words:
        return []
    hits = [entry for entry in entries(language) if all(word in entry.heading or word in entry.body for word in words)]
    return sorted(hits, key=lambda entry: -sum(word in entry.heading for word in words))
