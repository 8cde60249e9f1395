"""Pauses: the table, and what channels say meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Connection

from bot.channels.pauses import Pauses
from bot.console.pauses import list_pauses, maintenance_texts, pause, read_switches, resume, set_maintenance
from bot.console.withdrawn import withdraw
from bot.core.errors import NotFound, UserInputError
from bot.i18n.locales import Locale

NOW = 1_800_000_000.0


def test_a_pause_begins_once_and_ends(connection: Connection) -> None:
    assert pause(connection, "channel", "web", reason="new model", by="bob", now=NOW)
    assert not pause(connection, "channel", "web", reason="again", by="eve", now=NOW)
    assert [(one.name, one.reason, one.by) for one in list_pauses(connection)] == [("web", "new model", "bob")]
    resume(connection, "channel", "web")
    assert list_pauses(connection) == []
    with pytest.raises(NotFound):
        resume(connection, "channel", "web")


@pytest.mark.parametrize(
    ("kind", "name", "reason", "code"),
    [
        ("topic", "no_such", "x", "topic"),
        ("topic", "greet", "x", "topic"),
        ("channel", "fax", "x", "channel"),
        ("user", "bob", "x", "channel"),
        ("topic", "repairs", "  ", "reason"),
        ("topic", "repairs", "a" * 301, "reason"),
    ],
)
def test_only_what_there_is_has_a_pause_and_with_a_reason(
    connection: Connection, kind: str, name: str, reason: str, code: str
) -> None:
    with pytest.raises(UserInputError) as problem:
        pause(connection, kind, name, reason=reason, by="bob", now=NOW)
    assert problem.value.code == code


def test_paused_and_withdrawn_topics_are_off_alike(connection: Connection) -> None:
    withdraw(connection, "noise", reason="wrong number", by="eve", now=NOW)
    pause(connection, "topic", "repairs", reason="the law changes", by="bob", now=NOW)
    pause(connection, "channel", "sms", reason="too dear", by="bob", now=NOW)
    set_maintenance(connection, "pl", "Wracamy jutro.", by="bob", now=NOW)
    switches = read_switches(connection)
    assert (switches.topics, switches.channels) == ({"noise", "repairs"}, {"sms"})
    assert switches.texts == {"pl": "Wracamy jutro."}


def test_a_text_is_replaced_and_taken_away(connection: Connection) -> None:
    for words in ("Back tomorrow.", "Back on\u202e Friday."):
        set_maintenance(connection, "en", words, by="bob", now=NOW)
    assert maintenance_texts(connection) == {"en": "Back on Friday."}
    set_maintenance(connection, "en", "  ", by="bob", now=NOW)
    assert maintenance_texts(connection) == {}


@pytest.mark.parametrize(("language", "text", "code"), [("xx", "a", "language"), ("en", "a" * 301, "maintenance_long")])
def test_texts_that_do_not_fit_are_refused(connection: Connection, language: str, text: str, code: str) -> None:
    with pytest.raises(UserInputError) as problem:
        set_maintenance(connection, language, text, by="bob", now=NOW)
    assert problem.value.code == code


def test_a_notice_says_what_to_do_in_danger_in_every_language(each_locale: Locale) -> None:
    pauses = Pauses()
    pauses.replace(["web"], {"en": "Back tomorrow."})
    lines = [line for block in pauses.notice(each_locale.tag).blocks for line in block.lines]
    assert "999" in lines[-1].text
    assert (lines[0].text == "Back tomorrow.") is (each_locale.tag == "en")


def test_the_words_of_the_host_come_first_with_their_english() -> None:
    pauses = Pauses()
    pauses.replace(["web"], {"en": "Back tomorrow.", "pl": "Wracamy jutro."})
    first = pauses.notice("pl").blocks[0].lines[0]
    assert (first.text, first.english) == ("Wracamy jutro.", "Back tomorrow.")
