"""What WhatsApp and Messenger share: the signature, the question whether an address is ours, and their errors."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.platform import Headers, Outcome, hmac_sha256, maybe_object, object_at, read_outcome, same, text_at

SIGNATURE_HEADER = "X-Hub-Signature-256"
PREFIX = "sha256="
MOST_BYTES = 3 * 1024 * 1024
LONGEST_CHALLENGE = 200
# Codes of Meta's Graph API.
TRY_LATER = frozenset({"1", "2", "4", "17", "32", "613", "80007", "130429", "131016", "131048", "131056", "133004"})
BLOCKED = frozenset({"551", "131050"})  # the person cannot or does not want to be written to
SUBCODES_BLOCKED = frozenset({"1545041", "2018108", "2018278"})  # Messenger: not available, or outside of the 24 hours


def verify(raw: bytes, headers: Headers, app_secret: str) -> bool:
    """Whether the body is signed with the app's secret."""
    given = headers.get(SIGNATURE_HEADER, "")
    return bool(app_secret) and given.startswith(PREFIX) and same(given, PREFIX + hmac_sha256(app_secret, raw))


def handshake(query: Mapping[str, str], verify_token: str) -> str | None:
    """Return the challenge of a GET that carries our verify token, else None."""
    challenge = query.get("hub.challenge", "")
    is_ours = query.get("hub.mode") == "subscribe" and same(query.get("hub.verify_token", ""), verify_token)
    return challenge if is_ours and 0 < len(challenge) <= LONGEST_CHALLENGE else None


def outcome(status: int, headers: Headers, body: bytes) -> Outcome:
    """Return how a send ended, by Meta's error code."""
    if 200 <= status < 300:
        return Outcome("sent")
    error = object_at(maybe_object(body), "error")
    code, subcode = text_at(error, "code"), text_at(error, "error_subcode")
    if code in TRY_LATER or error.get("is_transient") is True:
        return read_outcome(503, headers, code)
    if code in BLOCKED or subcode in SUBCODES_BLOCKED:
        return Outcome("blocked", code)
    return read_outcome(status, headers, code)
