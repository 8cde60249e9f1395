"""UK postcodes in running text.

The pattern was checked against every live postcode (see data/reference/places/README.md). Only full postcodes are found
in free text: a bare outward code collides with English levels and roads ("B1", "A1", "M25").

>>> [value for value, _, _ in find_postcodes("I live at sw98jh, London")]
['SW9 8JH']
>>> find_postcodes("I need a B1 class")
[]
"""

from __future__ import annotations

import re

OUTWARD = (
    r"(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])"
)
INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
POSTCODE = re.compile(rf"(?<![A-Za-z0-9])({OUTWARD})[\s\u00a0-]?({INWARD})(?![A-Za-z0-9])", re.I)


def find_postcodes(text: str) -> list[tuple[str, int, int]]:
    """Return (postcode with its space, start, end) of every full postcode; digits must be ASCII."""
    return [(f"{match[1]} {match[2]}".upper(), match.start(), match.end()) for match in POSTCODE.finditer(text)]
