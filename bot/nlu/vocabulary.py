"""The words that entities are found by, gathered from where each is kept.

Languages come from the registry and Babel's names in every language; statuses and things to throw away from
`data/reference/`. Phrases are folded. Places have a gazetteer of their own (`bot.places`).
"""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale as BabelLocale
from babel.core import UnknownLocaleError

from bot.core.files import load_yaml
from bot.core.paths import REFERENCE
from bot.core.spelling import fold, normalise
from bot.i18n.locales import load_locales

# Folder of one file a language, `{id: [phrases]}` → entity.
NAMED = {"waste/names": "item", "eligibility/names": "status"}
MIN_LETTERS = 3


Vocabulary = dict[tuple[str, str], tuple[str, ...]]  # (entity, value) → folded phrases


def load_language_names() -> Vocabulary:
    """Return the names of our languages in every language: they are looked for whatever is spoken."""
    return _gathered(_languages())


def load_vocabulary(language: str) -> Vocabulary:
    """Return what is looked for in messages of one language: a Polish "but" is a shoe, an English one is not."""
    return _gathered(_named(language))


def _gathered(names: Iterator[tuple[str, str, str]]) -> Vocabulary:
    gathered: dict[tuple[str, str], dict[str, None]] = {}
    for entity, value, phrase in names:
        folded = fold(normalise(phrase))
        if len(folded) >= MIN_LETTERS:
            gathered.setdefault((entity, value), {})[folded] = None
    return {key: tuple(phrases) for key, phrases in gathered.items()}


def _languages() -> Iterator[tuple[str, str, str]]:
    for locale in load_locales():
        yield "language_name", locale.tag, locale.name
        yield "language_name", locale.tag, locale.english_name
        for reader in load_locales():
            name = _language_name(locale.tag, reader.tag)
            if name:
                yield "language_name", locale.tag, name


def _language_name(tag: str, reader: str) -> str | None:
    try:
        return BabelLocale.parse(tag, sep="-").get_language_name(reader.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def _named(language: str) -> Iterator[tuple[str, str, str]]:
    for folder, entity in NAMED.items():
        path = REFERENCE / folder / f"{language}.yml"
        for value, phrases in (load_yaml(path) if path.exists() else {}).items():
            for phrase in phrases:
                yield entity, str(value), str(phrase)
