"""From the English sources to `locales/bot.pot` and on into every catalogue.

`python -m bot.i18n.extract` rewrites the template and merges it: new texts come in empty, changed ones fall out (their
translation was of another sentence), order and dates stay calm so that a change shows only what changed.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.core.paths import LOCALES
from bot.i18n.approval import approval_mark, is_approval
from bot.i18n.catalogue import po_path
from bot.i18n.locales import SOURCE_LANGUAGE, Locale, load_locales
from bot.i18n.sources import SourceText, source_texts

TEMPLATE = LOCALES / "bot.pot"
# Headers that change with every run and say nothing.
RESTLESS = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To): '
    r"[^\n]*\n",
    re.M,
)


def build_template(texts: Iterable[SourceText]) -> str:
    """Return the text of `bot.pot`."""
    return _render(_catalog(texts, {}, None))


def merge(texts: Iterable[SourceText], locale: Locale, approved: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the text of a locale's `bot.po` with today's sources and its present translations.

    `approved`: translations by key that take the place of those, each marked as approved.
    """
    path = po_path(locale.tag)
    texts = list(texts)
    known: dict[tuple[str, str], Message] = {}
    if path.exists():
        for message in read_po(io.BytesIO(path.read_bytes())):
            if message.id and message.string:
                known[message.context or "", str(message.id)] = message
    for text in texts:
        if text.key in approved:
            place = text.key, text.english
            known[place] = _approved(text, approved[text.key], known.get(place))
    return _render(_catalog(texts, known, locale))


def write_all() -> list[Path]:
    """Rewrite the template and every catalogue; return the files that changed."""
    texts = list(source_texts())
    wanted = {TEMPLATE: build_template(texts)}
    wanted |= {po_path(locale.tag): merge(texts, locale) for locale in load_locales() if locale.tag != SOURCE_LANGUAGE}
    changed = []
    for path, content in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            changed.append(path)
    return changed


def _approved(text: SourceText, translation: str, before: Message | None) -> Message:
    others = [comment for comment in before.user_comments if not is_approval(comment)] if before else []
    mark = approval_mark(text.english, translation)
    return Message(text.english, translation, context=text.key, user_comments=[*others, mark])


def _catalog(texts: Iterable[SourceText], known: dict[tuple[str, str], Message], locale: Locale | None) -> Catalog:
    catalog = Catalog(
        locale=locale.folder if locale else None,
        project="Doorway",
        version="1",
        fuzzy=False,
        header_comment=f"# {locale.english_name} texts of Doorway." if locale else "# Texts of Doorway, English.",
    )
    for text in texts:
        message = known.get((text.key, text.english))
        catalog.add(
            text.english,
            str(message.string) if message else "",
            context=text.key,
            locations=[(text.path, None)],
            flags={"fuzzy"} if message and message.fuzzy else (),  # what a translator doubts stays unshown
            user_comments=message.user_comments if message else (),
        )
    return catalog


def _render(catalog: Catalog) -> str:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0)
    return RESTLESS.sub("", buffer.getvalue().decode("utf-8"))


if __name__ == "__main__":
    for changed_path in write_all():
        sys.stdout.write(f"{changed_path}\n")
