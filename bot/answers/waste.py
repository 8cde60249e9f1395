"""Which bin for one thing: where it goes here, how to prepare it, what is dangerous about it first."""

from __future__ import annotations

from bot.answers.blocks import line
from bot.answers.model import Block, Line
from bot.i18n.speech import Said, Speech
from bot.waste.items import load_items, shown_name
from bot.waste.rules import load_texts
from bot.waste.schemes import where

ANSWERED = "recycling_item"  # the topic about one thing


def waste_block(item_id: str, area_code: str | None, speech: Speech) -> Block:
    """Return where a thing goes: in the person's council where its scheme is known, else by the rule for England."""
    item = load_items()[item_id]
    disposal = where(item, area_code)
    colour = _said(f"colour.{disposal.colour}", speech) if disposal.colour else None
    lines = [_coloured(_said(key, speech), colour) for key in disposal.instructions]
    name, english = shown_name(item, speech.language), shown_name(item, "en")
    return Block("waste", Line(name, english), tuple(line(said) for said in lines), picture=disposal.container,
                 colour=disposal.colour or "", checked=disposal.checked.isoformat())  # fmt: skip


def _said(key: str, speech: Speech) -> Said:
    return speech.say(f"waste.{key}", load_texts()[key])


def _coloured(said: Said, colour: Said | None) -> Said:
    if colour is None:
        return said
    text, english = said.text.replace("{colour}", colour.text), said.english.replace("{colour}", colour.english)
    return Said(text, english, said.is_translated)
