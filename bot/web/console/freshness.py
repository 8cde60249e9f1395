"""What must be looked at again, and translations of an English that is no more."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.freshness import KINDS, NEAR_DAYS, USE_DAYS, Stale, Use, find_imported, find_stale, sort_stale
from bot.core.clock import today
from bot.i18n.coverage import OUT_OF_DATE, Translated, text_kind, translations_of
from bot.i18n.locales import SOURCE_LANGUAGE, Locale, load_locales
from bot.insight.suppression import LIMIT
from bot.insight.tally import read_use
from bot.web.console.page import get
from bot.web.console.visit import Visit

SHOWN = 300


@dataclass(frozen=True)
class Behind:
    """The texts of a language whose English has changed since, by kind."""

    locale: Locale
    by_kind: dict[str, int]
    texts: list[Translated]


async def get_freshness(visit: Visit) -> web.StreamResponse:
    """GET /console/freshness: `?kind` shows one kind only."""
    day = today()
    since = day - dt.timedelta(days=USE_DAYS)

    def work(connection: Connection) -> tuple[Use, list[Stale]]:
        use = Use(*(read_use(connection, by, since, day) for by in ("topic", "area_code")))
        return use, find_imported(connection, day, use)

    use, imported = await visit.run(work)
    stale = sort_stale([*await asyncio.to_thread(find_stale, day, use), *imported])
    behind = [one for one in await asyncio.to_thread(_behind) if one.texts]
    kind = visit.request.query.get("kind", "")
    shown = [item for item in stale if item.kind == kind] if kind in KINDS else stale
    return visit.render(
        kind=kind if kind in KINDS else "",
        kinds=KINDS,
        numbers=[
            (one, sum(item.is_past(day) for item in of_kind), sum(not item.is_past(day) for item in of_kind))
            for one in KINDS
            for of_kind in [[item for item in stale if item.kind == one]]
        ],
        stale=shown[:SHOWN],
        left_out=max(0, len(shown) - SHOWN),
        behind=behind,
        day=day,
        near_days=NEAR_DAYS,
        use_days=USE_DAYS,
        limit=LIMIT,
    )


def _behind() -> list[Behind]:
    found = []
    for locale in load_locales():
        if locale.tag == SOURCE_LANGUAGE:
            continue
        texts = [text for text in translations_of(locale) if text.state in OUT_OF_DATE]
        found.append(Behind(locale, dict(Counter(text_kind(text.key) for text in texts)), texts))
    return found


PAGES = (get("/freshness", get_freshness, action="see_freshness", template="freshness.html", menu="freshness"),)
