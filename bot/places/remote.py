"""Exact postcodes from a service that speaks like postcodes.io, best the operator's own: it learns what people type.

Off unless the operator names an address. No failure is an error here: the outward code is the answer then. The
postcode stands in no log, and a redirect, which could carry it elsewhere, is not followed.
"""

from __future__ import annotations

import http.client
import json
import math
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from typing import Any
from urllib.parse import quote

from bot.core.errors import ConfigError
from bot.places.lookup import ExactPostcode, ExactPostcodes

TIMEOUT_SECONDS = 2.0
TRIES = 2
REMEMBERED = 512
MOST_BYTES = 65_536
PIECE = 8_192
NOT_FOUND, SERVER_ERROR = 404, 500


class RemotePostcodes:
    """A look-up service. Asks in the calling thread: at most twice two seconds."""

    def __init__(self, url: str) -> None:
        """`url`: the part before `/postcodes/…`.

        Raises:
            ConfigError: not an http or https address.
        """
        if not url.startswith(("http://", "https://")):
            raise ConfigError("the address of the postcode service must start with http:// or https://")
        self._url = url.rstrip("/")
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._known: OrderedDict[str, ExactPostcode | None] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, postcode: str) -> ExactPostcode | None:
        """Return what the service knows of a postcode ("SW9 8JH"); None too where it gives no usable answer in time."""
        with self._lock:
            if postcode in self._known:
                self._known.move_to_end(postcode)
                return self._known[postcode]
        answer = self._ask(postcode)
        if answer is None:
            return None
        found = _read(postcode, *answer)
        with self._lock:
            self._known[postcode] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _ask(self, postcode: str) -> tuple[int, dict[str, Any]] | None:
        """Return status and body of an answer that is worth remembering."""
        request = urllib.request.Request(  # noqa: S310 — http or https, see __init__
            f"{self._url}/postcodes/{quote(postcode)}", headers={"Accept": "application/json"}
        )
        for _ in range(TRIES):
            try:
                with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                    return _body(response.status, response)
            except urllib.error.HTTPError as error:
                with error:
                    if error.code == NOT_FOUND:
                        return _quietly(error)
                    if error.code < SERVER_ERROR:
                        return None
            except (OSError, http.client.HTTPException, ValueError):
                continue
        return None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow none: the answer is the redirect, which is no answer."""


class _Chain:
    def __init__(self, sources: tuple[ExactPostcodes, ...]) -> None:
        self._sources = sources

    def find(self, postcode: str) -> ExactPostcode | None:
        """Return what the first of them knows that knows something."""
        return next(filter(None, (source.find(postcode) for source in self._sources)), None)


def chain(first: ExactPostcodes | None, second: ExactPostcodes | None) -> ExactPostcodes | None:
    """Return a source that asks the second what the first does not know; None where there is neither."""
    sources = tuple(source for source in (first, second) if source)
    return sources[0] if len(sources) == 1 else _Chain(sources) if sources else None


def _quietly(error: urllib.error.HTTPError) -> tuple[int, dict[str, Any]]:
    """Return a "not found" with its body, if that can be read."""
    try:
        return _body(error.code, error)
    except (OSError, http.client.HTTPException, ValueError):
        return error.code, {}


def _body(status: int, response: Any) -> tuple[int, dict[str, Any]]:
    """Return status and JSON object, read within the time limit whatever the sender's pace.

    Raises:
        ValueError: not a JSON object, or too long.
        TimeoutError: it came too slowly.
    """
    until = time.monotonic() + TIMEOUT_SECONDS
    read = bytearray()
    while part := response.read1(PIECE):
        read += part
        if time.monotonic() > until:
            raise TimeoutError
        if len(read) > MOST_BYTES:
            raise ValueError
    body = json.loads(read)
    if not isinstance(body, dict):
        raise ValueError
    return status, body


def _read(postcode: str, status: int, body: dict[str, Any]) -> ExactPostcode | None:
    """Return what a body says. A terminated postcode stands inside a 404, without its council."""
    is_terminated = status == NOT_FOUND
    result = body.get("terminated" if is_terminated else "result")
    if not isinstance(result, dict):
        return None
    latitude, longitude = _degrees(result.get("latitude")), _degrees(result.get("longitude"))
    codes = result.get("codes")
    gss_code = codes.get("admin_district") if isinstance(codes, dict) else None
    gss_code = gss_code if isinstance(gss_code, str) else ""
    if latitude is None or longitude is None or not (gss_code or is_terminated):
        return None
    return ExactPostcode(postcode, gss_code, latitude, longitude, is_terminated=is_terminated)


def _degrees(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) and abs(value) <= 180 else None
