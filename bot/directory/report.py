"""What an import mended or refused: how often, with the first examples.

>>> report = Report(); report.note("mended.time", "a/opens_at", "9am"); report.counts["mended.time"]
1
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_EXAMPLES = 3
LONGEST_EXAMPLE = 80


@dataclass
class Report:
    """Counts by kind. A kind is `mended.<what>` or `refused.<what>`."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, kind: str, where: str, value: object = "") -> None:
        """Record one; `where` says which service and field."""
        self.counts[kind] += 1
        known = self.examples.setdefault(kind, [])
        if len(known) < MOST_EXAMPLES:
            text = str(value)
            known.append(f"{where}: {text[:LONGEST_EXAMPLE]}" if text else where)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, the commonest first."""
        return {
            kind: {"number": number, "examples": self.examples.get(kind, [])}
            for kind, number in self.counts.most_common()
        }
