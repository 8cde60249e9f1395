"""How far each text is translated: missing, translated from an earlier English, doubtful, a draft, or approved."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.core.errors import DataError
from bot.i18n.approval import approval_mark
from bot.i18n.catalogue import po_path
from bot.i18n.locales import Locale
from bot.i18n.sources import SourceText, source_texts

State = Literal["missing", "changed", "doubtful", "draft", "approved"]
STATES: tuple[State, ...] = ("missing", "changed", "doubtful", "draft", "approved")
OUT_OF_DATE: tuple[State, ...] = ("changed", "doubtful")
KINDS = ("ui", "utter", "eligibility", "esol", "waste", "service")  # first parts of keys; all others are of answers
CATALOGUES = 32


@dataclass(frozen=True)
class Translated:
    """One text in one language. `earlier`: the English it was translated from, where that is not today's."""

    source: SourceText
    translation: str
    state: State
    earlier: str = ""

    @property
    def key(self) -> str:
        """The key of the text."""
        return self.source.key


def text_kind(key: str) -> str:
    """Return what a text belongs to.

    >>> text_kind("ui.app.tagline"), text_kind("utter_greet"), text_kind("repairs.steps.1")
    ('ui', 'utter', 'answer')
    """
    first = key.partition(".")[0].partition("_")[0]
    return first if first in KINDS else "answer"


@cache
def all_sources() -> tuple[SourceText, ...]:
    """Return every English text, read once."""
    return tuple(source_texts())


def translations_of(locale: Locale, texts: Sequence[SourceText] | None = None) -> list[Translated]:
    """Return every text (`texts`: only these) as it stands in the catalogue of a locale.

    Raises:
        DataError: the catalogue cannot be read.
    """
    path = po_path(locale.tag)
    entries = _entries(path, path.stat().st_mtime_ns) if path.exists() else {}
    return [
        _translated(text, entries.get(text.key, ()), locale) for text in (all_sources() if texts is None else texts)
    ]


@lru_cache(maxsize=CATALOGUES)
def _entries(path: Path, _changed_at: int) -> dict[str, tuple[Message, ...]]:
    found: dict[str, tuple[Message, ...]] = {}
    try:
        catalogue = read_po(io.BytesIO(path.read_bytes()))
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(str(error), path=str(path)) from None
    for message in catalogue:
        if message.id and message.string:
            found[message.context or ""] = (*found.get(message.context or "", ()), message)
    return found


def _translated(text: SourceText, messages: Sequence[Message], locale: Locale) -> Translated:
    current = next((message for message in messages if message.id == text.english), None)
    if current is None:
        earlier = messages[0] if messages else None
        return (
            Translated(text, str(earlier.string), "changed", str(earlier.id))
            if earlier
            else Translated(text, "", "missing")
        )
    translation = str(current.string)
    if current.fuzzy:
        return Translated(text, translation, "doubtful")
    is_approved = not locale.is_draft or approval_mark(text.english, translation) in current.user_comments
    return Translated(text, translation, "approved" if is_approved else "draft")
