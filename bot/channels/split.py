"""Cutting a text into messages: by paragraph, line, sentence, word; never inside an address or a number.

>>> split("One. Two three. Four", 12)
['One.', 'Two three.', 'Four']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Size = Callable[[str], int]
WORTH = 0.4  # of the limit: a part below that is better cut at a smaller break

# What must stay in one piece: addresses, and numbers written in groups (0808 800 4444), with their isolates.
WHOLE = re.compile(
    r"[\u2066-\u2068]?(?:https?://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?|[+\d](?:[ \u00a0.,:/()-]{0,2}\d)+)\u2069?"
)
BREAKS = (
    re.compile(r"\n{2,}"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?\u061f\u06d4\u0964\u2026])[\u00bb\u201d\u2019)]* +"),
    re.compile(r"[ \u00a0]+"),
)


def utf16(text: str) -> int:
    """Return the length as platforms count it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, size: Size = utf16) -> list[str]:
    """Return parts of at most `limit`, each as long as it can be; `size` measures a part.

    A single word longer than the limit is cut; texts of ours hold none.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        head, rest = first_part(rest, limit, size)
        parts.append(head)
    return parts


def first_part(text: str, limit: int, size: Size = utf16) -> tuple[str, str]:
    """Return (what fits, what is left) of a text."""
    text = text.strip()
    if size(text) <= limit:
        return text, ""
    kept = [(match.start(), match.end()) for match in WHOLE.finditer(text)]
    best = 0
    for pattern in BREAKS:
        best = max(best, _last_fit(text, _places(text, pattern, kept), limit, size))
        if best and size(text[:best]) >= limit * WORTH:
            break
    cut = best or _longest(text, limit, size)
    return text[:cut].rstrip(), text[cut:].lstrip()


def _places(text: str, pattern: re.Pattern[str], kept: list[tuple[int, int]]) -> Iterator[int]:
    """Yield where a break of this kind ends, outside of what must stay whole, in order."""
    pieces = iter([*kept, (len(text), len(text))])
    start, end = next(pieces)
    for match in pattern.finditer(text):
        while match.end() > end and end < len(text):
            start, end = next(pieces)
        if not (start < match.end() and match.start() < end):
            yield match.end()


def _last_fit(text: str, places: Iterator[int], limit: int, size: Size) -> int:
    best = 0
    for place in places:
        if size(text[:place].rstrip()) > limit:
            break
        best = place
    return best


def _longest(text: str, limit: int, size: Size) -> int:
    length = 1
    while length < len(text) and size(text[: length + 1]) <= limit:
        length += 1
    return length
