"""How a catalogue says that somebody approved a translation: a comment with a digest of English and translation.

So it ends by itself when one of them changes. `make i18n` keeps it.
"""

from __future__ import annotations

import hashlib
import re

MARK = "approved"
DIGITS = 12
COMMENT = re.compile(rf"{MARK} [0-9a-f]{{{DIGITS}}}")


def approval_mark(english: str, translation: str) -> str:
    """Return the comment of an approved translation.

    >>> approval_mark("Hello", "Witaj")
    'approved d83ba6f96cc9'
    """
    digest = hashlib.sha256(f"{english}\x00{translation}".encode()).hexdigest()
    return f"{MARK} {digest[:DIGITS]}"


def is_approval(comment: str) -> bool:
    """Whether a comment of a catalogue is such a mark."""
    return COMMENT.fullmatch(comment) is not None
