"""One text in one language: the English, the translation, what was proposed; propose, approve, refuse."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.reviews import (
    PROPOSED,
    Review,
    approve,
    approve_present,
    problems_of,
    propose,
    refuse,
    reviews_of,
    take_back,
)
from bot.console.translation_list import Text, texts_of
from bot.console.users import list_users
from bot.core.errors import NotFound, UserInputError
from bot.core.text import mask
from bot.i18n.approval import approval_mark
from bot.i18n.coverage import all_sources
from bot.i18n.locales import Locale
from bot.web.console.page import get, post
from bot.web.console.translations import LANGUAGE, TRANSLATIONS, language_here
from bot.web.console.visit import Visit

BODY_LIMIT = 32 * 1024  # each sign may take nine bytes in a form
ONE = LANGUAGE + r"/{key:[A-Za-z][\w.-]{1,110}}"


async def get_one(visit: Visit) -> web.StreamResponse:
    """GET /console/translations/{language}/{key}."""
    return await _show(visit)


async def post_one(visit: Visit) -> web.StreamResponse:
    """POST /console/translations/{language}/{key}: propose a translation, or take one's own back."""
    locale, key, wanted = language_here(visit, "translate"), visit.request.match_info["key"], visit.field("do")

    def work(connection: Connection) -> None:
        text = _text(connection, locale, key)
        if wanted == "propose":
            review = propose(
                connection,
                locale,
                text.present.source,
                visit.field("translation"),
                author=visit.user.id,
                now=visit.now,
                note=visit.field("note"),
            )
            _record(visit, connection, "translation_proposed", review, before=text.translation)
        elif wanted == "take_back":
            review = take_back(connection, locale, key, visit.field("review"), by=visit.user.id, now=visit.now)
            _record(visit, connection, "translation_taken_back", review)
        else:
            raise UserInputError("bad_request")

    try:
        await visit.run(work)
    except UserInputError as error:
        return await _show(visit, error)
    return visit.go(f"{TRANSLATIONS}/{locale.tag}/{key}", done=f"translation_{wanted}")


async def post_review(visit: Visit) -> web.StreamResponse:
    """POST /console/translations/{language}/{key}/review: approve or refuse. Nobody approves their own work."""
    locale, key, wanted = (
        language_here(visit, "approve_translation"),
        visit.request.match_info["key"],
        visit.field("do"),
    )

    def work(connection: Connection) -> None:
        text = _text(connection, locale, key)
        source, review_id = text.present.source, visit.field("review")
        by, now = visit.user.id, visit.now
        if wanted == "approve":
            review = approve(connection, locale, source, review_id, by=by, now=now)
            _record(visit, connection, "translation_approved", review, before=text.translation)
        elif wanted == "approve_present":
            if visit.field("seen") != approval_mark(source.english, text.translation):
                raise UserInputError("english_changed", status=409)
            review = approve_present(connection, locale, source, text.translation, by=by, now=now)
            _record(visit, connection, "translation_approved", review, before=text.translation)
        elif wanted == "refuse":
            review = refuse(connection, locale, key, review_id, by=by, now=now)
            _record(visit, connection, "translation_refused", review)
        else:
            raise UserInputError("bad_request")

    try:
        await visit.run(work)
    except UserInputError as error:
        return await _show(visit, error)
    done = "translation_refuse" if wanted == "refuse" else "translation_approve"
    back = visit.field("back")
    if back.startswith("state=") and back.isascii() and back.isprintable():  # the list it was approved from
        return web.Response(status=303, headers={"Location": f"{TRANSLATIONS}/{locale.tag}?{back}&done={done}"})
    return visit.go(f"{TRANSLATIONS}/{locale.tag}/{key}", done=done)


async def _show(visit: Visit, error: UserInputError | None = None) -> web.Response:
    locale, key = language_here(visit), visit.request.match_info["key"]

    def work(connection: Connection) -> tuple[Text, list[Review], dict[str, str]]:
        text = _text(connection, locale, key)
        return text, reviews_of(connection, locale.tag, key), {one.id: one.name for one in list_users(connection)}

    text, reviews, names = await visit.run(work)
    source, typed = text.present.source, visit.field("translation")
    return visit.render(
        template="translation.html",
        error=error,
        locale=locale,
        text=text,
        problems=problems_of(locale, source, text.translation),
        seen=approval_mark(source.english, text.translation),
        proposals=[(one, problems_of(locale, source, one.translation)) for one in text.proposals],
        history=[one for one in reviews if one.state != PROPOSED],
        is_own={one.translation for one in reviews if one.author == visit.user.id},
        names=names,
        typed=typed or text.translation,
        typed_problems=problems_of(locale, source, typed) if error else [],
        note=mask(visit.field("note")),
    )


def _text(connection: Connection, locale: Locale, key: str) -> Text:
    """Return a text of a language.

    Raises:
        NotFound: there is no such key.
    """
    sources = [source for source in all_sources() if source.key == key]
    if not sources:
        raise NotFound(f"no text {key!r}")
    return texts_of(locale, reviews_of(connection, locale.tag, key), sources)[0]


def _record(visit: Visit, connection: Connection, action: str, review: Review, *, before: str = "") -> None:
    def digest(words: str) -> str:
        return approval_mark(review.english, words).split()[1] if words else ""

    told: dict[str, Any] = {"object": f"translation:{review.id}", "before": digest(before)}
    visit.record(connection, action, after=digest(review.translation), **told)


PAGES = (
    get(ONE, get_one, action="see_translations", template="translation.html"),
    post(ONE, post_one, action="translate", template="translation.html", body_limit=BODY_LIMIT),
    post(f"{ONE}/review", post_review, action="approve_translation", template="translation.html"),
)
