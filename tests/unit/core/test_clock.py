"""The clock can be set to a day."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.core.clock import now, timestamp, today
from bot.core.errors import ConfigError


def test_the_day_can_be_set_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", "2027-03-01")
    assert today() == dt.date(2027, 3, 1)


def test_without_a_set_day_it_is_today() -> None:
    before = dt.datetime.now(dt.timezone.utc).date()
    assert before <= today() <= before + dt.timedelta(days=1)


def test_a_day_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWAY_TODAY", "tomorrow")
    with pytest.raises(ConfigError, match="DOORWAY_TODAY"):
        today()


def test_the_moment_has_its_zone_and_agrees_with_the_timestamp() -> None:
    moment = now()
    assert moment.utcoffset() == dt.timedelta(0)
    assert 0 <= timestamp() - moment.timestamp() < 5
