"""The application with WhatsApp and Telegram on and an assistant that repeats, as a process of its own, to be killed.

python -m tests.contract.channel_server PORT DATABASE_URL PROVIDER_URL
"""

from __future__ import annotations

import dataclasses
import sys

from aiohttp import web

from bot.app import build_app
from bot.core.database import Database
from bot.core.log import configure_logging
from tests.contract.fakes import FakeAssistant
from tests.contract.platforms import CHANNELS, all_on
from tests.contract.providers import Provider


def main(port: int, database_url: str, provider_url: str) -> None:
    """Serve until the process ends."""
    configure_logging("ERROR")
    provider = Provider()
    provider.url = provider_url
    settings = dataclasses.replace(all_on(dict.fromkeys(CHANNELS, provider)), database_url=database_url)
    app = build_app(settings, database=Database(database_url), assistant=FakeAssistant())  # type: ignore[arg-type]
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
