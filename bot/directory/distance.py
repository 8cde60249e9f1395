"""Distances on the ground.

>>> round(metres_between((51.545, -0.056), (51.515, -0.072)), -2)
3500.0
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_009.0
DEGREE_METRES = 111_195.0  # of latitude


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (latitude, longitude) along the ground, straight (haversine)."""
    first, second = radians(one[0]), radians(other[0])
    high = sin((second - first) / 2)
    wide = sin(radians(other[1] - one[1]) / 2)
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(high * high + cos(first) * cos(second) * wide * wide)))


def box_of(near: tuple[float, float], radius_metres: float) -> dict[str, float]:
    """Return the box around a circle in degrees, and what a degree of longitude is of one of latitude, squared."""
    latitude, longitude = near
    squeeze = max(0.01, cos(radians(latitude)))
    high = radius_metres / DEGREE_METRES * 1.01
    wide = high / squeeze * 1.01  # meridians draw together towards the pole
    return {
        "lat": latitude, "lon": longitude, "squeeze": squeeze * squeeze, "south": latitude - high,
        "north": latitude + high, "west": longitude - wide, "east": longitude + wide,
    }  # fmt: skip
