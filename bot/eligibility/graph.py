"""The decision drawn: one box a rule, read from the top, with its outcome beside it. `make graph` writes the picture.

>>> drawing().startswith("<svg")
True
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from bot.core.paths import ROOT
from bot.eligibility.load import load_rules
from bot.eligibility.model import SCHEMES, Condition, Rule

PICTURE = ROOT / "docs" / "eligibility.svg"
WIDTH, ROW, BOX, LEFT, RESULT = 1240, 58, 44, 30, 860
LINE = 150  # characters of a line of conditions
COLOURS = {"yes": "#1b7f4b", "no": "#b3261e", "depends": "#8a5a00", "unclear": "#4a5568"}


def drawing() -> str:
    """Return the SVG of the rules of England."""
    rules = load_rules().rules
    height = ROW * len(rules) + 70
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
        ' font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold">{escape(load_rules().law)}</text>',
        f'<text x="{RESULT}" y="26" font-weight="bold">{escape(" · ".join(SCHEMES))}</text>',
        f'<path d="M{LEFT + 14} 40V{height - 30}" stroke="#9aa5b1" stroke-width="2"/>',
    ]
    parts += [_row(rule, 44 + number * ROW) for number, rule in enumerate(rules)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _row(rule: Rule, top: int) -> str:
    conditions = (
        " and ".join(map(_condition, sorted(rule.conditions, key=lambda one: one.fact == "status")))
        or "everything else"
    )
    law = " · ".join(part for part in (rule.law, f"from {rule.valid_from}" if rule.valid_from else "") if part)
    verdicts = "".join(
        f'<rect x="{RESULT + 124 * place}" y="{top + 8}" width="116" height="28" rx="6" fill="{COLOURS[verdict]}"/>'
        f'<text x="{RESULT + 58 + 124 * place}" y="{top + 27}" fill="#fff" text-anchor="middle">{verdict}</text>'
        for place, verdict in enumerate(rule.outcome[scheme] for scheme in SCHEMES)
    )
    return (
        f"<g><title>{escape(rule.id)}: {escape(rule.text)}</title>"
        f'<rect x="{LEFT + 30}" y="{top}" width="780" height="{BOX}" rx="8" fill="#f3f6fa" stroke="#9aa5b1"/>'
        f'<path d="M{LEFT + 14} {top + 22}h16M{LEFT + 810} {top + 22}h{RESULT - LEFT - 816}" stroke="#9aa5b1"'
        ' stroke-width="2"/>'
        f'<text x="{LEFT + 42}" y="{top + 18}">{escape(_short(conditions))}</text>'
        f'<text x="{LEFT + 42}" y="{top + 35}" fill="#4a5568">{escape(rule.id)} · {escape(_short(law))}</text>'
        f"{verdicts}</g>"
    )


def _condition(condition: Condition) -> str:
    if condition.values:
        values = ", ".join(sorted("yes" if value is True else "no" if value is False else str(value)
                                  for value in condition.values))  # fmt: skip
        return f"{condition.fact} is {values}"
    limits = [f"≥ {condition.at_least:g}" if condition.at_least is not None else "",
              f"< {condition.below:g}" if condition.below is not None else ""]  # fmt: skip
    return f"{condition.fact} {' and '.join(limit for limit in limits if limit)}"


def _short(text: str) -> str:
    return text if len(text) <= LINE else text[: LINE - 1] + "…"


def write(path: Path = PICTURE) -> None:
    """Write the picture."""
    path.write_text(drawing(), encoding="utf-8")


if __name__ == "__main__":
    write()
