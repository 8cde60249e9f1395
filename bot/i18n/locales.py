"""The locale registry: which languages there are, and what each needs.

>>> find_locale("pl-PL").tag
'pl'
>>> find_locale("xx") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot.core.errors import DataError, NotFound
from bot.core.files import load_yaml
from bot.core.paths import LOCALES

SOURCE_LANGUAGE = "en"
TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Locale:
    """One language as people meet it."""

    tag: str
    name: str
    english_name: str
    direction: str
    script: str
    state: str
    spacy: str = "xx"
    romanised: bool = False
    fallback: str = SOURCE_LANGUAGE

    @property
    def folder(self) -> str:
        """The gettext folder: `fa_AF` for `fa-AF`."""
        return self.tag.replace("-", "_")

    @property
    def is_draft(self) -> bool:
        """Whether readers must be told that no named human has reviewed the texts."""
        return self.state != "reviewed"


@cache
def load_locales() -> tuple[Locale, ...]:
    """Return every locale, in the order of the picker.

    Raises:
        DataError: an entry has an unknown key, direction or state.
    """
    path = LOCALES / "locales.yml"
    entries = load_yaml(path)
    locales = []
    for entry in entries:
        try:
            locale = Locale(**entry)
        except TypeError as error:
            raise DataError(str(error), path=str(path)) from None
        if locale.direction not in ("ltr", "rtl") or locale.state not in ("draft", "reviewed"):
            raise DataError(f"{locale.tag}: direction is ltr or rtl, state draft or reviewed", path=str(path))
        locales.append(locale)
    return tuple(locales)


def select_locales(tags: Sequence[str]) -> tuple[Locale, ...]:
    """Return the languages with these tags, English always among them; all of them when no tag is given."""
    return tuple(locale for locale in load_locales() if not tags or locale.tag in (*tags, SOURCE_LANGUAGE))


def find_locale(tag: str | None) -> Locale | None:
    """Return the locale for a BCP 47 tag in any case, trying shorter tags (`pl-PL` → `pl`), or None."""
    if not tag or not TAG.fullmatch(tag.replace("_", "-")):
        return None
    known = {locale.tag.lower(): locale for locale in load_locales()}
    parts = tag.lower().replace("_", "-").split("-")
    while parts:
        candidate = "-".join(parts)
        if candidate in known:
            return known[candidate]
        parts.pop()
    return None


def get_locale(tag: str | None) -> Locale:
    """Return the locale for a tag.

    Raises:
        NotFound: no such language here.
    """
    locale = find_locale(tag)
    if locale is None:
        raise NotFound(f"no language {tag!r}")
    return locale


def negotiate_locale(accept_language: str) -> Locale:
    """Return the best locale for an `Accept-Language` header; English when none fits.

    >>> negotiate_locale("de;q=0.9, so;q=0.8, en;q=0.7").tag
    'so'
    """
    wanted: list[tuple[float, int, str]] = []
    for position, item in enumerate(accept_language.split(",")[:20]):
        tag, _, rest = item.strip().partition(";")
        match = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", rest) if rest else None
        weight = float(match[1]) if match else 1.0
        if weight:  # 0 means: not this one
            wanted.append((-weight, position, tag.strip()))
    for _, _, tag in sorted(wanted):
        locale = find_locale(tag)
        if locale:
            return locale
    return get_locale(SOURCE_LANGUAGE)
