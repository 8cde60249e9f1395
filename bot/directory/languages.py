"""Names and codes of languages as feeds write them → one code.

>>> [language_code(text) for text in ("Polish", "pol", "farsi", "zh-Hans", "Klingonese")]
['pl', 'pl', 'fa', 'zh', '']
"""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

ALIASES = {
    "farsi": "fa", "dari": "fa", "prs": "fa", "mandarin": "zh", "cantonese": "yue", "sorani": "ckb", "kurmanji": "ku",
    "kurdish sorani": "ckb", "panjabi": "pa", "sylheti": "bn", "bangla": "bn", "bsl": "bfi",
    "british sign language": "bfi", "pushto": "ps", "filipino": "fil", "tagalog": "fil", "fas": "fa", "cmn": "zh",
}  # fmt: skip


def language_code(text: str) -> str:
    """Return the ISO 639 code of a language given by code or English name, or an empty string."""
    wanted = " ".join(text.replace("(", " ").replace(")", " ").casefold().split())
    if not wanted:
        return ""
    known = _codes()
    return known.get(wanted) or known.get(wanted.replace("_", "-").split("-")[0].strip(), "")


@cache
def _codes() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, name in Locale("en").languages.items():
        short = str(code)
        if short.isalpha():
            names[short] = short
            names.setdefault(str(name).casefold(), short)
    aliases: dict[str, str] = get_global("language_aliases")  # three-letter codes of languages with two
    names.update({long: short for long, short in aliases.items() if short.isalpha() and len(short) <= 3})
    return {**names, **ALIASES}
