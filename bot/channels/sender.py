"""One HTTP call to a platform: with time limits, and an answer for every way it can end. No retries here: a part that
was not taken goes back to its table and is tried again later (departures.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp

from bot.channels.platform import Headers, Outcome, Request

TOTAL_SECONDS, CONNECT_SECONDS = 15.0, 5.0  # together below the lease of a departure
KEEP_SECONDS = 15.0  # idle connections are closed before a platform closes them
CONNECTIONS = 64
MOST_BYTES = 65_536


class Sender:
    """A client for all platforms. Made inside a running event loop."""

    def __init__(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS)
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)

    async def send(self, request: Request, outcome: Callable[[int, Headers, bytes], Outcome]) -> Outcome:
        """Make a call and return how it ended; `outcome` reads the platform's answer."""
        try:
            status, headers, body = await self.call(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Outcome("again", "connect")  # nothing was sent
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return Outcome("unknown", "no answer")
        return outcome(status, headers, body)

    async def call(self, request: Request) -> tuple[int, Headers, bytes]:
        """Make a call and return status, headers and body.

        Raises:
            aiohttp.ClientError, asyncio.TimeoutError: there was no answer.
        """
        async with self._session.post(
            request.url,
            headers=dict(request.headers),
            json=request.json,
            data=dict(request.form) if request.form is not None else None,
            allow_redirects=False,
        ) as response:
            body = await response.content.read(MOST_BYTES)
            return response.status, dict(response.headers), body

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()
