"""The place that a text names, in any of the languages, also with a case ending or a slip of the finger.

Several names in one text tell each other apart: "Ashford, Kent" is one of the two Ashfords.

>>> find_named("Ashford, Kent", is_asked=True).place.councils
('E07000105',)
>>> find_named("I like reading", is_asked=True) is None, find_named("I live in Reading.", is_asked=True)[1:]
(True, (10, 17))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.core.spelling import is_of_word
from bot.places.authorities import get_authority, housing_councils
from bot.places.gazetteer import Place, everyday_words, key_of, load_places, place_names

LONGEST_NAME = 6  # words
SHORTEST_NAME = 3  # letters; one more where no place was asked for
FEW_WORDS = 3  # a text of so few words may be a misspelt name as a whole
SHORTEST_CLOSE = 4  # letters of a name that may lack one; from the next on any slip, from LONG letters on two
LONG = 8
ANNOUNCING = re.compile(r"\b(?:in|near|at|from|around|live|living|(?:move|moved|moving|go|going|went|come|came) to)$")
DWELLING = re.compile(r"\b(?:live|living|stay|staying) in$")
MONTHS = frozenset({"march"})  # "in March" is a month
SURROUNDINGS = frozenset({"uk", "england", "britain", "city", "town", "council", "area"})  # may stand beside a name
RUN = re.compile(r"[^\s,;/()\u060c\u061b\u2010-\u2015-]+")  # between what surely separates words
SUFFIX = re.compile(r"['\u2019](?!s\b)\w+")  # Turkish: Londra'da
# Letters written together with an Arabic name (in, to, and), endings of Cyrillic and Bengali names.
ATTACHED = re.compile(r"[\u0628\u0644\u0648](?=[\u0621-\u064a]{4})")
CYRILLIC_ENDING = r"(?<=[\u0400-\u04ff]{4})(?:ом|ем|[іиуае])$"
BENGALI_ENDING = r"(?<=[\u0980-\u09ff]{3})(?:\u09c7\u09b0|\u09c7|\u09af\u09bc\u09c7|\u09a4\u09c7|\u09b0)$"
ENDING = re.compile(f"{CYRILLIC_ENDING}|{BENGALI_ENDING}")
LONDON = "London"


class Named(NamedTuple):
    """A place and where in the text its name stands."""

    place: Place
    start: int
    end: int


class _Word(NamedTuple):
    key: str
    start: int
    end: int


def find_named(text: str, *, is_asked: bool) -> Named | None:
    """Return the place a text names, its councils narrowed by the other names in it; None where it names none."""
    for cut in (False, True):
        named = list(_named(_words(text, cut=cut), is_asked=is_asked))
        if named:
            return _narrowed(named)
    return None


def guess_named(text: str) -> Named | None:
    """Return the place whose name a text, or what follows "in …", nearly is; the first letter must be right."""
    words = _words(text)
    tails = [words[at:] for at in range(1, len(words)) if ANNOUNCING.search(_name(words[:at]))]
    for typed in (words, *reversed(tails)):
        name = _name(typed)
        close = _closest(name) if len(typed) <= FEW_WORDS and name not in load_places() else None
        if close:
            return Named(load_places()[close], typed[0].start, typed[-1].end)
    return None


def _words(text: str, *, cut: bool = False) -> list[_Word]:
    """Return the words as they are compared, and where each stands. `cut`: without what follows an apostrophe."""
    words = []
    for match in RUN.finditer(text):
        start, end = match.span()
        while start < end and not is_of_word(text[start]) and text[start] != "&":
            start += 1
        while start < end and not is_of_word(text[end - 1]) and text[end - 1] != "&":
            end -= 1
        run = text[start:end]
        words += [_Word(key, start, end) for key in key_of(SUFFIX.sub("", run) if cut else run).split()]
    return words


def _named(words: list[_Word], *, is_asked: bool) -> Iterator[Named]:
    """Yield the places named, the longest names first, no word in two names."""
    keys = [word.key for word in words]
    free = [True] * len(words)
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        for first in range(len(words) - length + 1):
            after = first + length
            place = _known(keys[first:after]) if all(free[first:after]) else None
            if place and _counts(keys, first, after, is_asked=is_asked):
                free[first:after] = [False] * length
                yield Named(place, words[first].start, words[after - 1].end)


def _name(words: Sequence[_Word]) -> str:
    return " ".join(word.key for word in words)


def _known(words: Sequence[str]) -> Place | None:
    name = " ".join(words)
    for spelling in (name, ATTACHED.sub("", name, count=1) if ATTACHED.match(name) else "", ENDING.sub("", name)):
        place = load_places().get(spelling)
        if place:
            return place
    return None


def _counts(words: list[str], start: int, end: int, *, is_asked: bool) -> bool:
    """Whether a name is meant as one: what is an everyday word too must be announced or stand among names."""
    name = " ".join(words[start:end])
    if end - start == len(words):
        return is_asked or (name not in everyday_words() and len(name) > SHORTEST_NAME)
    if name not in everyday_words():
        return len(name) >= SHORTEST_NAME + (not is_asked)
    others = [*words[:start], *words[end:]]
    if all(other in SURROUNDINGS or other in load_places() for other in others):
        return True
    return bool((DWELLING if name in MONTHS else ANNOUNCING).search(" ".join(words[:start])))


def _narrowed(named: list[Named]) -> Named:
    exact = [one for one in named if one.place.councils]
    if not exact:
        return named[0]
    codes = [_codes(one.place) for one in exact]
    common = codes[0]
    for other in codes[1:]:
        common = [code for code in common if code in other] or common
    if any(one.place.name == LONDON for one in named):
        common = [code for code in common if get_authority(code).kind == "london"] or common
    if common == codes[0]:
        return exact[0]
    holding = [pair for pair in zip(codes, exact, strict=True) if set(common) <= set(pair[0])]
    nearest = min(holding, key=lambda pair: len(pair[0]))[1]
    return nearest._replace(place=replace(nearest.place, councils=tuple(common)))


def _codes(place: Place) -> list[str]:
    return [authority.gss_code for authority in housing_councils(place.councils)]


def _closest(typed: str) -> str | None:
    if len(typed) < SHORTEST_CLOSE:
        return None
    shortest = len(typed) + 1 if len(typed) == SHORTEST_CLOSE else SHORTEST_CLOSE
    names = [name for name in place_names() if name[0] == typed[0] and len(name) >= shortest]
    slips = 1 if len(typed) < LONG else 2
    close = process.extractOne(typed, names, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    return str(close[0]) if close else None
