"""Text as the search index sees it: English words, and pieces of other scripts.

An English word is folded to lower-case ASCII; its ending is left to the database's stemmer. Scripts that are written
without spaces (Chinese, Thai, Lao, Khmer, Burmese …) are cut into pairs of signs, so that a word inside a run is found.

>>> english_words("Saint Mary's Refugee Café")
['saint', 'marys', 'refugee', 'cafe']
>>> other_words("难民中心")
[['难民', '民中', '中心']]
>>> other_words("Центр помощи")
[['центр'], ['помощи']]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_WORDS = 12  # of one question: more only cost time
# What does not tell one service from another: "a help centre near me" names none.
STOP_WORDS = frozenset([
    "a", "about", "am", "an", "and", "any", "anybody", "anyone", "anything", "are", "area", "as", "at", "be",
    "by", "can", "center", "centre", "centres", "close", "closest", "do", "find", "for", "from", "get",
    "give", "go", "has", "have", "help", "how", "i", "in", "is", "it", "know", "local", "look", "looking",
    "me", "my", "near", "nearby", "nearest", "need", "not", "now", "of", "office", "offices", "on", "one",
    "or", "organisation", "organisations", "organization", "organizations", "our", "people", "person",
    "place", "places", "please", "service", "services", "show", "some", "somebody", "someone", "somewhere",
    "tell", "that", "the", "there", "they", "this", "to", "today", "us", "want", "we", "what", "where",
    "which", "who", "will", "with", "would", "you", "your",
])  # fmt: skip
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d",
        "ё": "е", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ـ": None, "\u200c": None,
        "'": None, "’": None, "ʼ": None, "`": None,
    }
)  # fmt: skip
MARKED = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670]")  # accents of Latin, Greek, Cyrillic; Arabic vowel signs
TOKEN = re.compile(r"[^\W_]+(?:[\u0900-\u0dff\u1200-\u137f]*)")


def fold(text: str) -> str:
    """Return the text in one form: lower case, without accents, apostrophes and variants of letters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = MARKED.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(LETTERS)


def english_words(text: str) -> list[str]:
    """Return the ASCII words of a text, in order."""
    return [word for word in _tokens(text) if word.isascii()]


def other_words(text: str) -> list[list[str]]:
    """Return every word that is not ASCII as its pieces: itself, or the pairs of signs it is made of."""
    words: list[list[str]] = []
    for token in _tokens(text):
        if token.isascii():
            continue
        start = 0
        for run in UNSPACED.finditer(token):
            if run.start() > start:
                words.append([token[start : run.start()]])
            words.append(_pairs(run[0]))
            start = run.end()
        if start < len(token):
            words.append([token[start:]])
    return words


def index_pieces(texts: Iterable[str]) -> list[str]:
    """Return what the index of other scripts holds of these texts: every piece once, single signs of pairs too."""
    pieces: dict[str, None] = {}
    for text in texts:
        for word in other_words(text):
            for piece in word:
                pieces[piece] = None
                if UNSPACED.fullmatch(piece):
                    pieces.update(dict.fromkeys(piece))
    return list(pieces)


def question_words(text: str) -> list[str]:
    """Return the English words to look for: no stop words, none twice, at most `MOST_WORDS`."""
    return [word for word in dict.fromkeys(english_words(text)) if word not in STOP_WORDS][:MOST_WORDS]


def question_pieces(text: str) -> list[list[str]]:
    """Return the words of other scripts to look for, as pieces that must all occur."""
    return other_words(text)[:MOST_WORDS]


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(fold(text))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
