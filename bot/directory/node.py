"""One object of a feed, read field by field; what had to be mended or refused goes into the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.directory import fields
from bot.directory.oruk_writer import is_uuid, new_id
from bot.directory.report import Report

ABSENT = (None, "", "null", "None", "N/A", "n/a")


class Node:
    """An object with its place in the feed."""

    def __init__(self, raw: dict[str, Any], report: Report, feed: str, where: str) -> None:
        self.raw, self.report, self.feed, self.where = raw, report, feed, where

    def first(self, *names: str) -> Any:
        """Return the first value that is there, or None."""
        return next((self.raw[name] for name in names if self.raw.get(name) not in ABSENT), None)

    def text(self, *names: str) -> str:
        """Return plain text."""
        value = self.first(*names)
        text = fields.to_text(value)
        if isinstance(value, str) and fields.TAG.search(value) and text != value.strip():
            self.note("mended.html", names[0], value)
        if isinstance(value, str) and fields.SCRIPT.search(value):
            self.note("refused.script", names[0], value)
        return text

    def line(self, *names: str) -> str:
        """Return plain text on one line."""
        return " ".join(self.text(*names).split())

    def link(self, *names: str) -> str:
        """Return a web address."""
        return self._mended(fields.to_link, "link", names)

    def email(self, *names: str) -> str:
        """Return an e-mail address."""
        return self._mended(fields.to_email, "email", names)

    def time(self, name: str) -> str:
        """Return a time as HH:MM."""
        return self._mended(fields.to_time, "time", (name,))

    def date(self, name: str) -> str:
        """Return a day."""
        return self._mended(fields.to_date, "date", (name,))

    def moment(self, name: str) -> str:
        """Return a moment in UTC."""
        return self._mended(fields.to_moment, "date", (name,))

    def phone(self, name: str) -> str:
        """Return a phone number."""
        return self._mended(fields.to_phone, "phone", (name,))

    def number(self, *names: str) -> float | None:
        """Return a number."""
        value = self.first(*names)
        number = fields.to_number(value)
        if value is not None and number is None:
            self.note("refused.number", names[0], value)
        elif isinstance(value, str):
            self.note("mended.number", names[0], value)
        return number

    def id(self, kind: str, key: str = "id", *, at: int = 0) -> str:
        """Return the id: as it is when it is a UUID, else one made of the feed and it, or of its place."""
        value = self.first(key)
        if isinstance(value, str) and is_uuid(value.strip()):
            return value.strip().lower()
        if value is None:
            return new_id(self.feed, kind, self.where, str(at))
        self.note("mended.id", key, value)
        return new_id(self.feed, kind, fields.to_text(value))

    def child(self, *names: str) -> Node | None:
        """Return an object inside, or None."""
        value = self.first(*names)
        if isinstance(value, list) and value:
            value = value[0]
        return self._node(value, names[0]) if isinstance(value, dict) and value else None

    def children(self, *names: str) -> Iterator[tuple[int, Node]]:
        """Yield the objects of a list with their number; a single object counts as a list of one."""
        value = self.first(*names)
        for at, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, dict):
                yield at, self._node(item, f"{names[0]}[{at}]")
            elif item not in ABSENT:
                self.note("refused.entry", names[0], item)

    def note(self, kind: str, name: str, value: object = "") -> None:
        """Record what was mended or refused here."""
        self.report.note(kind, f"{self.where}/{name}", value)

    def _node(self, raw: dict[str, Any], name: str) -> Node:
        return Node(raw, self.report, self.feed, f"{self.where}/{name}")

    def _mended(self, read: Any, what: str, names: tuple[str, ...]) -> str:
        value = self.first(*names)
        if value is None:
            return ""
        result: str = read(value)
        if not result:
            self.note(f"refused.{what}", names[0], value)
        elif result != str(value):
            self.note(f"mended.{what}", names[0], value)
        return result
