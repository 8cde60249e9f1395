"""Settings: read, cast and refused with the name of the variable."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from bot.core.errors import ConfigError
from bot.core.settings import Settings, load_settings

LONG_KEY = "k" * 32


def test_an_empty_environment_gives_the_defaults(settings: Settings) -> None:
    assert settings == Settings()
    assert (settings.port, settings.retention_hours, settings.trust_proxy) == (8080, 24, False)


def test_values_are_cast_to_their_type() -> None:
    settings = load_settings({"DOORWAY_PORT": " 9000 ", "DOORWAY_TRUST_PROXY": "yes", "DOORWAY_OPERATOR": "Anna & Co"})
    assert (settings.port, settings.trust_proxy, settings.operator) == (9000, True, "Anna & Co")


def test_an_empty_value_is_not_set() -> None:
    assert load_settings({"DOORWAY_PORT": "  "}).port == 8080


def test_a_keyword_wins_over_the_environment_and_none_does_not() -> None:
    settings = load_settings({"DOORWAY_PORT": "9000", "DOORWAY_HOST": "192.0.2.1"}, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "192.0.2.1")


def test_the_environment_of_the_process_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWAY_TEXT_LIMIT", "321")
    assert load_settings().text_limit == 321


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOORWAY_PORT", "http"),
        ("DOORWAY_PORT", "70000"),
        ("DOORWAY_PORT", "-1"),
        ("DOORWAY_TRUST_PROXY", "maybe"),
        ("DOORWAY_RETENTION_HOURS", "0"),
        ("DOORWAY_TEXT_LIMIT", "0"),
        ("DOORWAY_MESSAGES_PER_MINUTE", "0"),
        ("DOORWAY_REQUESTS_PER_MINUTE", "-5"),
        ("DOORWAY_SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://host/name"),
        ("REDIS_URL", "localhost:6379"),
        ("DOORWAY_LOG_LEVEL", "LOUD"),
    ],
)
def test_an_impossible_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_settings({name: value})


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "postgres://u@h/d"])
def test_a_postgresql_address_is_known_as_such(url: str) -> None:
    assert load_settings({"DATABASE_URL": url}).is_postgres


def test_a_sqlite_address_is_not_postgresql() -> None:
    assert not load_settings({"DATABASE_URL": "sqlite:////tmp/x.sqlite"}).is_postgres


def test_sites_are_split_at_spaces() -> None:
    settings = load_settings({"DOORWAY_ALLOWED_SITES": "https://a.example  https://b.example:8443"})
    assert settings.site_origins == ("https://a.example", "https://b.example:8443")


def test_no_secret_stands_in_the_printed_settings() -> None:
    settings = load_settings(
        {"DOORWAY_SECRET_KEY": LONG_KEY, "DATABASE_URL": "postgresql://u:pass1@h/d", "REDIS_URL": "redis://:pass2@h"}
    )
    printed = repr(settings)
    assert not any(secret in printed for secret in (LONG_KEY, "pass1", "pass2"))


def test_settings_cannot_be_changed(settings: Settings) -> None:
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]  # that is what is tested


def test_every_setting_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [spec.metadata["env"] for spec in fields(Settings)]
    assert len(set(names)) == len(names)
    assert all(spec.metadata["doc"] for spec in fields(Settings))
