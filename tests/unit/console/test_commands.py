"""`doorway users` as the host uses it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from bot import cli
from bot.console.audit import list_entries
from bot.console.passwords import is_password
from bot.console.users import find_by_email, is_open
from bot.core.database import Database

PASSWORD = "tulip engine marble 9"


class Host:
    """Somebody at the terminal of the server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str) -> None:
        self._monkeypatch, self._capsys, self.database = monkeypatch, capsys, Database(url)

    def runs(self, *words: str) -> tuple[int, str, str]:
        """Run `doorway users …`; return exit code, output, errors."""
        self._monkeypatch.setattr(sys, "argv", ["doorway", "users", *words])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Host:
    """The host, with a database of their own."""
    url = f"sqlite:///{tmp_path / 'users.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DOORWAY_PUBLIC_URL", "https://help.example/")
    return Host(monkeypatch, capsys, url)


def test_the_first_administrator_opens_the_console_with_a_link(host: Host) -> None:
    assert not host.database.run_now(is_open)
    code, out, err = host.runs("create-admin", "bob@example.org", "--name", "Bob Root")
    assert (code, err) == (0, "")
    assert out.startswith("https://help.example/console/invitation/")
    assert host.database.run_now(is_open)


def test_a_password_can_be_given_at_the_terminal(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_args, **_options: PASSWORD)
    code, out, _ = host.runs("create-admin", "bob@example.org", "--password")
    assert (code, out) == (0, "bob@example.org\n")
    user = host.database.run_now(lambda connection: find_by_email(connection, "bob@example.org"))
    assert user
    assert is_password(user.password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create-admin", "no address"), "not an e-mail address"),
        (("invite", "a@b.example", "--role", "root"), "choose a role"),
        (("invite", "bob@example.org", "--role", "tester"), "another role"),
        (("disable", "bob@example.org"), "last administrator"),
        (("create-admin", "bob@example.org"), "already"),
    ],
)
def test_what_does_not_work_is_said_in_one_line(host: Host, words: tuple[str, ...], said: str) -> None:
    host.runs("create-admin", "bob@example.org")
    code, out, err = host.runs(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_a_weak_password_is_refused_at_the_terminal_too(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_args, **_options: "password1234")
    code, _, err = host.runs("create-admin", "bob@example.org", "--password")
    assert code == 2
    assert "easy to guess" in err
    assert not host.database.run_now(is_open)


def test_somebody_is_invited_closed_and_opened_again(host: Host) -> None:
    host.runs("create-admin", "bob@example.org", "--name", "Bob Root")
    code, out, _ = host.runs("invite", "amina@example.org", "--role", "tester", "--name", "Amina Yusuf", "--json")
    assert code == 0
    first = json.loads(out)
    assert first["role"] == "tester"
    again = json.loads(host.runs("invite", "amina@example.org", "--role", "tester", "--json")[1])
    assert again["link"] != first["link"]
    assert host.runs("disable", "amina@example.org")[0] == 0
    assert host.runs("invite", "amina@example.org", "--role", "tester")[0] == 2
    assert "amina@example.org\ttester\tdisabled" in host.runs("list")[1]
    assert host.runs("disable", "amina@example.org", "--undo")[0] == 0
    listed = json.loads(host.runs("list", "--json")[1])
    assert [user["state"] for user in listed["users"]] == ["invited", "invited"]
    entries = host.database.run_now(list_entries)
    assert [entry.action for entry in reversed(entries)] == [
        "admin_created",
        "user_invited",
        "user_invited_again",
        "user_disabled",
        "user_enabled",
    ]
    assert {entry.role for entry in entries} == {"host"}
    assert listed["audit"]["digest"] == entries[0].digest


def test_an_unknown_account_is_a_problem(host: Host) -> None:
    code, _, err = host.runs("disable", "nobody@example.org")
    assert code == 1
    assert "nobody@example.org" in err


def test_the_list_fails_when_the_audit_list_was_changed(host: Host) -> None:
    host.runs("create-admin", "bob@example.org")

    def tamper(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TRIGGER console_audit_no_update")
        connection.exec_driver_sql("UPDATE console_audit SET actor = 'me'")

    host.database.run_now(tamper)
    code, _, err = host.runs("list")
    assert code == 1
    assert "entry 1 does not fit" in err


def test_a_translator_is_invited_with_languages(host: Host) -> None:
    host.runs("create-admin", "bob@example.org")
    words = ("invite", "amina@example.org", "--role", "translator")
    code, _, err = host.runs(*words)
    assert (code, "at least one language" in err) == (2, True)
    assert host.runs(*words, "--language", "so", "--language", "ar")[0] == 0
    assert "amina@example.org\ttranslator\tinvited\tamina@example.org\tar so" in host.runs("list")[1]
    assert host.runs(*words)[0] == 0  # a new link for the same account
    assert host.runs(*words, "--language", "pl")[0] == 2
