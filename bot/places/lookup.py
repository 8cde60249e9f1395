"""What a person typed as their place → the councils it can mean.

In this order: a full postcode in the text, an outward code, a name, a name that is nearly one. Exact postcodes come
from an imported table or a look-up service where the operator has one, else from the outward code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.places.authorities import Authority, housing_councils
from bot.places.gazetteer import key_of, load_outwards
from bot.places.names import Named, find_named, guess_named
from bot.places.postcode import (
    CROWN_DEPENDENCIES,
    find_outwards,
    find_postcodes,
    guess_postcodes,
    latin_letters,
    outward_of,
    parse_outward,
    parse_postcode,
    plain_letters,
    plain_offsets,
)

GSS_CODE = re.compile(r"[EWSN][0-9]{8}")


class ExactPostcodes(Protocol):
    """Where exact postcodes come from."""

    def find(self, postcode: str) -> ExactPostcode | None:
        """Return what is known of a postcode, None when nothing is."""


@dataclass(frozen=True)
class ExactPostcode:
    """A postcode with its council ("" = not known) and place. `is_terminated`: no longer in use, at its old place."""

    postcode: str
    gss_code: str
    latitude: float
    longitude: float
    is_terminated: bool = False


@dataclass(frozen=True)
class Candidate:
    """A council the person may mean, and roughly where they are. Coordinates in degrees (WGS84)."""

    authority: Authority
    latitude: float
    longitude: float

    @property
    def near(self) -> list[float] | None:
        """Where the person is, for distances; None when nothing more is known than the council."""
        is_known = (self.latitude, self.longitude) != (self.authority.latitude, self.authority.longitude)
        return [self.latitude, self.longitude] if is_known else None


@dataclass(frozen=True)
class Found:
    """What a text says about a place.

    `name` is the place as we call it, `outside` a place that no council of ours has, `start` and `end` where it stands
    in the text as typed (0 and 0 where nothing was found).
    """

    candidates: tuple[Candidate, ...] = ()
    postcode: str = ""
    name: str = ""
    outside: str = ""
    is_terminated: bool = False
    start: int = 0
    end: int = 0
    is_guess: bool = False  # what was typed is not quite it: to be confirmed

    @property
    def only(self) -> Candidate | None:
        """The one council, None when there is none or a choice."""
        return self.candidates[0] if len(self.candidates) == 1 else None


def find_place(text: str, exact: ExactPostcodes | None = None, *, is_asked: bool = True) -> Found:
    """Return the councils a text can mean; nothing found is an empty result, never an error.

    Args:
        exact: imported or remote postcodes.
        is_asked: the person was asked for a place, so that a bare outward code or an everyday word may be one.
    """
    plain = plain_letters(text)
    if GSS_CODE.fullmatch(plain.strip()):
        return Found(_own_places(plain.strip()), end=len(text))
    whole = parse_postcode(plain) if is_asked else None
    if whole:
        return replace(_by_postcode(whole, exact), end=len(text))
    for postcode, start, end in find_postcodes(plain) or find_postcodes(latin_letters(plain)):
        offsets = plain_offsets(text)
        return replace(_by_postcode(postcode, exact), start=offsets[start], end=offsets[end - 1] + 1)
    for outward in _outwards(plain) if is_asked else ():
        found = _by_outward(outward, outward)
        if found.candidates or found.outside:
            return replace(found, end=len(text))
    return _by_name(text, plain, exact) if is_asked else _of_named(find_named(text, is_asked=False))


def _outwards(plain: str) -> list[str]:
    whole = parse_outward(plain)
    return [whole] if whole else find_outwards(plain)


def _by_postcode(postcode: str, exact: ExactPostcodes | None) -> Found:
    rough = _by_outward(outward_of(postcode), postcode)
    known = exact.find(postcode) if exact and not rough.outside else None
    if not known:
        return rough
    councils = housing_councils([known.gss_code]) or [one.authority for one in rough.candidates]
    candidates = tuple(Candidate(council, known.latitude, known.longitude) for council in councils)
    return Found(candidates, postcode, postcode, is_terminated=known.is_terminated)


def _by_outward(outward: str, postcode: str) -> Found:
    outside = CROWN_DEPENDENCIES.get(outward[:2], "")
    known = load_outwards().get(outward)
    if outside or not known:
        return Found(postcode=postcode if outside or postcode != outward else "", outside=outside)
    return Found(_candidates(known.councils, known.latitude, known.longitude), postcode, postcode)


def _by_name(text: str, plain: str, exact: ExactPostcodes | None) -> Found:
    named = find_named(text, is_asked=True)
    if named:
        return _of_named(named)
    outside = next((name for name in CROWN_DEPENDENCIES.values() if f" {key_of(name)} " in f" {key_of(text)} "), "")
    if outside:
        return Found(name=outside, outside=outside, end=len(text))
    for guess in guess_postcodes(plain):
        return replace(_by_postcode(guess, exact), end=len(text), is_guess=True)
    close = guess_named(text)
    return replace(_of_named(close), is_guess=True) if close else Found()


def _of_named(named: Named | None) -> Found:
    if named is None:
        return Found()
    place = named.place
    candidates = _candidates(place.councils, place.latitude, place.longitude)
    return Found(candidates, name=place.name, start=named.start, end=named.end)


def _own_places(code: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(council, council.latitude, council.longitude) for council in housing_councils([code]))


def _candidates(codes: Iterable[str], latitude: float, longitude: float) -> tuple[Candidate, ...]:
    return tuple(Candidate(council, latitude, longitude) for council in housing_councils(codes))
