"""Small secrets at rest or in the hands of a browser, encrypted and signed with a key derived from the service's key.

>>> sealed = seal("k" * 32, "totp", "JBSWY3DPEHPK3PXP")
>>> unseal("k" * 32, "totp", sealed), unseal("k" * 32, "other purpose", sealed)
('JBSWY3DPEHPK3PXP', None)
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


def seal(secret: str, purpose: str, text: str) -> str:
    """Return `text` for later, readable only with the same secret and purpose."""
    return _fernet(secret, purpose).encrypt(text.encode("utf-8")).decode("ascii")


def unseal(secret: str, purpose: str, sealed: str, *, within_seconds: int | None = None) -> str | None:
    """Return the text, or None when it was changed, sealed with something else or is older than allowed."""
    try:
        return _fernet(secret, purpose).decrypt(sealed.encode("utf-8"), ttl=within_seconds).decode("utf-8")
    except (InvalidToken, UnicodeError):
        return None


def _fernet(secret: str, purpose: str) -> Fernet:
    key = hmac.new(secret.encode("utf-8"), f"console:{purpose}".encode(), hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
