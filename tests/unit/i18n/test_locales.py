"""The locale registry and how a language is found."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import DataError, NotFound
from bot.i18n import locales
from bot.i18n.locales import Locale, find_locale, get_locale, load_locales, negotiate_locale

ENTRY = "{tag: xx, name: X, english_name: X, direction: ltr, script: Latn, state: draft"


def test_english_comes_first_and_tags_are_unique() -> None:
    tags = [locale.tag for locale in load_locales()]
    assert tags[0] == "en"
    assert len(set(tags)) == len(tags)


def test_a_language_is_named_in_its_own_script(each_locale: Locale) -> None:
    script = {"Latn": "LATIN", "Arab": "ARABIC", "Cyrl": "CYRILLIC", "Beng": "BENGALI"}[each_locale.script]
    letters = [char for char in each_locale.name if char.isalpha()]
    assert letters
    assert all(unicodedata.name(char).startswith(script) for char in letters)


def test_the_direction_follows_the_script(each_locale: Locale) -> None:
    assert each_locale.direction == ("rtl" if each_locale.script == "Arab" else "ltr")


def test_everything_but_reviewed_is_a_draft() -> None:
    assert not get_locale("en").is_draft
    assert Locale("xx", "X", "X", "ltr", "Latn", "draft").is_draft


def test_the_gettext_folder_has_an_underscore() -> None:
    assert Locale("fa-AF", "دری", "Dari", "rtl", "Arab", "draft").folder == "fa_AF"


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("pl", "pl"),
        ("pl-PL", "pl"),
        ("pl_PL", "pl"),
        ("PL", "pl"),
        ("AR-eg", "ar"),
        ("uk-Cyrl-UA", "uk"),
        ("xx", None),
        ("", None),
        (None, None),
        ("pl\n", None),
        ("../pl", None),
        ("pl/../en", None),
        ("p", None),
        ("ｐｌ", None),
        ("pl" + "-aa" * 5000, "pl"),
    ],
)
def test_a_tag_finds_its_language_or_a_shorter_one(tag: str | None, found: str | None) -> None:
    locale = find_locale(tag)
    assert (locale.tag if locale else None) == found


def test_an_unknown_language_is_not_found() -> None:
    with pytest.raises(NotFound, match="xx"):
        get_locale("xx")


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("pl", "pl"),
        ("de;q=0.9, so;q=0.8, en;q=0.7", "so"),
        ("en;q=0.1, uk;q=0.9", "uk"),
        ("ar-SY,ar;q=0.9,en;q=0.8", "ar"),
        ("pl;q=0, uk;q=0.1", "uk"),
        ("pl;q=0", "en"),
        ("pl;q=0.000, *", "en"),
        ("*", "en"),
        ("so ; q=1.0 , pl", "so"),
        (",,;;q=,", "en"),
        ("xx-" * 50 + ",pl", "pl"),
        (",".join(["xx"] * 20) + ",pl", "en"),  # only the first twenty are read
    ],
)
def test_the_browser_header_chooses_the_best_language(header: str, tag: str) -> None:
    assert negotiate_locale(header).tag == tag


@given(st.text(max_size=200))
def test_any_header_gives_a_language(header: str) -> None:
    assert negotiate_locale(header) in load_locales()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (ENTRY.replace("ltr", "up") + "}", "direction"),
        (ENTRY.replace("draft", "done") + "}", "state"),
        (ENTRY + ", colour: red}", "colour"),
        ("{tag: xx}", "missing"),
    ],
)
def test_a_wrong_entry_fails_and_names_the_file(
    entry: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locales.yml").write_text(f"- {entry}\n", encoding="utf-8")
    monkeypatch.setattr(locales, "LOCALES", tmp_path)
    with pytest.raises(DataError, match=message) as caught:
        load_locales.__wrapped__()
    assert caught.value.path.endswith("locales.yml")
