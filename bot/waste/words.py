"""The words of a text, as names of things are compared: folded, without punctuation and the Arabic article.

>>> words("Où jeter les PILES ?")
['ou', 'jeter', 'les', 'piles']
>>> words("البطّاريات") == words("بطاريات")
True
"""

from __future__ import annotations

import re

from bot.core.spelling import fold, normalise

APOSTROPHE, ZERO_WIDTH_NON_JOINER = "'", "\u200c"
INSIDE_BENGALI = "\u0981-\u0983\u09bc-\u09d7\u200d"  # marks that are part of a Bengali word
TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{INSIDE_BENGALI}])*")
ARABIC_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=\w{3})")


def words(text: str) -> list[str]:
    """Return the words of a text in one spelling."""
    folded = fold(normalise(text)).replace(APOSTROPHE, "").replace(ZERO_WIDTH_NON_JOINER, " ")
    return [ARABIC_ARTICLE.sub("", word) for word in TOKEN.findall(folded)]


def phrase(text: str) -> str:
    """Return those words with single spaces between them."""
    return " ".join(words(text))
