"""Six-digit codes of an authenticator app (RFC 6238)."""

from __future__ import annotations

import hmac

import pyotp

SECONDS = 30
DRIFT = 1  # steps a phone's clock may be off
DIGITS = 6
PURPOSE = "totp"  # under which the secret is sealed at rest


def new_secret() -> str:
    """Return a secret: 160 random bits in base 32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """Return the address that an app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def spaced(secret: str) -> str:
    """Return the secret for typing, in groups of four.

    >>> spaced("JBSWY3DPEHPK3PXP")
    'JBSW Y3DP EHPK 3PXP'
    """
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def find_step(secret: str, code: str, now: float) -> int | None:
    """Return the number of the time step that a code belongs to, or None for a wrong code.

    The caller keeps it and takes no step twice, so that a code that was looked at over a shoulder is worth nothing.
    """
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    generator = pyotp.TOTP(secret)
    current = int(now) // SECONDS
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(generator.at(step * SECONDS), digits):
            return step
    return None
