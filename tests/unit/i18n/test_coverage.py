"""How far a text is translated, read from small catalogues."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import DataError
from bot.i18n import coverage
from bot.i18n.approval import approval_mark
from bot.i18n.coverage import translations_of
from bot.i18n.locales import Locale, get_locale
from bot.i18n.sources import SourceText

TEXT = SourceText("ui.app.hello", "Hello", "data/interface.yml")


def state_in(catalogue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: Locale | None = None) -> str:
    """Return the state of `TEXT` in a catalogue with this entry."""
    path = tmp_path / "bot.po"
    path.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + catalogue, encoding="utf-8")
    monkeypatch.setattr(coverage, "po_path", lambda _tag: path)
    return translations_of(locale or get_locale("pl"), [TEXT])[0].state


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        ("", "missing"),
        ('msgctxt "ui.app.hello"\nmsgid "Hello"\nmsgstr ""\n', "missing"),
        ('msgctxt "ui.app.bye"\nmsgid "Hello"\nmsgstr "Witaj"\n', "missing"),
        ('msgctxt "ui.app.hello"\nmsgid "Good day"\nmsgstr "Witaj"\n', "changed"),
        ('#, fuzzy\nmsgctxt "ui.app.hello"\nmsgid "Hello"\nmsgstr "Witaj"\n', "doubtful"),
        ('msgctxt "ui.app.hello"\nmsgid "Hello"\nmsgstr "Witaj"\n', "draft"),
        (f'# {approval_mark("Hello", "Witaj")}\nmsgctxt "ui.app.hello"\nmsgid "Hello"\nmsgstr "Witaj"\n', "approved"),
        (f'# {approval_mark("Hello", "Cześć")}\nmsgctxt "ui.app.hello"\nmsgid "Hello"\nmsgstr "Witaj"\n', "draft"),
    ],
)
def test_the_state_of_a_text(entry: str, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert state_in(entry, tmp_path, monkeypatch) == state


def test_a_reviewed_language_is_approved_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed = Locale("pl", "Polski", "Polish", "ltr", "Latn", "reviewed")
    entry = 'msgctxt "ui.app.hello"\nmsgid "Hello"\nmsgstr "Witaj"\n'
    assert state_in(entry, tmp_path, monkeypatch, reviewed) == "approved"


def test_a_changed_text_tells_what_it_was_translated_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state_in('msgctxt "ui.app.hello"\nmsgid "Good day"\nmsgstr "Witaj"\n', tmp_path, monkeypatch)
    found = translations_of(get_locale("pl"), [TEXT])[0]
    assert (found.translation, found.earlier) == ("Witaj", "Good day")


def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bot.po"
    path.write_bytes(b'msgid "\xff\xfe"\nmsgstr "x"\n')
    monkeypatch.setattr(coverage, "po_path", lambda _tag: path)
    with pytest.raises(DataError, match=r"bot\.po"):
        translations_of(get_locale("pl"), [TEXT])


def test_every_language_has_a_state_for_every_text(each_translation: Locale) -> None:
    assert len(translations_of(each_translation)) == len(coverage.all_sources())
