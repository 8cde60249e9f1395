"""Crisis patterns: short phrases that mean danger, in every language, matched through misspelling and negation.

A pattern is words separated by spaces. `*` at the end of a word stands for any ending; `~` between words lets up to
three other words stand there; `a|b` is either word. Files: `data/crisis/<locale>.tsv`, see the README there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.core.errors import DataError
from bot.core.paths import DATA
from bot.core.spelling import fold, normalise

Level = Literal["yes", "maybe"]
FOLDER = DATA / "crisis"
MAX_GAP = 3  # other words that `~` lets pass
NEGATION_REACH = 3  # words before a phrase in which a negation takes it back
MIN_FUZZY = 6  # letters from which one slip of the finger is forgiven
GAP = "~"
NEGATION = "negation"  # in the topic column: the pattern is a word that takes the next phrase back


@dataclass(frozen=True)
class Pattern:
    """One phrase. `words`: for each position the alternatives; GAP for a gap."""

    topic: str
    level: Level
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PatternSet:
    """The patterns of one language."""

    patterns: tuple[Pattern, ...]
    negations: frozenset[str]

    @cached_property
    def _by_start(self) -> dict[str, list[int]]:
        """Alternative → the numbers of the patterns whose first position has it."""
        index: dict[str, list[int]] = {}
        for number, pattern in enumerate(self.patterns):
            for alternative in pattern.words[0]:
                index.setdefault(alternative, []).append(number)
        return index

    @cached_property
    def _alternatives(self) -> Alternatives:
        return Alternatives({word for pattern in self.patterns for position in pattern.words for word in position})

    def match(self, words: Sequence[str]) -> list[Pattern]:
        """Return the patterns found in the words of a message and not taken back by a negation."""
        known = {word: self._alternatives.fitting(word) for word in set(words)}
        fitting = [known[word] for word in words]
        return [
            pattern
            for start, here in enumerate(fitting)
            for pattern in self._beginning_with(here)
            if _rest_fits(pattern.words[1:], fitting, start + 1) and not self._is_taken_back(pattern, words, start)
        ]

    def _beginning_with(self, alternatives: Iterable[str]) -> list[Pattern]:
        """Return the patterns that may begin so, in the order of the file."""
        numbers = {number for alternative in alternatives for number in self._by_start.get(alternative, ())}
        return [self.patterns[number] for number in sorted(numbers)]

    def _is_taken_back(self, pattern: Pattern, words: Sequence[str], start: int) -> bool:
        own = {alternative for position in pattern.words for alternative in position}
        before = words[max(0, start - NEGATION_REACH) : start]
        return not own & self.negations and bool(self.negations.intersection(before))


class Alternatives:
    """The words of patterns, looked up once for each word of a message."""

    def __init__(self, alternatives: set[str]) -> None:
        """`alternatives`: folded words, `*` at the end for any ending."""
        self._whole = alternatives
        self._beginnings = {word[:-1]: word for word in alternatives if word.endswith("*")}
        self._long: dict[str, list[str]] = {}  # first letter → the words in which a slip is forgiven
        for word in alternatives:
            if len(word) >= MIN_FUZZY and not word.endswith("*"):
                self._long.setdefault(word[0], []).append(word)

    def fitting(self, word: str) -> frozenset[str]:
        """Return the alternatives that a folded word fits: equal, by its beginning, or but for one slip."""
        found = {word} & self._whole
        found.update(
            self._beginnings[word[:length]] for length in range(len(word) + 1) if word[:length] in self._beginnings
        )
        if len(word) >= MIN_FUZZY - 1:
            near = self._long.get(word[0], ())
            found.update(one for one, *_ in extract(word, near, scorer=OSA.distance, score_cutoff=1, limit=None))
        return frozenset(found)


def parse_pattern(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the positions of a pattern, folded.

    >>> parse_pattern("kill* ~ myself|me")
    (('kill*',), ('~',), ('myself', 'me'))
    """
    return tuple(tuple(fold(normalise(word)) for word in position.split("|")) for position in text.split())


def load_patterns(language: str) -> PatternSet:
    """Return the patterns of a language; empty when it has no file.

    Raises:
        DataError: a line is not `topic<TAB>level<TAB>pattern` or `negation<TAB><TAB>word`.
    """
    path = FOLDER / f"{language}.tsv"
    patterns: list[Pattern] = []
    negations: set[str] = set()
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        topic, _, rest = line.partition("\t")
        level, _, text = rest.partition("\t")
        if topic == NEGATION:
            negations.add(fold(normalise(text)))
        elif level in ("yes", "maybe") and text.strip() and not text.strip().startswith(GAP):
            patterns.append(Pattern(topic, level, parse_pattern(text)))  # type: ignore[arg-type]  # checked above
        else:
            raise DataError("expected topic<TAB>yes|maybe<TAB>pattern", path=str(path), line=number)
    return PatternSet(tuple(patterns), frozenset(negations))


def strongest(matches: Iterable[Pattern]) -> Pattern | None:
    """Return a match of level yes, else one of level maybe, else None."""
    found = list(matches)
    return next((pattern for pattern in found if pattern.level == "yes"), found[0] if found else None)


def _rest_fits(positions: Sequence[tuple[str, ...]], fitting: Sequence[frozenset[str]], at: int) -> bool:
    if not positions:
        return True
    if positions[0] == (GAP,):
        return any(_rest_fits(positions[1:], fitting, at + skipped) for skipped in range(MAX_GAP + 1))
    return at < len(fitting) and not fitting[at].isdisjoint(positions[0]) and _rest_fits(positions[1:], fitting, at + 1)
