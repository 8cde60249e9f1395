"""A gloss lexicon: words of one language → plain English words, with guarded guesses for unknown forms.

Matching order for each position of a text: the longest multi-word key, the exact word, the
word without its affixes, a near spelling, a long common beginning. What is left is a name, a number or an
English word and passes through when it is written in Latin letters.

`data/lexicon/README.md` tells the format of the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import OSA

from bot.core.spelling import is_letter

APOSTROPHE, HYPHEN = "'", "-"
MIN_FUZZY = 5  # letters a word must have before a near spelling counts
MIN_PREFIX = 5  # letters that must agree before a common beginning counts
PREFIX_SLACK = 4  # letters that may follow the common beginning


@dataclass(frozen=True)
class Affixes:
    """What may be stripped from the words of a language, longest first."""

    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    min_stem: int = 3

    def stems(self, word: str) -> Iterable[str]:
        """Yield the stems a word may have, the most careful cut first."""
        for start in ("", *self.prefixes):
            if not word.startswith(start):
                continue
            body = word[len(start) :]
            for end in ("", *self.suffixes):
                if body.endswith(end) and (start or end):
                    stem = body[: len(body) - len(end)] if end else body
                    if len(stem) >= self.min_stem:
                        yield stem


@dataclass
class Lexicon:
    """The words of one language.

    `entries` maps folded keys, words joined by one space, to English; `english` are words that are not guessed at.
    """

    entries: dict[str, str]
    affixes: Affixes = field(default_factory=Affixes)
    english: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._longest: dict[str, int] = {}  # first word → words in the longest phrase that begins with it
        for key in self.entries:
            first, *others = key.split(" ")
            if others:
                self._longest[first] = max(self._longest.get(first, 0), len(others) + 1)

    @cached_property
    def _stems(self) -> dict[str, str]:
        """Stem → the first single-word key that has it. Built at the first unknown word of the language."""
        stems: dict[str, str] = {}
        for key in self.entries:
            if " " not in key:
                for stem in self.affixes.stems(key):
                    stems.setdefault(stem, key)
        return stems

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        """First two letters → the single-word keys long enough for a near spelling."""
        starts: dict[str, list[str]] = {}
        for key in self.entries:
            if " " not in key and len(key) >= MIN_FUZZY - 1:
                starts.setdefault(key[:2], []).append(key)
        return starts

    def gloss(self, words: Sequence[str]) -> list[tuple[str, str | None]]:
        """Return (words as written, English or None) for each matched run of words, in order."""
        glossed: list[tuple[str, str | None]] = []
        position = 0
        while position < len(words):
            phrase = self._find_phrase(words, position)
            if phrase:
                glossed.append((phrase, self.entries[phrase]))
                position += phrase.count(" ") + 1
            else:
                glossed += self._find_parts(words[position])
                position += 1
        return glossed

    def _find_parts(self, word: str) -> list[tuple[str, str | None]]:
        """Return (word, English or None), or that of its parts when only they are known: Portuguese "mandou-me"."""
        meaning = self.find_word(word)
        parts = word.split(HYPHEN)
        if meaning is None and len(parts) > 1:
            return [(part, self.find_word(part)) for part in parts if part]
        return [(word, meaning)]

    def find_word(self, word: str) -> str | None:
        """Return the English for one folded word, or None."""
        key = self._find_key(word)
        return self.entries[key] if key else None

    def _find_phrase(self, words: Sequence[str], position: int) -> str | None:
        longest = self._longest.get(words[position], 0)
        for length in range(min(longest, len(words) - position), 1, -1):
            phrase = " ".join(words[position : position + length])
            if phrase in self.entries:
                return phrase
        return None

    def _find_key(self, word: str) -> str | None:
        if word in self.entries:
            return word
        if len(word) < 3 or word in self.english or not all(char == APOSTROPHE or is_letter(char) for char in word):
            return None
        name, _, ending = word.partition(APOSTROPHE)  # Turkish sets the endings of a name apart
        forms = (word, name) if len(name) >= self.affixes.min_stem and ending else (word,)
        for stem in (stem for form in forms for stem in (form, *self.affixes.stems(form))):
            if stem in self.entries:
                return stem
        for stem in (word, *self.affixes.stems(word)):
            if stem in self._stems:
                return self._stems[stem]
        return self._find_near(word)

    def _find_near(self, word: str) -> str | None:
        if len(word) < MIN_FUZZY:
            return None
        allowed = 1 if len(word) < 9 else 2
        best, best_rank = None, (allowed + 1, 0)
        for key in self._by_start.get(word[:2], ()):
            if abs(len(key) - len(word)) <= allowed:
                distance = OSA.distance(word, key, score_cutoff=allowed)
                if (distance, len(key)) < best_rank:
                    best, best_rank = key, (distance, len(key))
        return best or self._find_prefix(word)

    def _find_prefix(self, word: str) -> str | None:
        best, best_shared = None, MIN_PREFIX - 1
        for key in self._by_start.get(word[:2], ()):
            shared = _common_prefix(word, key)
            if shared > best_shared and len(word) - shared <= PREFIX_SLACK and len(key) - shared <= 2:
                best, best_shared = key, shared
        return best


def _common_prefix(one: str, other: str) -> int:
    for index, (left, right) in enumerate(zip(one, other)):  # noqa: B905 — the shorter word decides
        if left != right:
            return index
    return min(len(one), len(other))
