"""Fetching from a feed's address: a time limit, three tries, a size limit, and no way round into a private network.

The host that the operator typed may be private (a council's own server); a redirect or a link from it to another
private host is refused. The address is looked up once and used as found, so a name cannot change between check and use.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import urllib3

from bot.core.errors import SourceUnavailable, UserInputError

TRIES = 3
PAUSE_SECONDS = 0.5  # doubled after every failure
LONGEST_PAUSE = 30.0
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 20.0, 120.0
MOST_BYTES = 60_000_000
REDIRECTS = 5
CHUNK = 65_536
AGENT = "doorway"
MOVED = frozenset({301, 302, 303, 307, 308})
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Download:
    """What came: `url` is the last of the redirects."""

    url: str
    status: int
    content_type: str
    body: bytes


class _Failed(Exception):
    """A try that may succeed when it is made again."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass
class Downloader:
    """Fetches from one feed. `origin`: the address the operator typed; `allow_private`: any other private host too."""

    origin: str
    allow_private: bool = False
    pause: Callable[[float], None] = field(default=time.sleep)

    def get(self, url: str) -> Download:
        """Return what is at an address; a status of 400 to 499 is returned, not raised.

        Raises:
            SourceUnavailable: no answer after three tries, too large, or a refused redirect.
            UserInputError: not an http or https address.
        """
        wait, reason = PAUSE_SECONDS, ""
        for number in range(TRIES):
            try:
                return self._follow(url)
            except _Failed as error:
                reason = str(error)
                if number < TRIES - 1:
                    self.pause(min(LONGEST_PAUSE, max(wait, error.wait)))
                    wait *= 2
        raise SourceUnavailable(f"{_host(url)}: {reason}")

    def _follow(self, url: str) -> Download:
        for _ in range(REDIRECTS + 1):
            answer, location = self._once(url)
            if not location:
                return answer
            url = urljoin(url, location)
        raise SourceUnavailable(f"{_host(url)}: too many redirects")

    def _once(self, url: str) -> tuple[Download, str]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UserInputError("bad_request", detail=f"{url[:200]}: not an http or https address")
        pool = self._pool(parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        began = time.monotonic()
        try:
            answer = pool.request(
                "GET",
                target,
                headers={
                    "Host": parts.netloc.rpartition("@")[2],
                    "User-Agent": AGENT,
                    "Accept": "application/json, */*;q=0.5",
                },
                redirect=False,
                retries=False,
                preload_content=False,
            )
            location = answer.headers.get("Location", "") if answer.status in MOVED else ""
            if answer.status in AGAIN:
                raise _Failed(f"status {answer.status}", _seconds(answer.headers.get("Retry-After", "")))
            body = bytearray()
            for chunk in answer.stream(CHUNK, decode_content=True):
                body += chunk
                if len(body) > MOST_BYTES:
                    raise SourceUnavailable(f"{parts.hostname}: more than {MOST_BYTES} bytes")
                if time.monotonic() - began > TOTAL_SECONDS:
                    raise _Failed("too slow")
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _Failed(type(error).__name__) from error
        finally:
            pool.close()
        return Download(url, answer.status, answer.headers.get("Content-Type", ""), bytes(body)), location

    def _pool(self, scheme: str, host: str, port: int, url: str) -> urllib3.HTTPConnectionPool:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise _Failed(f"{type(error).__name__}: {host}") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not (self.allow_private or _same_place(url, self.origin)):
            hidden = [address for address in addresses if not ipaddress.ip_address(address.split("%")[0]).is_global]
            if hidden:
                raise SourceUnavailable(f"{host}: leads into a private network")
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        if scheme == "http":
            return urllib3.HTTPConnectionPool(addresses[0], port, timeout=timeout)
        return urllib3.HTTPSConnectionPool(
            addresses[0], port, timeout=timeout, ssl_context=ssl.create_default_context(), server_hostname=host,
            assert_hostname=host,
        )  # fmt: skip


def _same_place(url: str, origin: str) -> bool:
    one, other = urlsplit(url), urlsplit(origin)
    return (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _host(url: str) -> str:
    return urlsplit(url).hostname or url[:100]
