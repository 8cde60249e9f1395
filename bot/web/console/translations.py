"""Translations: how far each language is, what there is to review beside the English, and the files to take away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.reviews import Review, problems_of, reviews_of
from bot.console.translation_list import (
    BEHIND,
    STATES,
    Text,
    count_states,
    export_catalogue,
    filter_texts,
    texts_of,
)
from bot.core.errors import NotFound
from bot.i18n.approval import approval_mark
from bot.i18n.coverage import KINDS, all_sources
from bot.i18n.locales import SOURCE_LANGUAGE, Locale, get_locale, load_locales
from bot.web.console.page import PREFIX, get
from bot.web.console.visit import NotAllowed, Visit

TRANSLATIONS = f"{PREFIX}/translations"
LANGUAGE = "/translations/{language:[A-Za-z0-9-]{2,16}}"
SEE = "see_translations"
ON_A_PAGE = 25
TEXT_KINDS = ("answer", *KINDS)
LONGEST_WORDS = 80


@dataclass(frozen=True)
class Chosen:
    """What of a language is shown; `query(page)` is the address of another page of it."""

    state: str
    kind: str
    words: str
    page: int

    def query(self, page: int) -> str:
        """Return the same as the query of an address, on another page."""
        return urlencode({"state": self.state, "kind": self.kind, "q": self.words, "page": page})


async def get_translations(visit: Visit) -> web.StreamResponse:
    """GET /console/translations: every language and how far it is."""
    translated = [locale for locale in load_locales() if is_shown(visit, locale)]
    translated.sort(key=lambda locale: locale.tag not in visit.user.languages)
    reviews = await visit.run(lambda connection: {one.tag: reviews_of(connection, one.tag) for one in translated})
    numbers = await asyncio.to_thread(
        lambda: [(locale, count_states(texts_of(locale, reviews[locale.tag]))) for locale in translated]
    )
    return visit.render(numbers=numbers, states=STATES, total=len(all_sources()))


async def get_language(visit: Visit) -> web.StreamResponse:
    """GET /console/translations/{language}: its texts. `?state&kind&q&page`."""
    locale, texts = await texts_here(visit)
    chosen = _chosen(visit)
    found = filter_texts(texts, state=chosen.state, kind=chosen.kind, words=chosen.words)
    first = (chosen.page - 1) * ON_A_PAGE
    shown = found[first : first + ON_A_PAGE]
    return visit.render(
        locale=locale,
        chosen=chosen,
        states=("", BEHIND, *STATES),
        kinds=("", *TEXT_KINDS),
        rows=[
            (
                text,
                problems_of(locale, text.present.source, text.translation),
                approval_mark(text.present.source.english, text.translation),
            )
            for text in shown
        ],
        number=len(found),
        first=first,
        has_more=len(found) > first + ON_A_PAGE,
        numbers=count_states(texts),
    )


async def get_export(visit: Visit) -> web.StreamResponse:
    """GET /console/translations/{language}/export: a `.po` file; `?whole=1` with the other texts too."""
    locale, texts = await texts_here(visit)
    is_whole = visit.request.query.get("whole") == "1"
    body = await asyncio.to_thread(lambda: export_catalogue(locale, texts, is_whole=is_whole))
    await visit.run(lambda connection: visit.record(connection, "translations_taken", object=f"language:{locale.tag}"))
    name = f"{locale.folder}.po" if is_whole else f"{locale.folder}-approved.po"
    return web.Response(
        body=body.encode("utf-8"),
        content_type="text/x-gettext-translation",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def texts_here(visit: Visit) -> tuple[Locale, list[Text]]:
    """Return the language of the address and its texts.

    Raises:
        NotFound: it is none that is translated into.
    """
    locale = language_here(visit)
    found: Sequence[Review] = await visit.run(lambda connection: _reviews(connection, locale))
    return locale, await asyncio.to_thread(texts_of, locale, found)


def is_shown(visit: Visit, locale: Locale) -> bool:
    """Whether somebody may see the translations into a language."""
    return locale.tag != SOURCE_LANGUAGE and visit.may_in(SEE, locale.tag)


def language_here(visit: Visit, action: str = SEE) -> Locale:
    """Return the language of the address, in which the action is allowed.

    Raises:
        NotFound: it is none that is translated into.
        NotAllowed: it is none of theirs.
    """
    tag = visit.request.match_info["language"]
    locale = get_locale(tag)
    if locale.tag == SOURCE_LANGUAGE or locale.tag != tag:
        raise NotFound(f"no translations into {tag!r}")
    if not visit.may_in(action, tag):
        raise NotAllowed("language_of_others", f"language:{tag}")
    return locale


def _reviews(connection: Connection, locale: Locale) -> list[Review]:
    return reviews_of(connection, locale.tag)


def _chosen(visit: Visit) -> Chosen:
    query = visit.request.query
    state, kind, page = query.get("state", ""), query.get("kind", ""), query.get("page", "")
    return Chosen(
        state=state if state in (BEHIND, *STATES) else "",
        kind=kind if kind in TEXT_KINDS else "",
        words=query.get("q", "").strip()[:LONGEST_WORDS],
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
    )


PAGES = (
    get("/translations", get_translations, action=SEE, template="translations.html", menu="translations"),
    get(LANGUAGE, get_language, action=SEE, template="translation_list.html"),
    get(f"{LANGUAGE}/export", get_export, action=SEE, step_up=True),
)
