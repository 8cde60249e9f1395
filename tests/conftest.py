"""What most tests need: a database in memory, settings of no machine, a fixed day, every language."""

from __future__ import annotations

import os

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")  # Rasa's models; `make` sets it too

import datetime as dt
from collections.abc import Iterator

import hypothesis
import pytest
from sqlalchemy.engine import Connection

import bot.trackers  # noqa: F401 — registers the conversations table before a database is opened
from bot.core.database import Database
from bot.core.settings import Settings, load_settings
from bot.i18n.locales import SOURCE_LANGUAGE, Locale, load_locales

hypothesis.settings.register_profile("doorway", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("doorway")

TODAY = dt.date(2027, 1, 15)
OWN_VARIABLES = ("DOORWAY_", "DATABASE_URL", "REDIS_URL")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(OWN_VARIABLES):
            monkeypatch.delenv(name)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> dt.date:
    """The day it is, for code that asks `bot.core.clock`."""
    monkeypatch.setenv("DOORWAY_TODAY", TODAY.isoformat())
    return TODAY


@pytest.fixture
def settings() -> Settings:
    """Settings as they are when nothing is set."""
    return load_settings({})


@pytest.fixture
def database() -> Iterator[Database]:
    """An empty database in memory."""
    opened = Database("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A transaction of that database."""
    with database.engine.begin() as begun:
        yield begun


@pytest.fixture(params=[locale.tag for locale in load_locales()])
def each_locale(request: pytest.FixtureRequest) -> Locale:
    """Every language, one after another."""
    return next(locale for locale in load_locales() if locale.tag == request.param)


@pytest.fixture(params=[locale.tag for locale in load_locales() if locale.tag != SOURCE_LANGUAGE])
def each_translation(request: pytest.FixtureRequest) -> Locale:
    """Every language but English."""
    return next(locale for locale in load_locales() if locale.tag == request.param)
