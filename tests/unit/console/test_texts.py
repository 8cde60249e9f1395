"""The words of the console: every key that is used is there, every key that is there is used."""

from __future__ import annotations

import re
from string import Formatter
from typing import get_args

import pytest

from bot.console import batches, cases, flags, freshness, reviews, translation_list
from bot.console.insight import KNOWN_CHANNELS, MEASURES, SIDES
from bot.console.pauses import KINDS
from bot.console.permissions import ROLES
from bot.console.texts import load_texts, text
from bot.core.paths import ROOT
from bot.directory.query import FILTERS
from bot.directory.reasons import ReasonId
from bot.eligibility.model import SCHEMES, Verdict
from bot.i18n.coverage import KINDS as TEXT_KINDS
from bot.insight.tally import QUESTIONS, VOTES
from bot.places.facts import KINDS as FACTS
from bot.web.console.routes import PAGES

SOURCES = [
    *sorted((ROOT / "bot/web/console").rglob("*.html")),
    *sorted((ROOT / "bot/web/console").rglob("*.py")),
    *sorted((ROOT / "bot/console").rglob("*.py")),
    ROOT / "bot/commands/users.py",
]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
IN_TEMPLATE = re.compile(r't\(\s*"([a-z_]+\.[a-z_0-9]+)"')
BY_RULE = {  # keys that are put together from a part
    "role": set(ROLES),
    "role_about": set(ROLES),
    "menu": {page.menu for page in PAGES if page.menu},
    "about": {page.menu for page in PAGES if page.menu and page.menu != "overview"},
    "done": set(re.findall(r'done="([a-z_]+)"', CODE))
    | {"user_role", "user_disable", "user_enable", "flag_made", "case_written", "case_approved", "case_refused"}
    | {f"translation_{what}" for what in ("propose", "take_back", "approve", "refuse")}
    | {f"operations_{what}" for what in ("pause_topic", "pause_channel", "resume", "maintenance")},
    "error": set(re.findall(r'(?:UserInputError|NotAllowed)\(\s*"([a-z_]+)"', CODE))
    | {"rate_limited", "invitation", "area_many", "area_unknown", "batch_rows"},
    "action": set(re.findall(r'record\(\s*connection,\s*"([a-z_]+)"', CODE))
    | set(re.findall(r'_record\(connection, "([a-z_]+)" if \w+ else "([a-z_]+)"', CODE)[0])
    | {"user_enabled", "user_disabled"}
    | {f"{kind}_{what}" for kind in KINDS for what in ("paused", "resumed")}
    | set(re.findall(r'_record\(visit, connection, "([a-z_]+)"', CODE)),
    "crisis_level": {"yes", "maybe", "no"},
    "step": {"understanding", "dialogue", "places", "answer"},
    "entity": {"postcode", "council", "town", "item", "language_name", "status", "number", "date"},
    "scheme": set(SCHEMES),
    "verdict": set(get_args(Verdict)),
    "place": set(get_args(ReasonId)),
    "removed": {"words", "place", *FILTERS},
    "flag_kind": set(flags.KINDS),
    "flag_state": set(flags.STATES),
    "case_state": {cases.WAITING, cases.APPROVED, cases.REFUSED},
    "batch_state": {batches.RUNNING, batches.DONE, batches.CANCELLED},
    "batch_change": {"better", "worse", "other"},
    "measure": set(MEASURES),
    "side": set(SIDES),
    "outcome": {*QUESTIONS, *VOTES},
    "channel": {*KNOWN_CHANNELS, "other"},
    "needs": {"gss_code", "council", "topic", "title", "questions"},
    "stale": set(freshness.KINDS),
    "fact": set(FACTS),
    "freshness": set(get_args(freshness.Reason)) - {"review"},
    "text_kind": {"answer", *TEXT_KINDS},
    "text_state": {translation_list.BEHIND, *translation_list.STATES},
    "text_state_about": set(translation_list.STATES),
    "translations": {"draft", "reviewed"},
    "review_state": set(reviews.STATES) - {reviews.PROPOSED},
    "level": set(get_args(reviews.Level)),
    "pause_kind": set(KINDS),
    "batch_problem": set(re.findall(r'return "([a-z_]+)"', (ROOT / "bot/console/batch_file.py").read_text())),
}
IN_CODE = set(re.findall(r'"((?:[a-z_]+)\.(?:[a-z_0-9]+))"', CODE)) & set(load_texts())


def test_every_text_that_a_page_or_the_code_asks_for_is_there() -> None:
    asked = set(IN_TEMPLATE.findall(CODE)) | {f"{group}.{name}" for group, names in BY_RULE.items() for name in names}
    assert asked - set(load_texts()) == set()


def test_no_text_is_left_over() -> None:
    asked = set(IN_TEMPLATE.findall(CODE)) | IN_CODE
    asked |= {f"{group}.{name}" for group, names in BY_RULE.items() for name in names}
    asked |= {key for key in load_texts() if key.startswith(("state.", "user.", "account."))}  # chosen by a condition
    assert set(load_texts()) - asked == set()


def test_no_template_holds_a_sentence() -> None:
    for path in sorted((ROOT / "bot/web/console/templates").glob("*.html")):
        page = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.S)
        assert re.findall(r"[A-Za-z]{2,}", page) == [], path.name


@pytest.mark.parametrize("key", load_texts())
def test_a_text_can_be_filled(key: str) -> None:
    names = {name for _, name, _, _ in Formatter().parse(load_texts()[key]) if name}
    assert text(key, **dict.fromkeys(names, "x"))


def test_an_unknown_key_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        text("no.such")
