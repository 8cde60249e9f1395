"""Random and derived identifiers. None of them tells anything about a person."""

from __future__ import annotations

import hashlib
import hmac
import secrets

CHOICE_ID_BYTES = 9  # 12 characters: fits Telegram's 64 bytes, 2^72 possibilities


def new_token() -> str:
    """Return a session token: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_choice_id() -> str:
    """Return an opaque id for a button."""
    return secrets.token_urlsafe(CHOICE_ID_BYTES)


def token_digest(token: str) -> str:
    """Return what is stored of a token, so that a copied database opens no session."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def conversation_id(secret: str, channel: str, platform_id: str) -> str:
    """Return the id of a conversation in Rasa: keyed, so a phone number cannot be guessed back."""
    mac = hmac.new(_bytes(secret), _bytes(f"{channel}\0{platform_id}"), hashlib.sha256)
    return mac.hexdigest()[:40]


def _bytes(text: str) -> bytes:
    """Encode any text: a header or JSON from outside may hold half of a surrogate pair."""
    return text.encode("utf-8", "surrogatepass")
