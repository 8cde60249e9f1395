"""Two runs of one batch file beside each other: which messages were understood otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.console.batches import BatchRow, Result


@dataclass(frozen=True)
class Change:
    """A message that was understood otherwise before. `kind`: better, worse, or other where both or none are right."""

    row: BatchRow
    before: Result
    kind: str


def changes_between(before: Sequence[BatchRow], now: Sequence[BatchRow]) -> list[Change]:
    """Return the messages of both runs (same id, same text) whose topic is another now; worse ones first."""
    known = {(row.asked.id, row.asked.text): row for row in before if row.result}
    changes = []
    for row in now:
        earlier = known.get((row.asked.id, row.asked.text))
        if not earlier or not earlier.result or not row.result or earlier.result.topic == row.result.topic:
            continue
        changes.append(Change(row, earlier.result, _kind(row, earlier.result)))
    return sorted(changes, key=lambda change: (("worse", "better", "other").index(change.kind), change.row.number))


def _kind(row: BatchRow, before: Result) -> str:
    if row.is_right:
        return "better"
    return "worse" if row.asked.expected and before.topic == row.asked.expected else "other"
