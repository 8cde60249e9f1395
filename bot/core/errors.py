"""Every error Doorway raises on purpose.

BotError
├── UserInputError      the person or the caller sent something unusable; carries a code, the words are looked up by it
│   └── RateLimited    … and how many seconds to wait
├── NotFound            a topic, service, session … that does not exist
├── SourceUnavailable   something outside did not answer in time
├── DataError           content or reference data is wrong: fails the build, names file and line
└── ConfigError         a setting is wrong: fails the start
"""

from __future__ import annotations


class BotError(Exception):
    """Base of all errors that are told to somebody."""


class UserInputError(BotError):
    """Input we cannot use. `code` is the catalogue key `error.<code>` without its prefix."""

    def __init__(self, code: str, *, status: int = 400, detail: str = "") -> None:
        super().__init__(code if not detail else f"{code}: {detail}")
        self.code = code
        self.status = status
        self.detail = detail
        self.language: str | None = None  # of the person, where it was known when the error arose


class RateLimited(UserInputError):
    """Too much in too short a time; `seconds` until the next is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__("rate_limited", status=429)
        self.seconds = seconds


class NotFound(BotError):
    """No such thing."""


class SourceUnavailable(BotError):
    """An outside service did not answer in time."""


class DataError(BotError):
    """A content or reference file is wrong."""

    def __init__(self, message: str, *, path: str = "", line: int = 0) -> None:
        place = f"{path}:{line}: " if line else f"{path}: " if path else ""
        super().__init__(place + message)
        self.path = path
        self.line = line


class ConfigError(BotError):
    """A setting is missing or has an impossible value."""
