"""Talking to the service where people sign in elsewhere: what it publishes, and a code for a token.

Nothing is asked of it before somebody signs in. Answers are kept for an hour; keys are fetched again when a token
names one that is not known, at most once a minute.
"""

from __future__ import annotations

import asyncio
import json
from time import monotonic
from typing import Any

from aiohttp import BasicAuth, ClientError, ClientSession, ClientTimeout
from joserfc import jws
from joserfc.errors import JoseError
from yarl import URL

from bot.core.errors import ConfigError, UserInputError

TIMEOUT = ClientTimeout(total=10, connect=5)
LARGEST_ANSWER = 256 * 1024
KEPT_SECONDS, KEYS_AGAIN_SECONDS = 3600.0, 60.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The issuer that the settings name."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        """Remember where it is.

        Raises:
            ConfigError: the issuer's address is not https, or there is no client id.
        """
        if not _is_safe(issuer):
            raise ConfigError("DOORWAY_OIDC_ISSUER must start with https://")
        if not client_id:
            raise ConfigError("DOORWAY_OIDC_CLIENT_ID is needed with DOORWAY_OIDC_ISSUER")
        self.issuer, self.client_id, self._client_secret = issuer, client_id, client_secret
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._metadata_at = self._keys_at = float("-inf")

    @property
    def host(self) -> str:
        """What people see of it."""
        return URL(self.issuer).host or self.issuer

    async def metadata(self) -> dict[str, Any]:
        """Return what it publishes about itself.

        Raises:
            UserInputError: `oidc_unavailable`: no answer, or one that does not fit the settings.
        """
        if monotonic() - self._metadata_at > KEPT_SECONDS:
            found = await self._ask("GET", self.issuer.rstrip("/") + WELL_KNOWN)
            if found.get("issuer") != self.issuer or not all(_is_safe(str(found.get(name, ""))) for name in ENDPOINTS):
                raise UserInputError("oidc_unavailable", status=503)
            self._metadata, self._metadata_at = found, monotonic()
        return self._metadata

    async def keys_for(self, token: str) -> dict[str, Any]:
        """Return its keys, fetched again when the one that a token names is not among them.

        Raises:
            UserInputError: `oidc_unavailable`.
        """
        age = monotonic() - self._keys_at
        if age > KEPT_SECONDS or (age > KEYS_AGAIN_SECONDS and not _has_key(self._keys, token)):
            self._keys = await self._ask("GET", (await self.metadata())["jwks_uri"])
            self._keys_at = monotonic()
        return self._keys

    async def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> str:
        """Return the ID token for a code.

        Raises:
            UserInputError: `oidc_unavailable`, or `oidc_refused` when the code is not accepted.
        """
        metadata = await self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        auth = None
        if self._client_secret and "client_secret_basic" in metadata.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        ):
            auth = BasicAuth(_quoted(self.client_id), _quoted(self._client_secret))
        else:
            form["client_id"] = self.client_id
            if self._client_secret:
                form["client_secret"] = self._client_secret
        answer = await self._ask("POST", metadata["token_endpoint"], data=form, auth=auth)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise UserInputError("oidc_refused", status=403, detail="no ID token")
        return token

    async def _ask(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            async with (
                ClientSession(timeout=TIMEOUT, trust_env=True) as client,
                client.request(method, url, allow_redirects=False, **options) as response,
            ):
                body = await response.content.read(LARGEST_ANSWER)
                if response.status in (400, 401, 403):
                    raise UserInputError("oidc_refused", status=403, detail=f"status {response.status}")
                found = json.loads(body) if response.status == 200 else None
        except (ClientError, asyncio.TimeoutError, ValueError):
            raise UserInputError("oidc_unavailable", status=503) from None
        if not isinstance(found, dict):
            raise UserInputError("oidc_unavailable", status=503)
        return found


def _is_safe(url: str) -> bool:
    address = URL(url)
    return address.scheme == "https" or (address.scheme == "http" and address.host in LOOPBACK)


def _quoted(text: str) -> str:
    """As RFC 6749 2.3.1 wants it in the header."""
    return URL.build(query={"": text}).raw_query_string[1:]


def _has_key(keys: dict[str, Any], token: str) -> bool:
    try:
        named = jws.extract_compact(token.encode("utf-8", "replace")).headers().get("kid")
    except (JoseError, ValueError):
        return True  # no token at all: fetching keys would not help
    return any(key.get("kid") == named for key in keys.get("keys", []) if isinstance(key, dict))
