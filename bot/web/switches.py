"""Taking in what is switched off: withdrawn answers, paused topics and channels."""

from __future__ import annotations

from aiohttp import web

from bot.console.pauses import read_switches
from bot.web.keys import DATABASE, PAUSES, WITHDRAWN


async def refresh_switches(app: web.Application) -> None:
    """Let this process know what is off now; others look every minute.

    Raises:
        SourceUnavailable: the database did not answer; all stays as it was.
    """
    switches = await app[DATABASE].run(read_switches)
    app[WITHDRAWN].replace(switches.topics)
    app[PAUSES].replace(switches.channels, switches.texts)
