"""Colours by WCAG 2.2: how well one can be read on another.

>>> round(contrast("#0e5550", "#ffffff"), 1), round(contrast("#ffff00", "#ffffff"), 1)
(8.6, 1.1)
>>> lighter("#0e5550", "#1a2324", 7.0) != "#0e5550"
True
"""

from __future__ import annotations

WHITE = "#ffffff"
READABLE = 4.5  # contrast of ordinary text, WCAG 1.4.3
STEPS = 40


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours `#rrggbb`: 1 (none) to 21 (black on white)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def lighter(colour: str, background: str, wanted: float) -> str:
    """Return the colour mixed with white until its contrast on a dark background is as wanted."""
    for step in range(STEPS + 1):
        mixed = mix(colour, WHITE, step / STEPS)
        if contrast(mixed, background) >= wanted:
            return mixed
    return WHITE


def mix(one: str, other: str, share: float) -> str:
    """Return a colour between two: `share` 0 is the first, 1 the second."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
