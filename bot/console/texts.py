"""The words of the console: English, for staff, by key. Not translated; people's pages are in data/interface.yml."""

from __future__ import annotations

from functools import cache

from bot.core.errors import DataError
from bot.core.files import load_yaml
from bot.core.paths import DATA

PATH = DATA / "console.yml"


@cache
def load_texts() -> dict[str, str]:
    """Return the texts by key `<group>.<name>`.

    Raises:
        DataError: a text is empty or no text.
    """
    texts = {}
    for group, entries in load_yaml(PATH).items():
        for name, text in entries.items():
            if not isinstance(text, str) or not text.strip():
                raise DataError(f"{group}.{name} is no text", path=str(PATH))
            texts[f"{group}.{name}"] = text
    return texts


def text(key: str, **values: object) -> str:
    """Return a text with the names in braces filled in.

    Raises:
        KeyError: there is no such key, or a name is not given.
    """
    return load_texts()[key].format(**values)
