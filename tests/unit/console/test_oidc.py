"""Signing in elsewhere without a network: the address to go to, groups and roles, whose account it is."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.engine import Connection

from bot.console.arrivals import account_for
from bot.console.oidc import Identity, authorization_url, find_flow, new_flow, parse_roles, role_of, seal_flow
from bot.console.users import User, get_user, set_password
from bot.core.errors import ConfigError, UserInputError
from tests.unit.console.conftest import NOW

SECRET = "k" * 40


def identity(email: str = "amina@example.org", *, verified: bool = True, groups: tuple[str, ...] = ()) -> Identity:
    return Identity("https://login.example 1", email, verified, "Amina", groups)


def test_the_address_asks_for_a_code_with_pkce() -> None:
    flow = new_flow("/console/")
    url = authorization_url(
        "https://login.example/a?tenant=1", flow, client_id="a b", redirect_uri="https://us.example/cb"
    )
    query = parse_qs(urlsplit(url).query)
    digest = hashlib.sha256(flow.verifier.encode()).digest()
    assert query["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
    assert query["code_challenge_method"] == ["S256"]
    assert (query["tenant"], query["client_id"], query["response_type"]) == (["1"], ["a b"], ["code"])
    assert flow.verifier not in url
    assert len(flow.verifier) >= 43


def test_a_flow_comes_back_with_its_own_state_alone() -> None:
    flow = new_flow("/console/users")
    sealed = seal_flow(SECRET, flow)
    assert find_flow(SECRET, sealed, flow.state) == flow
    assert find_flow(SECRET, sealed, new_flow("").state) is None
    assert find_flow(SECRET, sealed, "") is None
    assert find_flow(SECRET, "", flow.state) is None
    assert find_flow("j" * 40, sealed, flow.state) is None
    assert flow.nonce not in sealed


@pytest.mark.parametrize("mapping", ["a", "=admin", "a=root", "a=", "a=admin; b=tester, c"])
def test_a_mapping_with_a_mistake_is_refused_by_name(mapping: str) -> None:
    with pytest.raises(ConfigError, match="DOORWAY_OIDC_ROLES"):
        parse_roles(mapping)


def test_the_strongest_group_counts() -> None:
    roles = parse_roles("x=tester, leads=admin, a=b=viewer")
    assert roles == {"x": "tester", "leads": "admin", "a=b": "viewer"}
    assert role_of(("a=b", "leads", "x"), roles) == "admin"
    assert role_of(("Leads",), roles) is None


def test_an_invited_person_is_known_by_a_verified_address_then_by_the_subject(
    connection: Connection, amina: User
) -> None:
    with pytest.raises(UserInputError, match="oidc_unknown"):
        account_for(connection, identity(verified=False), {}, NOW)
    assert account_for(connection, identity(), {}, NOW).id == amina.id
    assert account_for(connection, identity("new@example.org", verified=False), {}, NOW).id == amina.id


def test_an_account_with_a_password_is_nobodys_by_address(connection: Connection, amina: User) -> None:
    set_password(connection, amina.id, "hash")
    for roles in ({}, {"leads": "admin"}):
        with pytest.raises(UserInputError, match="oidc_unknown"):
            account_for(connection, identity(groups=("leads",)), roles, NOW)
    assert get_user(connection, amina.id).role == "tester"


def test_a_stranger_needs_a_group(connection: Connection) -> None:
    with pytest.raises(UserInputError, match="oidc_unknown"):
        account_for(connection, identity(), {}, NOW)
    assert account_for(connection, identity(groups=("leads",)), {"leads": "editor"}, NOW).role == "editor"


def test_the_last_administrator_is_not_lost_by_a_group(connection: Connection, admin: User) -> None:
    roles = {"team": "tester"}
    with pytest.raises(UserInputError, match="last_admin"):
        account_for(connection, identity(admin.email, groups=("team",)), roles, NOW)
