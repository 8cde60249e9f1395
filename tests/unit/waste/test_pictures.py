"""The pictures of the containers: one for each, small, in the colour of the text around them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from bot.core.paths import ROOT
from bot.waste.rules import load_pictures

SPRITE = ROOT / "bot" / "web" / "widget" / "bins.svg"
MAX_BYTES = 500


def test_every_container_has_a_small_picture_that_takes_the_colour() -> None:
    symbols = dict(re.findall(r'<symbol id="bin-(\w+)" viewBox="0 0 48 48">(.*?)</symbol>', SPRITE.read_text("utf-8")))
    assert set(symbols) == set(load_pictures().values())
    assert all("currentColor" in drawn and len(drawn.encode()) < MAX_BYTES for drawn in symbols.values())


def test_the_sprite_is_xml() -> None:
    root = ElementTree.parse(SPRITE).getroot()  # noqa: S314 — our own file
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
