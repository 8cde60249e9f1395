"""The tree of errors and what each carries."""

from __future__ import annotations

import pytest

from bot.core.errors import BotError, ConfigError, DataError, NotFound, RateLimited, SourceUnavailable, UserInputError


@pytest.mark.parametrize("kind", [UserInputError, RateLimited, NotFound, SourceUnavailable, DataError, ConfigError])
def test_every_error_of_ours_has_one_base(kind: type[Exception]) -> None:
    assert issubclass(kind, BotError)


def test_an_input_error_carries_code_status_and_detail() -> None:
    error = UserInputError("too_long", detail="text")
    assert (error.code, error.status, error.detail, str(error)) == ("too_long", 400, "text", "too_long: text")
    assert str(UserInputError("empty")) == "empty"
    assert error.language is None


def test_a_rate_limit_is_a_429_with_the_seconds_to_wait() -> None:
    error = RateLimited(7)
    assert (error.code, error.status, error.seconds) == ("rate_limited", 429, 7)


@pytest.mark.parametrize(
    ("path", "line", "shown"),
    [("a.yml", 3, "a.yml:3: wrong"), ("a.yml", 0, "a.yml: wrong"), ("", 0, "wrong")],
)
def test_a_data_error_names_file_and_line(path: str, line: int, shown: str) -> None:
    error = DataError("wrong", path=path, line=line)
    assert str(error) == shown
    assert (error.path, error.line) == (path, line)
