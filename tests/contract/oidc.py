"""Two issuers to sign in with: a real provider from the package index, and one of our own that can also be wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from bot.core.paths import ROOT
from tests.contract.console import Clock
from tests.contract.server import free_port

COMMAND = ROOT / ".venv-oidc" / "bin" / "oidc-provider-mock"
READY_SECONDS = 30.0
CLIENT_ID, CLIENT_SECRET = "doorway console", "s3cret+ &=%"


@contextmanager
def real_provider(folder: Path, *options: str) -> Iterator[str]:
    """Run oidc-provider-mock in its own environment; yield its address."""
    port = free_port()
    command = [str(COMMAND), "--host", "127.0.0.1", "--port", str(port), "--require-nonce", "true", *options]
    with (folder / "provider.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            url, began = f"http://127.0.0.1:{port}", time.monotonic()
            while True:
                try:
                    with urllib.request.urlopen(f"{url}/jwks", timeout=2):  # noqa: S310 — loopback
                        break
                except OSError:
                    assert time.monotonic() - began < READY_SECONDS, (folder / "provider.log").read_text()
                    assert process.poll() is None, (folder / "provider.log").read_text()
                    time.sleep(0.1)
            yield url
        finally:
            process.terminate()


class FakeIssuer:
    """An issuer that checks what a strict one checks, and signs what a test wants."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.published = [self.key]
        self.signing_key = self.key
        self.secret: bytes | None = None  # signs with this instead, as no library would
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "first"}
        self.claims: dict[str, Any] = {}  # what replaces the right claims; None takes one away
        self.metadata: dict[str, Any] = {}
        self.methods = ["client_secret_basic"]
        self.token_status = 200
        self.asked: list[str] = []
        self.url = ""
        self._codes: dict[str, dict[str, str]] = {}

    def authorize(self, location: str) -> dict[str, str]:
        """Do what the person does there; return what comes back to the callback."""
        query = dict(parse_qsl(urlsplit(location).query))
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert set(query["scope"].split()) >= {"openid", "email"}
        code = secrets.token_urlsafe(12)
        self._codes[code] = query
        return {"code": code, "state": query["state"], "iss": self.url}

    async def get_metadata(self, _request: web.Request) -> web.Response:
        """GET the discovery document."""
        self.asked.append("metadata")
        return web.json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize?tenant=a",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "token_endpoint_auth_methods_supported": self.methods,
            }
            | self.metadata
        )

    async def get_keys(self, _request: web.Request) -> web.Response:
        """GET the public keys."""
        self.asked.append("keys")
        return web.json_response(KeySet(self.published).as_dict(private=False))

    async def post_token(self, request: web.Request) -> web.Response:
        """POST a code for a token: client, code, PKCE and redirect address must be right."""
        self.asked.append("token")
        form = {name: str(value) for name, value in (await request.post()).items()}
        if self.token_status != 200:
            return web.json_response({"error": "server_error"}, status=self.token_status)
        flow = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = _encoded(digest)
        if flow is None or flow["redirect_uri"] != form["redirect_uri"] or flow["code_challenge"] != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        if not self._is_client(request, form):
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": self._token(flow)})

    def _is_client(self, request: web.Request, form: dict[str, str]) -> bool:
        if "client_secret_basic" in self.methods:
            quoted = b"doorway+console:s3cret%2B+%26%3D%25"
            return request.headers.get("Authorization") == "Basic " + base64.b64encode(quoted).decode()
        secret = None if self.methods == ["none"] else CLIENT_SECRET
        return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, secret)

    def _token(self, flow: dict[str, str]) -> str:
        now = int(self.clock.seconds)
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": "alice",
            "iat": now,
            "exp": now + 300,
            "nonce": flow["nonce"],
            "email": "alice@example.org",
            "email_verified": True,
            "name": "Alice Okoro",
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        if self.secret is None:
            return jwt.encode(self.header, kept, self.signing_key)
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in (self.header, kept))
        mac = hmac.new(self.secret, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{'' if self.header['alg'] == 'none' else _encoded(mac)}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@asynccontextmanager
async def fake_issuer(clock: Clock) -> AsyncIterator[FakeIssuer]:
    """Run our own issuer on loopback."""
    issuer, app = FakeIssuer(clock), web.Application()
    app.router.add_get("/.well-known/openid-configuration", issuer.get_metadata)
    app.router.add_get("/jwks", issuer.get_keys)
    app.router.add_post("/token", issuer.post_token)
    server = TestServer(app)
    await server.start_server()
    issuer.url = str(server.make_url("/")).rstrip("/")
    try:
        yield issuer
    finally:
        await server.close()
