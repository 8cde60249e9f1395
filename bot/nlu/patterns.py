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
    def _by_letter(self) -> dict[str, list[Pattern]]:
        """First letter → the patterns that may begin with such a word (every way to fit keeps the first letter)."""
        index: dict[str, list[Pattern]] = {}
        for pattern in self.patterns:
            for letter in {alternative[:1] for alternative in pattern.words[0]}:
                index.setdefault(letter, []).append(pattern)
        return index

    def match(self, words: Sequence[str]) -> list[Pattern]:
        """Return the patterns found in the words of a message and not taken back by a negation."""
        return [
            pattern
            for start, word in enumerate(words)
            for pattern in self._by_letter.get(word[:1], ())
            if self._found_at(pattern, words, start)
        ]

    def _found_at(self, pattern: Pattern, words: Sequence[str], start: int) -> bool:
        if not (_fits(pattern.words[0], words[start]) and _rest_fits(pattern.words[1:], words, start + 1)):
            return False
        own = {alternative for position in pattern.words for alternative in position}
        before = words[max(0, start - NEGATION_REACH) : start]
        return bool(own & self.negations) or not self.negations.intersection(before)


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


def _rest_fits(positions: Sequence[tuple[str, ...]], words: Sequence[str], at: int) -> bool:
    if not positions:
        return True
    if positions[0] == (GAP,):
        return any(_rest_fits(positions[1:], words, at + skipped) for skipped in range(MAX_GAP + 1))
    return at < len(words) and _fits(positions[0], words[at]) and _rest_fits(positions[1:], words, at + 1)


def _fits(alternatives: tuple[str, ...], word: str) -> bool:
    for alternative in alternatives:
        if alternative.endswith("*"):
            if word.startswith(alternative[:-1]):
                return True
        elif word == alternative or (
            len(alternative) >= MIN_FUZZY
            and abs(len(word) - len(alternative)) <= 1
            and word[:1] == alternative[:1]
            and OSA.distance(word, alternative, score_cutoff=1) <= 1
        ):
            return True
    return False
