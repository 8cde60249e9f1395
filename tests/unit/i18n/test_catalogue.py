"""Catalogues: a translation is found only while its English is still the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.core.errors import DataError
from bot.i18n import catalogue
from bot.i18n.catalogue import Catalogue, load_catalogue, po_path
from bot.i18n.locales import Locale
from bot.i18n.sources import SourceText

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "ui.chat.title"
msgid "Chat"
msgstr "Czat"

msgctxt "ui.chat.new"
msgid "New chat"
msgstr ""

#, fuzzy
msgctxt "ui.chat.close"
msgid "Close"
msgstr "Może zamknij"
"""


@pytest.fixture
def po(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small Polish catalogue on its own."""
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    path = po_path("pl")
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    return path


def _load(tag: str = "pl") -> Catalogue:
    return load_catalogue.__wrapped__(tag)


def test_a_translation_is_found_under_its_key(po: Path) -> None:
    assert _load().find("ui.chat.title", "Chat") == "Czat"


@pytest.mark.parametrize(("key", "english"), [("ui.chat.title", "Chats"), ("ui.other", "Chat"), ("", "Chat")])
def test_changed_english_or_another_key_finds_nothing(po: Path, key: str, english: str) -> None:
    assert _load().find(key, english) is None
    assert _load().translate(key, english) == english


def test_an_empty_entry_finds_nothing(po: Path) -> None:
    assert _load().find("ui.chat.new", "New chat") is None


def test_a_doubtful_entry_is_never_shown(po: Path) -> None:
    assert _load().find("ui.chat.close", "Close") is None
    assert list(_load().texts()) == ["Czat"]
    assert len(_load()) == 1


def test_the_compiled_file_is_made_and_made_again_after_a_change(po: Path) -> None:
    _load()
    compiled = po.with_suffix(".mo")
    assert compiled.exists()
    po.write_text(PO.replace("Czat", "Rozmowa"), encoding="utf-8")
    os.utime(po, ns=(0, compiled.stat().st_mtime_ns + 1))
    assert _load().find("ui.chat.title", "Chat") == "Rozmowa"


def test_compiling_leaves_no_other_file_behind(po: Path) -> None:
    _load()
    assert {path.name for path in po.parent.iterdir()} == {"bot.po", "bot.mo"}


def test_a_missing_catalogue_is_empty(po: Path) -> None:
    assert len(_load("so")) == 0
    assert _load("so").find("ui.chat.title", "Chat") is None


def test_english_returns_itself() -> None:
    assert load_catalogue("en").find("no.such.key", "Anything") == "Anything"


def test_a_file_in_another_encoding_is_a_data_error(po: Path) -> None:
    po.write_bytes(PO.replace("Czat", "Łódź").encode("iso-8859-2"))
    with pytest.raises(DataError, match=r"bot\.po"):
        _load()


def test_most_texts_of_every_language_are_there(each_translation: Locale, texts: list[SourceText]) -> None:
    translated = sum(load_catalogue(each_translation.tag).find(text.key, text.english) is not None for text in texts)
    assert translated / len(texts) > 0.95
