"""Message catalogues: English text → a person's language, by context key.

The `.po` files under `locales/` are the truth; a compiled `.mo` beside each is rebuilt when it is older.
An entry is found only when its English is still the same: changed English falls back and is seen to do so.
"""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.core.errors import DataError
from bot.core.paths import LOCALES
from bot.i18n.locales import SOURCE_LANGUAGE, get_locale

CONTEXT_SEPARATOR = "\x04"  # gettext's own, between msgctxt and msgid


class Catalogue:
    """The translations of one locale."""

    def __init__(self, tag: str, messages: dict[str, str]) -> None:
        """`messages`: "context\\x04English" → translation."""
        self.tag = tag
        self._messages = messages

    def find(self, key: str, english: str) -> str | None:
        """Return the translation of `english` under `key`, or None. English returns itself."""
        if self.tag == SOURCE_LANGUAGE:
            return english
        return self._messages.get(f"{key}{CONTEXT_SEPARATOR}{english}")

    def translate(self, key: str, english: str) -> str:
        """Return the translation, or the English when there is none."""
        return self.find(key, english) or english

    def texts(self) -> Iterator[str]:
        """Yield every translation."""
        return iter(self._messages.values())

    def __len__(self) -> int:
        return len(self._messages)


def po_path(tag: str) -> Path:
    """Return where the catalogue of a locale lies."""
    return LOCALES / get_locale(tag).folder / "LC_MESSAGES" / "bot.po"


@cache
def load_catalogue(tag: str) -> Catalogue:
    """Return the catalogue of a locale; empty when there is no file (English, or a language just begun).

    Raises:
        DataError: the file cannot be read as a `.po` file.
    """
    path = po_path(tag)
    if tag == SOURCE_LANGUAGE or not path.exists():
        return Catalogue(tag, {})
    compiled = _compiled(path)
    translations = gettext.GNUTranslations(io.BytesIO(compiled))
    entries: dict[str, str] = translations._catalog  # type: ignore[attr-defined]  # gettext offers no other way to list entries
    messages = {key: value for key, value in entries.items() if isinstance(key, str) and CONTEXT_SEPARATOR in key}
    return Catalogue(tag, messages)


def _compiled(path: Path) -> bytes:
    mo_path = path.with_suffix(".mo")
    if mo_path.exists() and mo_path.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return mo_path.read_bytes()
    try:
        catalogue = read_po(io.BytesIO(path.read_bytes()))
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(str(error), path=str(path)) from None
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    try:
        fresh = mo_path.with_suffix(f".{os.getpid()}.mo")
        fresh.write_bytes(buffer.getvalue())
        fresh.replace(mo_path)  # at once: another process may be reading
    except OSError:  # a read-only tree: compile again next time
        return buffer.getvalue()
    return buffer.getvalue()
