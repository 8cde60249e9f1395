"""People talk from browsers, through nginx, while something is killed behind it: what was lost, what was doubled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp

from tests.contract.outages import Disturb
from tests.contract.people import talk_all
from tests.contract.stage import Stage


@dataclass(frozen=True)
class Report:
    """What became of the messages. Seconds.

    `recovered`: from the end of the disturbance until everything that was asked before had its answer;
    `longest`: from a question to its answer.
    """

    messages: int
    problems: list[str]
    retried: int  # requests that got an error or nothing, and were made again
    recovered: float
    longest: float


async def talk_through(stage: Stage, disturb: Disturb, *, people: int, turns: int) -> Report:
    """Let people talk, disturb after a third of the answers, and report."""
    assert stage.nginx
    answered, reached = 0, asyncio.Event()

    def count() -> None:
        nonlocal answered
        answered += 1
        if answered == people * turns // 3:
            reached.set()

    async def disturbing() -> float:
        await reached.wait()
        await disturb()
        return asyncio.get_running_loop().time()

    connector = aiohttp.TCPConnector(ssl=stage.nginx.trust, limit=2 * people)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as client:
        talking = talk_all(client, stage.urls, people, turns, on_answer=count)
        ended, conversations = await asyncio.gather(disturbing(), talking)
    sent = [one for conversation in conversations for one in conversation.sent]
    waited = [one.began + one.seconds for one in sent if one.began < ended]
    return Report(
        messages=len(sent),
        problems=[problem for one in conversations for problem in one.problems()],
        retried=sum(one.tries for one in conversations),
        recovered=max(0.0, max(waited) - ended),
        longest=max(one.seconds for one in sent),
    )
