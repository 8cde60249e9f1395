"""From the English sources into the catalogues."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.i18n import catalogue, extract
from bot.i18n.catalogue import po_path
from bot.i18n.extract import build_template, merge, write_all
from bot.i18n.locales import get_locale
from bot.i18n.sources import SourceText

OLD = SourceText("ui.chat.title", "Chat", "data/interface.yml")
NEW = SourceText("ui.chat.new", "New chat", "data/interface.yml")


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the Polish catalogue of this test lies."""
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    monkeypatch.setattr(extract, "TEMPLATE", tmp_path / "bot.pot")
    path = po_path("pl")
    path.parent.mkdir(parents=True)
    return path


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")


def _entries(content: str) -> dict[str, str]:
    messages = read_po(io.BytesIO(content.encode()))
    return {message.context: message.string for message in messages if message.id}


def test_the_template_holds_key_english_and_file() -> None:
    content = build_template([OLD])
    assert '#: data/interface.yml\nmsgctxt "ui.chat.title"\nmsgid "Chat"\nmsgstr ""\n' in content


def test_nothing_that_changes_by_itself_stands_in_a_file() -> None:
    content = build_template([OLD])
    assert not [name for name in ("Date", "Translator", "Generated-By", "Team") if name in content]
    assert build_template([OLD]) == content


def test_a_new_text_comes_in_empty_and_an_old_translation_stays(polish: Path) -> None:
    _write(polish, merge([OLD], get_locale("pl")).replace('msgid "Chat"\nmsgstr ""', 'msgid "Chat"\nmsgstr "Czat"'))
    assert _entries(merge([OLD, NEW], get_locale("pl"))) == {"ui.chat.title": "Czat", "ui.chat.new": ""}


def test_changed_english_loses_its_translation(polish: Path) -> None:
    _write(polish, merge([OLD], get_locale("pl")).replace('msgid "Chat"\nmsgstr ""', 'msgid "Chat"\nmsgstr "Czat"'))
    changed = SourceText("ui.chat.title", "Your chat", "data/interface.yml")
    assert _entries(merge([changed], get_locale("pl"))) == {"ui.chat.title": ""}


def test_a_text_that_is_gone_falls_out(polish: Path) -> None:
    _write(polish, merge([OLD, NEW], get_locale("pl")))
    assert list(_entries(merge([NEW], get_locale("pl")))) == ["ui.chat.new"]


def test_merging_twice_changes_nothing(polish: Path) -> None:
    _write(polish, merge([OLD, NEW], get_locale("pl")))
    assert merge([OLD, NEW], get_locale("pl")) == polish.read_text(encoding="utf-8")


def test_a_translators_doubt_and_comment_survive(polish: Path) -> None:
    filled = 'msgid "Chat"\nmsgstr "Czat?"'
    content = merge([OLD], get_locale("pl")).replace('msgid "Chat"\nmsgstr ""', filled)
    _write(polish, content.replace("#: data/interface.yml", "# ask Anna\n#: data/interface.yml\n#, fuzzy"))
    merged = merge([OLD], get_locale("pl"))
    assert "#, fuzzy\n" in merged
    assert "# ask Anna\n" in merged


def test_quotes_and_line_ends_survive(polish: Path) -> None:
    text = SourceText("key", 'Say "yes"\nor {name} \\ no', "x.yml")
    _write(polish, merge([text], get_locale("pl")))
    message = next(m for m in read_po(io.BytesIO(polish.read_bytes())) if m.id)
    assert message.id == text.english


def test_writing_all_says_which_files_changed(polish: Path) -> None:
    changed = write_all()
    assert polish in changed
    assert extract.TEMPLATE in changed
    assert write_all() == []
