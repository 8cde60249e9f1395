"""The few words that steer a channel: stop, start, more, in every language, from the catalogues.

They count only as the whole message.

>>> is_stop("STOP!"), is_stop("przestań"), is_stop("stop the eviction")
(True, True, False)
"""

from __future__ import annotations

import re
from functools import cache

from bot.core.spelling import normalise
from bot.i18n.locales import load_locales
from bot.i18n.speech import Speech

EDGE = " .,!?\u061f\u06d4\u0964\u060c;:'\"\u00ab\u00bb\u201c\u201d\u201e()"
LONGEST = 24
QUOTED = re.compile("[\u00ab\u201c]([^\u00bb\u201d]+)[\u00bb\u201d]")
CAPITALS = re.compile(r"\b[^\W\d_]{3,}\b")


def is_stop(text: str) -> bool:
    """Whether a message asks for no more messages."""
    return _plain(text) in _words("channel.stop_words")


def is_start(text: str) -> bool:
    """Whether a message asks to begin."""
    return _plain(text) in _words("channel.start_words")


def is_more(text: str) -> bool:
    """Whether a message asks for the rest of an answer."""
    return _plain(text) in _more_words()


def more_word(language: str) -> str:
    """Return the word for "more" that the sentence `ui.channel.more` tells people to write; empty where it has none.

    It stands in quotes, or in capitals in scripts that have them.
    """
    sentence = Speech(language).ui("channel.more").text
    quoted = QUOTED.search(sentence)
    if quoted:
        return quoted[1]
    return next((word for word in CAPITALS.findall(sentence) if word.isupper()), "")


def _plain(text: str) -> str:
    return normalise(text).strip(EDGE) if len(text) <= LONGEST else ""


@cache
def _words(key: str) -> frozenset[str]:
    lists = (Speech(locale.tag).ui(key).text for locale in load_locales())
    return frozenset(_plain(word) for words in lists for word in words.split(",")) - {""}


@cache
def _more_words() -> frozenset[str]:
    return frozenset(_plain(more_word(locale.tag)) for locale in load_locales()) - {""}
