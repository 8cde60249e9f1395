"""The texts of a language as a translator sees them: the catalogue, with what was proposed and approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.console.reviews import APPROVED, PROPOSED, Review
from bot.i18n.coverage import Translated, all_sources, text_kind, translations_of
from bot.i18n.extract import merge
from bot.i18n.locales import Locale
from bot.i18n.sources import SourceText

STATES = ("missing", "changed", "doubtful", "draft", "proposed", "approved")
BEHIND = "behind"  # changed or doubtful
FILTERS: Mapping[str, Collection[str]] = {BEHIND: ("changed", "doubtful"), **{state: (state,) for state in STATES}}


@dataclass(frozen=True)
class Text:
    """One text. `approved`: words that were approved here, for today's English; they win over the catalogue's."""

    present: Translated
    proposals: tuple[Review, ...] = ()
    approved: str = ""

    @property
    def key(self) -> str:
        """The key of the text."""
        return self.present.key

    @property
    def translation(self) -> str:
        """The words that count."""
        return self.approved or self.present.translation

    @property
    def state(self) -> str:
        """How far it is: an open proposal is what there is to do."""
        if self.proposals:
            return PROPOSED
        return APPROVED if self.approved else self.present.state


def texts_of(locale: Locale, reviews: Sequence[Review], sources: Sequence[SourceText] | None = None) -> list[Text]:
    """Return every text (`sources`: only these) of a language. `reviews`: all of theirs, the latest first."""
    open_ones: dict[str, list[Review]] = {}
    approved: dict[tuple[str, str], Review] = {}
    for review in reviews:
        if review.state == PROPOSED:
            open_ones.setdefault(review.key, []).append(review)
        elif review.state == APPROVED:
            place = review.key, review.english
            if place not in approved or (approved[place].decided_at or 0) < (review.decided_at or 0):
                approved[place] = review
    found = []
    for present in translations_of(locale, sources):
        decided = approved.get((present.key, present.source.english))
        found.append(Text(present, tuple(open_ones.get(present.key, ())), decided.translation if decided else ""))
    return found


def count_states(texts: Sequence[Text]) -> dict[str, int]:
    """Return how many texts are in which state, every state named."""
    numbers = Counter(text.state for text in texts)
    return {state: numbers[state] for state in STATES}


def filter_texts(texts: Sequence[Text], *, state: str = "", kind: str = "", words: str = "") -> list[Text]:
    """Return the texts in a state (or `behind`), of a kind, with words in English, translation or key."""
    wanted, sought = FILTERS.get(state, STATES), words.casefold()
    return [
        text
        for text in texts
        if text.state in wanted
        and (not kind or text_kind(text.key) == kind)
        and (
            not sought
            or any(sought in part.casefold() for part in (text.present.source.english, text.translation, text.key))
        )
    ]


def export_catalogue(locale: Locale, texts: Sequence[Text], *, is_whole: bool) -> str:
    """Return a `.po` file: the approved texts alone, or the whole catalogue with them in their places.

    What was proposed and not approved is in neither.
    """
    approved = {text.key: text.translation for text in texts if text.approved or text.present.state == APPROVED}
    sources = [source for source in all_sources() if is_whole or source.key in approved]
    return merge(sources, locale, approved)
