"""The real application on a loopback port, with the model as it is.

    python tests/browser/server.py PORT DATABASE SITE

Not `doorway serve`: that would train first when a source is newer than the model. `SITE` may embed the widget.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web

from bot.app import build_app
from bot.console import cases
from bot.core.settings import load_settings

CASES = "cases"  # folder beside the database: what is approved in a test does not get into this tree


async def serve(port: int, database: str, site: str) -> None:
    """Serve until the process ends. Limits are wide: one browser asks for everything."""
    cases.FOLDER = Path(database).parent / CASES
    settings = load_settings(
        {},
        port=port,
        database_url=f"sqlite:///{database}",
        requests_per_minute=100_000,
        sessions_per_hour=10_000,
        messages_per_minute=1_000,
        allowed_sites=site,
    )
    runner = web.AppRunner(build_app(settings), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
