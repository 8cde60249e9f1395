"""Signing in elsewhere (OpenID Connect, authorization code with PKCE): what needs no network.

The token that comes back is believed only with a signature by a published key of the issuer, from this issuer, for
this client, not expired, with the nonce of this browser.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.console.permissions import ROLES
from bot.console.seal import seal, unseal
from bot.core.errors import ConfigError, UserInputError

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "Ed25519",
)  # signatures by key pairs
SCOPE = "openid email profile"
LEEWAY_SECONDS = 60  # clocks differ
FLOW_SECONDS = 600  # from leaving to coming back
PURPOSE = "oidc"


@dataclass(frozen=True)
class Flow:
    """What a browser must bring back: kept sealed in its cookie."""

    state: str
    nonce: str
    verifier: str
    next: str  # the page to go to in the end


@dataclass(frozen=True)
class Identity:
    """Who the issuer says it is."""

    subject: str  # "<issuer> <subject>"
    email: str
    is_email_verified: bool
    name: str
    groups: tuple[str, ...]


def new_flow(next_page: str) -> Flow:
    """Return a flow with fresh random values."""
    return Flow(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), next_page)


def seal_flow(secret: str, flow: Flow) -> str:
    """Return the flow for the cookie."""
    return seal(secret, PURPOSE, json.dumps(asdict(flow)))


def find_flow(secret: str, sealed: str, state: str) -> Flow | None:
    """Return the flow of the cookie, or None when it is too old or the answer belongs to another."""
    text = unseal(secret, PURPOSE, sealed, within_seconds=FLOW_SECONDS)
    if text is None:
        return None
    flow = Flow(**json.loads(text))
    return flow if hmac.compare_digest(flow.state.encode(), state.encode("utf-8", "replace")) else None


def authorization_url(endpoint: str, flow: Flow, *, client_id: str, redirect_uri: str) -> str:
    """Return where to send the browser."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(flow.verifier.encode("ascii")).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": challenge.decode("ascii"),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def verify_id_token(
    token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, role_claim: str, now: float
) -> Identity:
    """Return who has signed in.

    Args:
        keys: the issuer's JSON Web Key Set.
        role_claim: the claim with the groups; a dot leads into an object (`realm_access.roles`).

    Raises:
        UserInputError: `oidc_refused`; its detail names what did not fit.
    """
    try:
        claims = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=list(ALGORITHMS)).claims  # type: ignore[arg-type]  # a key set's own type
        registry = jwt.JWTClaimsRegistry(
            now=int(now),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise UserInputError("oidc_refused", status=403, detail=str(error)) from error
    party, audience = claims.get("azp"), claims["aud"]
    if party not in (None, client_id) or (isinstance(audience, list) and len(audience) > 1 and party is None):
        raise UserInputError("oidc_refused", status=403, detail="azp")
    return Identity(
        subject=f"{issuer} {claims['sub']}",
        email=str(claims.get("email", "")).strip().lower(),
        is_email_verified=claims.get("email_verified") is True,
        name=" ".join(str(claims.get("name", "")).split()),
        groups=_groups(claims, role_claim),
    )


def parse_roles(mapping: str) -> dict[str, str]:
    """Return group → role from `group=role, other group=role`.

    >>> parse_roles("Housing team=tester, Housing leads=admin")
    {'Housing team': 'tester', 'Housing leads': 'admin'}

    Raises:
        ConfigError: an entry has no known role.
    """
    roles = {}
    for entry in filter(None, (part.strip() for part in mapping.split(","))):
        group, _, role = entry.rpartition("=")
        if not group.strip() or role.strip() not in ROLES:
            raise ConfigError(
                f"DOORWAY_OIDC_ROLES: {entry!r} is not like group=role, with a role of {', '.join(ROLES)}"
            )
        roles[group.strip()] = role.strip()
    return roles


def role_of(groups: tuple[str, ...], roles: Mapping[str, str]) -> str | None:
    """Return the role that stands last in `ROLES` among those of the groups, or None."""
    found = {roles[group] for group in groups if group in roles}
    return max(found, key=ROLES.index, default=None)


def _groups(claims: Mapping[str, Any], role_claim: str) -> tuple[str, ...]:
    value: Any = claims.get(role_claim)
    if value is None:
        value = claims
        for part in role_claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
