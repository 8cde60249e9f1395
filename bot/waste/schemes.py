"""Where a thing goes: by the scheme of its council, else by the rule for England.

>>> from bot.waste.items import load_items
>>> there = where(load_items()["glass_bottle"], "E08000035")
>>> there.container, there.colour, there.is_local
('wheeled_bin', 'green', True)
>>> where(load_items()["battery"]).instructions[0]
'safety.fire'
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.core.clock import today
from bot.waste.items import Item
from bot.waste.rules import Place, Scheme, load_defaults, load_schemes, load_sources, load_texts

ENGLISH_AREAS = "E"  # first letter of a GSS code
UNSURE = "unverified"
COLOUR = "{colour}"


@dataclass(frozen=True)
class Disposal:
    """The answer for one thing.

    `instructions` are ids of sentences in the order to say them: a hazard's safety first, then `place`. A `{colour}` in
    one stands for the text `colour.<colour>`.
    """

    item: str
    material: str
    container: str
    colour: str | None
    is_local: bool
    hazard: bool
    place: str
    instructions: tuple[str, ...]
    source: str
    checked: dt.date
    status: str


def find_scheme(area_code: str | None) -> Scheme | None:
    """Return the scheme of the council with this GSS code, or None."""
    return load_schemes().get((area_code or "").upper())


def where(item: Item, area_code: str | None = None) -> Disposal:
    """Return where an item goes in the area of a council, by its GSS code; without one, in England.

    A scheme that does not name the material, or was checked before the rule for England changed, gives way to it.
    """
    national = _national(item.material)
    scheme = find_scheme(area_code)
    local = scheme.places.get(item.material) if scheme and scheme.source.checked >= national.since else None
    if scheme and local:
        container, text, source = local.container, _local_text(local, national), scheme.source
        notes, closing = national.notes, ("about.unsure",) if source.status == UNSURE else ()
    else:
        container, text, source = national.container, national.text, load_sources()[item.source]
        notes, closing = (*national.notes, *national.if_unknown), (_why_unknown(area_code),)
    return Disposal(
        item=item.id,
        material=item.material,
        container=container,
        colour=local.colour if local else None,
        is_local=local is not None,
        hazard=item.hazard,
        place=text,
        instructions=(*item.safety, text, *item.prepare, *item.notes, *notes, *closing),
        source=source.url,
        checked=source.checked,
        status=source.status,
    )


def _national(material: str) -> Place:
    return next(place for place in load_defaults()[material] if place.since <= today())


def _local_text(local: Place, national: Place) -> str:
    """Return the sentence for the container, or the one for the material where that needs a colour nobody knows."""
    sentence = load_texts().get(local.text)
    if sentence is None or (COLOUR in sentence and not local.colour):
        return national.text
    return local.text


def _why_unknown(area_code: str | None) -> str:
    is_english = not area_code or area_code.upper().startswith(ENGLISH_AREAS)
    return "about.councils_differ" if is_english else "about.other_nation"
