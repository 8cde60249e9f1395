"""Answers and words that try to become more than text: a seeded table, the same in every run.

`messages()` has the shape of the HTTP API; every text, address, number and name in them may be hostile.
"""

from __future__ import annotations

import random
from typing import Any

COUNT = 500
ALLOWED_SITE = "https://ok.example/page"  # the only address in the table that may become a link
PIECES = (
    "<img src=x onerror='window.hit=1'>",
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "<svg/onload=window.hit=1>",
    '" onclick="window.hit=1" x="',
    "' autofocus onfocus=window.hit=1 '",
    "<iframe src=//evil.example>",
    "[x](javascript:window.hit=1)",
    "javascript:window.hit=1",
    "https://evil.example/gov.uk",
    "evil.gov.uk.example",
    "gov.uk.evil.example",
    "http://gov.uk@evil.example",
    "https://evil.example/?https://www.gov.uk/",
    "me@nhs.uk",
    "<a href=https://evil.example>x</a>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<form action=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "&lt;b&gt;&#60;b&#62;",
    "{{7*7}} ${7*7} {phone_shelter}",
    "\u202egpj.exe",
    "\u2067\u2066\u2066",
    "\U000e0041\U000e0042",
    "\u0000\u0007",
    "\u2028\u2029",
    "e" + "\u0301" * 400,
    "\ufeff/restart",
    "0808 800 4444",
    "call 999 now",
    "12345678901234567890",
    'www.gov.uk/x"onmouseover=window.hit=1',
    "مرحبا <b>عربي</b>",
    "\ud83d",
)
ADDRESSES = (
    "javascript:window.hit=1",
    "JaVaScRiPt:window.hit=1",
    "java\tscript:window.hit=1",
    " javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://evil.example/1",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "about:blank",
    "https:",
    "https://[evil.example/x",
    "",
    "not an address",
    "ftp://evil.example/",
    ALLOWED_SITE,
)
NUMBERS = (
    "999",
    "08088004444",
    "javascript:window.hit=1",
    "1;ext=2",
    "999\nx",
    "*#06#",
    "+441134960000",
    '9" onclick="window.hit=1',
    "",
)
PAGES = (
    "services/1f0c",
    "services/1f0c?topic=repairs",
    "services/..",
    "//evil.example",
    "services/../../console",
    'services/x" onclick="window.hit=1',
    "javascript:window.hit=1",
    "services/1?topic=x&y=<b>",
    "https://evil.example",
)
KINDS = (
    "danger",
    "note",
    "summary",
    "text",
    "urgent",
    "steps",
    "verdict",
    "why",
    "open",
    "change",
    "review",
    "waste",
    "local",
    "services",
    "contacts",
    "desk",
    "nations",
    "sources",
    "constructor",
    "__proto__",
    "toString",
    "<img src=x>",
    "script",
)


def texts(count: int = COUNT, seed: int = 2026) -> list[str]:
    """Return hostile texts, one to four pieces each."""
    chance = random.Random(seed)
    return [_text(chance) for _ in range(count)]


def messages(count: int = COUNT, seed: int = 1126) -> list[dict[str, Any]]:
    """Return hostile answers numbered from 1, each to hostile words."""
    chance = random.Random(seed)
    return [_message(chance, number) for number in range(1, count + 1)]


def _text(chance: random.Random) -> str:
    words = " ".join(chance.choices(PIECES, k=chance.randint(1, 4)))
    return words.encode("utf-8", "replace").decode()  # half a surrogate pair cannot travel


def _line(chance: random.Random) -> dict[str, str]:
    text = _text(chance)
    return {
        "text": text,
        "english": chance.choice((text, _text(chance))),
        "mark": chance.choice(("", "yes", _text(chance))),
    }


def _contact(chance: random.Random) -> dict[str, Any]:
    return {
        "id": _text(chance),
        "name": _line(chance),
        "description": _line(chance),
        "phone": _text(chance),
        "tel": chance.choice(NUMBERS),
        "url": chance.choice(ADDRESSES),
        "nation": chance.choice(("", _text(chance))),
        "page": chance.choice(PAGES),
        "details": [_line(chance)],
        "day_and_night": chance.random() < 0.3,
    }


def _block(chance: random.Random) -> dict[str, Any]:
    sources = [{"title": _text(chance), "url": chance.choice(ADDRESSES)} for _ in range(2)]
    return {
        "kind": chance.choice(KINDS),
        "heading": _line(chance),
        "items": [_line(chance) for _ in range(chance.randint(1, 3))],
        "contacts": [_contact(chance)],
        "sources": sources,
        "picture": chance.choice(("bin", '"><img src=x>', "../x")),
        "colour": chance.choice(("red", '" onclick=x')),
    }


def _message(chance: random.Random, number: int) -> dict[str, Any]:
    text = _text(chance)
    return {
        "number": number,
        "client_msg_id": f"m{number}",
        "asked": _text(chance),
        "language": chance.choice(("en", "ar", "pl")),
        "direction": chance.choice(("ltr", "rtl")),
        "topic": chance.choice(("repairs", "", _text(chance))),
        "urgency": chance.choice(("", "crisis", _text(chance))),
        "title": _line(chance),
        "short": _line(chance),
        "text": text,
        "english": _text(chance),
        "choices": [{"id": _text(chance), "title": _text(chance), "english": _text(chance)}],
        "blocks": [_block(chance) for _ in range(chance.randint(1, 4))],
    }
