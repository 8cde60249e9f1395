"""A batch test of 2,000 rows through the console, as an advice worker starts it: `python -m tests.load.batch`.

The upload, the work in the background and the pages that look how far it is, on a database in a file. Told apart: the
time in understanding itself, and the rest. Reach: 30 s from the upload to the result.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from aiohttp import FormData

from bot.assistant import Assistant, Understanding
from bot.console import batch_runner
from bot.console.batch_file import write_csv
from bot.core.paths import EVALUATION
from tests.contract.console import Clock, Visitor, hidden, open_bench
from tests.model import loaded_assistant

ROWS, REACH_SECONDS = 2_000, 30.0
LOOK_SECONDS = 3.0  # as often as a browser does


class Timed:
    """The assistant, with a clock on its understanding."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant, self.withdrawn = assistant, assistant.withdrawn
        self.wall = self.cpu = 0.0

    def understand_many(self, items: list[tuple[str, str | None]]) -> list[Understanding]:
        """Understand, and add up how long it takes."""
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return self.assistant.understand_many(items)
        finally:
            self.wall += time.perf_counter() - wall
            self.cpu += time.thread_time() - cpu


def batch_csv(rows: int) -> bytes:
    """Return messages to measure on in all languages, over and over, as a file to send."""
    files = sorted((EVALUATION / "dev").glob("*.jsonl"))
    messages = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [messages[number % len(messages)] for number in range(rows)]
    return write_csv(
        ("id", "language", "text", "expected_topic"),
        [(number, one["lang"], one["text"], one["topic"]) for number, one in enumerate(lines, start=1)],
    )


async def run(rows: int, step: int) -> dict[str, Any]:
    """Send a file and wait for its result; return the figures."""
    batch_runner.STEP = step
    timed = Timed(loaded_assistant())
    timed.understand_many([("warm up", None)])
    timed.wall = timed.cpu = 0.0
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'batch.sqlite'}"
        async with open_bench(Clock(), url=url, assistant=timed) as bench:
            for _ in range(3):  # the work in the background has looked for something to do
                await bench.database.run(lambda _: None)
            bench.account("admin", "Bob Root")
            visitor = bench.signed_in("tester")
            form = FormData()
            form.add_field("csrf", hidden(await visitor.text("/console/batch"))["csrf"])
            form.add_field("file", batch_csv(rows), filename="load.csv", content_type="text/csv")
            headers = {"Origin": visitor.origin}
            wall, cpu = time.perf_counter(), time.process_time()
            response = await visitor.session.post("/console/batch", data=form, headers=headers, allow_redirects=False)
            looks = await _looks_until_done(visitor, response.headers["Location"])
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "rows": rows,
        "step": step,
        "seconds": round(wall, 2),
        "understanding_seconds": round(timed.wall, 2),
        "rest_seconds": round(wall - timed.wall, 2),
        "cpu_seconds": round(cpu, 2),
        "rows_per_second": round(rows / wall, 1),
        "looks": looks,
        "reach": wall <= REACH_SECONDS * rows / ROWS,
    }


async def _looks_until_done(visitor: Visitor, path: str) -> int:
    """Look at the page as often as a browser does; return how often."""
    looks = 0
    while True:
        response = await visitor.get(path)
        looks += 1
        if "Refresh" not in response.headers:
            return looks
        await asyncio.sleep(LOOK_SECONDS)


def main() -> int:
    """Print the figures as JSON; exit 1 when the reach is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--step", type=int, default=batch_runner.STEP, help="rows understood together")
    chosen = parser.parse_args()
    figures = asyncio.run(run(chosen.rows, chosen.step))
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0 if figures["reach"] else 1


if __name__ == "__main__":
    sys.exit(main())
