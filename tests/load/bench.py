"""Speed of Doorway beside stock Rasa on the same messages, in one run on one machine: `make bench`.

Absolute times on a shared machine are noise; the ratios are what counts. Loops are bounded, only loopback is asked.
Writes `reports/bench.md`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.core.paths import EVALUATION, REPORTS
from tests.contract.server import ServerProcess, free_port
from tests.load import stock
from tests.model import ensure_model

PLAIN = [
    "hello", "How do I apply for a council house?", "thank you", "How do I find an English class?",
    "which bin for glass",
    "what can you do", "yes", "How do I register with a GP?",
]  # fmt: skip
ALONE, CLIENTS = 120, 32
PER_CLIENT = {"ours": 40, "stock": 6}  # stock is slower: the same run must end in minutes
EARLY, LATE = 5, 200
WINDOW = 4  # turns around EARLY and LATE that are averaged

Say = Callable[[str, str], Awaitable[int]]  # (conversation, text) → replies


@dataclass
class Measured:
    """One system on one kind of message. Milliseconds and messages a second."""

    p50: float
    p95: float
    throughput: float
    p95_busy: float
    wrong: int  # messages that did not get exactly one reply


def eval_messages() -> list[str]:
    """Return the development messages of the languages that are served, mixed."""
    from bot.i18n.locales import load_locales

    texts = [
        json.loads(line)["text"]
        for locale in load_locales()
        for line in (EVALUATION / "dev" / f"{locale.tag}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    random.Random(7).shuffle(texts)
    return texts


async def measure(say: Say, texts: list[str], per_client: int) -> Measured:
    """Return one client's latency and the throughput of many."""
    wrong = 0

    async def ask(conversation: str, number: int, times: list[float]) -> None:
        nonlocal wrong
        began = time.perf_counter()
        replies = await say(conversation, texts[number % len(texts)])
        times.append((time.perf_counter() - began) * 1000)
        wrong += replies != 1

    alone: list[float] = []
    for number in range(ALONE // 6):
        await ask("warm-up", number, [])
    for number in range(ALONE if per_client > 10 else ALONE // 3):
        await ask("alone", number, alone)
    busy: list[float] = []

    async def client(index: int) -> None:
        for number in range(per_client):
            await ask(f"client-{index}", index * 37 + number, busy)

    began = time.perf_counter()
    await asyncio.gather(*(client(index) for index in range(CLIENTS)))
    seconds = time.perf_counter() - began
    return Measured(quantile(alone, 0.5), quantile(alone, 0.95), len(busy) / seconds, quantile(busy, 0.95), wrong)


async def growth(say: Say) -> float:
    """Return the cost of turn 200 of a conversation over that of turn 5."""
    times: list[float] = []
    for number in range(LATE + WINDOW):
        began = time.perf_counter()
        await say("long", PLAIN[1 + number % 2 * 2])
        times.append(time.perf_counter() - began)
    early = sorted(times[EARLY - 1 : EARLY - 1 + 2 * WINDOW])
    late = sorted(times[LATE - WINDOW : LATE + WINDOW])
    return late[len(late) // 2] / early[len(early) // 2]


class Ours:
    """Doorway over its API."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session, self._tokens = session, {}  # type: ignore[var-annotated]  # conversation → token

    async def say(self, conversation: str, text: str) -> int:
        """Send a message; return the number of turns that came back (1 when all is well)."""
        if conversation not in self._tokens:
            async with self._session.post("/api/v1/sessions") as response:
                self._tokens[conversation] = (await response.json())["token"]
        headers = {"Authorization": f"Bearer {self._tokens[conversation]}"}
        body = {"client_msg_id": uuid.uuid4().hex, "text": text}
        async with self._session.post("/api/v1/messages", json=body, headers=headers) as response:
            return len((await response.json()).get("messages", []))


class Stock:
    """Stock Rasa over its REST channel."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def say(self, conversation: str, text: str) -> int:
        """Send a message; return 1 when there was any reply: stock splits a reply at blank lines."""
        body = {"sender": conversation, "message": text}
        async with self._session.post("/webhooks/rest/webhook", json=body) as response:
            return min(1, len(await response.json()))


async def run_ours(kinds: dict[str, list[str]], folder: Path) -> tuple[dict[str, Measured], float, float]:
    """Return the figures by kind of message, the growth, and the seconds to ready."""
    server = ServerProcess(folder)
    ready = server.start()
    try:
        async with aiohttp.ClientSession(server.url, connector=aiohttp.TCPConnector(limit=64)) as session:
            figures = {
                name: await measure(Ours(session).say, texts, PER_CLIENT["ours"]) for name, texts in kinds.items()
            }
            return figures, await growth(Ours(session).say), ready
    finally:
        server.stop()


async def run_stock(kinds: dict[str, list[str]]) -> tuple[dict[str, Measured], float, float]:
    """The same for stock Rasa."""
    port = free_port()
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SANIC_WORKERS": "1"}
    quiet: dict[str, Any] = {"cwd": stock.FOLDER, "env": environment}
    quiet |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    (stock.FOLDER / "stock.db").unlink(missing_ok=True)
    began = time.monotonic()
    actions = subprocess.Popen([stock.RASA, "run", "actions", "--port", "5056"], **quiet)  # noqa: ASYNC220 — before anything runs
    rasa = subprocess.Popen([stock.RASA, "run", "--port", str(port), "-i", "127.0.0.1"], **quiet)  # noqa: ASYNC220
    try:
        async with aiohttp.ClientSession(
            f"http://127.0.0.1:{port}",
            connector=aiohttp.TCPConnector(limit=64),
            timeout=aiohttp.ClientTimeout(total=120),
        ) as session:
            ready = await _until_ready(session, began)
            figures = {
                name: await measure(Stock(session).say, texts, PER_CLIENT["stock"]) for name, texts in kinds.items()
            }
            return figures, await growth(Stock(session).say), ready
    finally:
        for process in (rasa, actions):
            process.kill()
            process.wait()


async def _until_ready(session: aiohttp.ClientSession, began: float) -> float:
    while time.monotonic() - began < 180:
        try:
            async with session.get("/status") as response:
                if response.status in (200, 404):
                    return time.monotonic() - began
        except aiohttp.ClientError:
            await asyncio.sleep(0.25)
    raise SystemExit("stock Rasa did not start")


def table(ours: tuple[dict[str, Measured], float, float], other: tuple[dict[str, Measured], float, float]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| messages | figure | Doorway | stock Rasa | ratio |", "|---|---|---|---|---|"]
    for name, mine in ours[0].items():
        theirs = other[0][name]
        for label, one, two, inverse in (
            ("one client, p50 ms", mine.p50, theirs.p50, False),
            ("one client, p95 ms", mine.p95, theirs.p95, False),
            (f"{CLIENTS} clients, messages/s", mine.throughput, theirs.throughput, True),
            (f"{CLIENTS} clients, p95 ms", mine.p95_busy, theirs.p95_busy, False),
        ):
            ratio = one / two if inverse else two / one
            lines.append(f"| {name} | {label} | {one:.1f} | {two:.1f} | {ratio:.1f}× |")
        lines.append(f"| {name} | messages without exactly one reply | {mine.wrong} | {theirs.wrong} | |")
    lines.append(f"| conversation | turn {LATE} / turn {EARLY} | {ours[1]:.2f} | {other[1]:.2f} | |")
    lines.append(f"| start | seconds to ready | {ours[2]:.1f} | {other[2]:.1f} | |")
    return "\n".join(lines)


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    """Measure both and print the table."""
    ensure_model()
    stock.train()
    kinds = {"plain questions": PLAIN, "tests/eval/dev": eval_messages()}
    with tempfile.TemporaryDirectory() as folder:
        ours = asyncio.run(run_ours(kinds, Path(folder)))
    other = asyncio.run(run_stock(kinds))
    text = table(ours, other)
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "bench.md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
