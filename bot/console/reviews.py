"""Who wrote which translation, and who approved it. Nobody approves their own.

A proposal is kept here, not written into the catalogues: what is approved is exported as a `.po` file, so that the
tree stays the truth. A text of the catalogue has no author here, unless it was proposed here before.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Column, Float, Index, String, Table, Text, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.core.database import metadata
from bot.core.errors import NotFound, UserInputError
from bot.core.text import clean, mask
from bot.i18n.check import check_translation
from bot.i18n.locales import Locale
from bot.i18n.sources import SourceText

PROPOSED, APPROVED, REFUSED, TAKEN_BACK = "proposed", "approved", "refused", "taken_back"
STATES = (PROPOSED, APPROVED, REFUSED, TAKEN_BACK)
LONGEST_TEXT, LONGEST_NOTE = 2_000, 300
NOBODY = ""  # the author of what stood in the catalogue
JOINERS = "\u200c\u200d\u200e\u200f"  # spelling, and marks of direction

reviews = Table(
    "console_reviews",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("language", String(16), nullable=False),
    Column("key", String(120), nullable=False),
    Column("english", Text, nullable=False),
    Column("translation", Text, nullable=False),
    Column("author", String(32), nullable=False),  # id of the account
    Column("made_at", Float, nullable=False),
    Column("note", String(LONGEST_NOTE), nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", String(32), nullable=False),
    Column("decided_at", Float),
    Index("console_reviews_text", "language", "key"),
)

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Review:
    """A translation that somebody proposed, or that somebody approved as it stood."""

    id: str
    language: str
    key: str
    english: str
    translation: str
    author: str
    made_at: float
    note: str
    state: str
    decided_by: str
    decided_at: float | None


def propose(
    connection: Connection,
    locale: Locale,
    source: SourceText,
    translation: str,
    *,
    author: str,
    now: float,
    note: str = "",
) -> Review:
    """Keep a translation for somebody else to approve; an earlier open one of the same author is taken back.

    Raises:
        UserInputError: `translation_text`: it is empty, too long or holds signs that nobody sees; `translation_check`:
            it would mislead, see `problems_of`.
    """
    words = checked_text(translation)
    if _has_errors(locale, source, words):
        raise UserInputError("translation_check", status=422)
    mine = (reviews.c.author == author) & _of(locale.tag, source.key) & (reviews.c.state == PROPOSED)
    connection.execute(update(reviews).where(mine).values(state=TAKEN_BACK, decided_by=author, decided_at=now))
    return _add(connection, locale, source, words, author=author, now=now, note=mask(clean(note))[:LONGEST_NOTE])


def approve(
    connection: Connection, locale: Locale, source: SourceText, review_id: str, *, by: str, now: float
) -> Review:
    """Approve a proposal.

    Raises:
        NotFound: there is no such open proposal of this text.
        UserInputError: `own_work`, `english_changed`, or `translation_check`.
    """
    review = _open(connection, locale.tag, source.key, review_id)
    if review.english != source.english:
        raise UserInputError("english_changed", status=409)
    _refuse_own(connection, locale, source, review.translation, by)
    if _has_errors(locale, source, review.translation):
        raise UserInputError("translation_check", status=422)
    return _decide(connection, review, APPROVED, by, now)


def approve_present(
    connection: Connection, locale: Locale, source: SourceText, translation: str, *, by: str, now: float
) -> Review:
    """Approve what stands in the catalogue.

    Raises:
        UserInputError: `own_work`, or `translation_check`.
    """
    _refuse_own(connection, locale, source, translation, by)
    if not translation or _has_errors(locale, source, translation):
        raise UserInputError("translation_check", status=422)
    review = _add(connection, locale, source, translation, author=NOBODY, now=now)
    return _decide(connection, review, APPROVED, by, now)


def refuse(connection: Connection, locale: Locale, key: str, review_id: str, *, by: str, now: float) -> Review:
    """Refuse a proposal.

    Raises:
        NotFound: there is no such open proposal of this text.
    """
    return _decide(connection, _open(connection, locale.tag, key, review_id), REFUSED, by, now)


def take_back(connection: Connection, locale: Locale, key: str, review_id: str, *, by: str, now: float) -> Review:
    """Take one's own proposal back.

    Raises:
        NotFound: there is no such open proposal of this person.
    """
    review = _open(connection, locale.tag, key, review_id)
    if review.author != by:
        raise NotFound(f"no proposal {review_id!r}")
    return _decide(connection, review, TAKEN_BACK, by, now)


def reviews_of(connection: Connection, language: str, key: str = "") -> list[Review]:
    """Return all reviews of a language, or of one of its texts, the latest first."""
    condition = _of(language, key) if key else reviews.c.language == language
    rows = connection.execute(select(reviews).where(condition).order_by(reviews.c.made_at.desc(), reviews.c.id))
    return [_review(row) for row in rows]


def problems_of(locale: Locale, source: SourceText, translation: str) -> list[tuple[Level, str]]:
    """Return what the checks of the catalogues say of a translation."""
    return list(check_translation(source, translation, locale)) if translation else []


def checked_text(translation: str) -> str:
    """Return a translation as it is kept: composed signs, single spaces, nothing that cannot be seen.

    Raises:
        UserInputError: `translation_text`.
    """
    words = " ".join(unicodedata.normalize("NFC", translation).split())
    unseen = [
        sign for sign in words if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") and sign not in JOINERS
    ]
    if not 0 < len(words) <= LONGEST_TEXT or unseen:
        raise UserInputError("translation_text", status=422)
    return words


def _has_errors(locale: Locale, source: SourceText, translation: str) -> bool:
    return any(level == "error" for level, _ in problems_of(locale, source, translation))


def _refuse_own(connection: Connection, locale: Locale, source: SourceText, translation: str, by: str) -> None:
    """Refuse who wrote these very words, whoever proposed them last."""
    same = _of(locale.tag, source.key) & (reviews.c.translation == translation) & (reviews.c.author == by)
    if connection.execute(select(reviews.c.id).where(same).limit(1)).first():
        raise UserInputError("own_work", status=403)


def _add(
    connection: Connection, locale: Locale, source: SourceText, words: str, *, author: str, now: float, note: str = ""
) -> Review:
    review = Review(
        secrets.token_hex(16), locale.tag, source.key, source.english, words, author, now, note, PROPOSED, NOBODY, None
    )
    connection.execute(insert(reviews).values(**vars(review)))
    return review


def _decide(connection: Connection, review: Review, state: str, by: str, now: float) -> Review:
    decided = {"state": state, "decided_by": by, "decided_at": now}
    still_open = (reviews.c.id == review.id) & (reviews.c.state == PROPOSED)
    if not connection.execute(update(reviews).where(still_open).values(**decided)).rowcount:
        raise NotFound(f"no proposal {review.id!r}")  # somebody else was quicker
    return Review(**{**vars(review), **decided})


def _open(connection: Connection, language: str, key: str, review_id: str) -> Review:
    found = _of(language, key) & (reviews.c.id == review_id) & (reviews.c.state == PROPOSED)
    row = connection.execute(select(reviews).where(found)).first()
    if row is None:
        raise NotFound(f"no proposal {review_id!r}")
    return _review(row)


def _of(language: str, key: str) -> object:
    return (reviews.c.language == language) & (reviews.c.key == key)


def _review(row: Row) -> Review:
    return Review(**{name: getattr(row, name) for name in Review.__dataclass_fields__})
