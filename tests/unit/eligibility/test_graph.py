"""The picture of the decision follows the rules."""

from __future__ import annotations

import re

from bot.eligibility.graph import PICTURE, drawing
from bot.eligibility.load import load_rules


def test_the_picture_in_the_documents_is_of_these_rules() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawing(), "run `make graph`"


def test_every_rule_is_in_the_picture_once() -> None:
    assert re.findall(r"<title>(\w+):", drawing()) == [rule.id for rule in load_rules().rules]
