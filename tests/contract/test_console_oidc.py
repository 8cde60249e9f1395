"""Signing in to the console elsewhere: with a real provider, and with an issuer that is wrong on purpose."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession
from joserfc.jwk import RSAKey
from yarl import URL

from bot.console import audit
from bot.console.users import find_by_email
from bot.core.errors import ConfigError
from bot.web.console.cookies import FLOW
from tests.contract.console import Bench, Clock, Visitor, open_bench
from tests.contract.oidc import CLIENT_ID, CLIENT_SECRET, COMMAND, FakeIssuer, fake_issuer, real_provider
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

CALLBACK = "/console/oidc/callback"
MAPPING = "Advice team=tester, Team leads=admin"
needs_provider = pytest.mark.skipif(not COMMAND.exists(), reason="needs .venv-oidc (make contract)")


@pytest.fixture
async def issuer(clock: Clock) -> AsyncIterator[FakeIssuer]:
    """An issuer that is right until a test changes it."""
    async with fake_issuer(clock) as running:
        yield running


@pytest.fixture
async def linked(clock: Clock, issuer: FakeIssuer) -> AsyncIterator[Bench]:
    """A console without a mapping of groups; only people who were invited come in."""
    settings = {"oidc_issuer": issuer.url, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    async with open_bench(clock, **settings) as opened:
        opened.account("admin", "Bob Root", "bob@example.org")
        yield opened


async def goes_there_and_back(visitor: Visitor, issuer: FakeIssuer, **changes: str) -> Any:
    """Sign in elsewhere; return the answer of the callback."""
    start = await visitor.get("/console/oidc/start")
    assert start.status == 303, await start.text()
    return await visitor.get(CALLBACK, params=issuer.authorize(start.headers["Location"]) | changes)


async def is_in(visitor: Visitor) -> bool:
    return (await visitor.get("/console/")).status == 200


# The real provider


def settings_for(provider: str) -> dict[str, str]:
    """Return the settings with the real provider, which takes any client."""
    return {"oidc_issuer": provider, "oidc_client_id": "doorway", "oidc_client_secret": "any", "oidc_roles": MAPPING}


def put_user(provider: str, subject: str, **claims: Any) -> None:
    """Tell the real provider what it knows of somebody."""
    request = urllib.request.Request(  # noqa: S310 — loopback
        f"{provider}/users/{subject}", json.dumps(claims).encode(), {"Content-Type": "application/json"}, method="PUT"
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 — loopback


async def signs_in_there(visitor: Visitor, subject: str, **changed: str) -> Any:
    """Walk through the real provider's page; `changed` replaces parts of the address we send the browser to."""
    start = await visitor.get("/console/oidc/start?next=/console/account")
    async with (
        ClientSession() as browser,
        browser.post(
            URL(start.headers["Location"]).update_query(changed), data={"sub": subject}, allow_redirects=False
        ) as back,
    ):
        target = urlsplit(back.headers["Location"])
        return await visitor.get(f"{target.path}?{target.query}")


@needs_provider
async def test_a_real_provider_signs_people_in_with_the_roles_of_their_groups(clock: Clock, tmp_path: Path) -> None:
    with real_provider(tmp_path) as provider:
        people = {"ana": ["Advice team"], "lea": ["Advice team", "Team leads"], "eve": ["Accounts"]}
        for name, groups in people.items():
            claims = {"email": f"{name}@example.org", "email_verified": True, "name": name.title(), "groups": groups}
            await asyncio.to_thread(put_user, provider, name, **claims)
        async with open_bench(clock, **settings_for(provider)) as bench:
            bench.account("admin")
            found = {}
            for name in people:
                visitor = bench.visitor()
                response = await signs_in_there(visitor, name)
                user = bench.database.run_now(
                    lambda connection, name=name: find_by_email(connection, f"{name}@example.org")
                )
                found[name] = (response.status, await is_in(visitor), user.role if user else None)
                if user:
                    assert response.headers["Location"] == "/console/account"
        assert found == {"ana": (303, True, "tester"), "lea": (303, True, "admin"), "eve": (403, False, None)}


@needs_provider
@pytest.mark.parametrize(
    ("options", "changed", "reason"),
    [
        ((), {"nonce": "of another browser"}, "'nonce'"),
        ((), {"client_id": "another-service"}, "status 400"),  # it refuses the code, for it belongs to that service
        ((), {"state": "of another browser"}, "oidc_late"),
        (("--token-max-age", "-3600"), {}, "expired"),
    ],
    ids=["wrong nonce", "wrong audience", "wrong state", "expired"],
)
async def test_what_a_real_provider_says_to_somebody_else_is_refused(
    clock: Clock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    options: tuple[str, ...],
    changed: dict[str, str],
    reason: str,
) -> None:
    caplog.set_level("WARNING", "bot.web.console")
    with real_provider(tmp_path, *options) as provider:
        claims = {"email": "ana@example.org", "email_verified": True, "groups": ["Team leads"]}
        await asyncio.to_thread(put_user, provider, "ana", **claims)
        async with open_bench(clock, **settings_for(provider)) as bench:
            bench.account("admin")
            visitor = bench.visitor()
            assert (await signs_in_there(visitor, "ana", **changed)).status == 403
            assert reason in caplog.text
            assert not await is_in(visitor)
            assert bench.database.run_now(lambda connection: find_by_email(connection, "ana@example.org")) is None


# An issuer of our own: what a real one never sends


@pytest.mark.parametrize("methods", [["client_secret_basic"], ["client_secret_post"]])
async def test_somebody_who_was_invited_signs_in(linked: Bench, issuer: FakeIssuer, methods: list[str]) -> None:
    issuer.methods = methods
    invited = linked.account("reviewer", email="alice@example.org")
    visitor = linked.visitor()
    assert (await goes_there_and_back(visitor, issuer)).headers["Location"] == "/console/"
    assert await is_in(visitor)
    assert linked.read(invited).oidc_subject == f"{issuer.url} alice"
    issuer.claims = {"email": "renamed@example.org"}
    again = linked.visitor()
    await goes_there_and_back(again, issuer)
    assert await is_in(again)


async def test_a_public_client_signs_in_by_pkce_alone(clock: Clock, issuer: FakeIssuer) -> None:
    issuer.methods = ["none"]
    async with open_bench(clock, oidc_issuer=issuer.url, oidc_client_id=CLIENT_ID) as bench:
        bench.account("admin")
        bench.account(email="alice@example.org")
        visitor = bench.visitor()
        assert (await goes_there_and_back(visitor, issuer)).status == 303
        assert await is_in(visitor)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another browser"},
        {"nonce": None},
        {"aud": "another service"},
        {"aud": [CLIENT_ID, "another service"]},
        {"aud": [CLIENT_ID], "azp": "another service"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "never"},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"sub": None},
    ],
    ids=str,
)
async def test_a_wrong_token_is_refused(linked: Bench, issuer: FakeIssuer, claims: dict[str, Any]) -> None:
    linked.account(email="alice@example.org")
    issuer.claims = claims
    visitor = linked.visitor()
    response = await goes_there_and_back(visitor, issuer)
    assert response.status == 403
    assert not await is_in(visitor)
    newest = linked.database.run_now(lambda connection: audit.list_entries(connection)[0])
    assert (newest.action, newest.after) == ("sign_in_failed", "oidc_refused")


async def test_a_token_that_another_key_signed_is_refused(linked: Bench, issuer: FakeIssuer) -> None:
    linked.account(email="alice@example.org")
    issuer.signing_key = RSAKey.generate_key(2048, {"kid": "first"})
    assert (await goes_there_and_back(linked.visitor(), issuer)).status == 403


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_without_a_key_pair_is_refused(linked: Bench, issuer: FakeIssuer, algorithm: str) -> None:
    linked.account(email="alice@example.org")
    issuer.header = {"alg": algorithm, "kid": "first"}
    issuer.secret = issuer.key.as_pem(private=False)  # the public key, used as if it were a shared secret
    assert (await goes_there_and_back(linked.visitor(), issuer)).status == 403


async def test_a_new_key_is_fetched_but_not_for_every_token(
    linked: Bench, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked.account(email="alice@example.org")
    passed = 0.0
    monkeypatch.setattr("bot.web.console.provider.monotonic", lambda: passed)
    await goes_there_and_back(linked.visitor(), issuer)
    second = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    issuer.signing_key, issuer.header, issuer.published = (
        second,
        {"alg": "RS256", "kid": "second"},
        [issuer.key, second],
    )
    assert (await goes_there_and_back(linked.visitor(), issuer)).status == 403
    assert issuer.asked.count("keys") == 1
    passed = 61.0
    assert (await goes_there_and_back(linked.visitor(), issuer)).status == 303
    assert (issuer.asked.count("keys"), issuer.asked.count("metadata")) == (2, 1)


@pytest.mark.parametrize(
    "changes",
    [{"state": "of another browser"}, {"state": ""}, {"code": "of another browser"}, {"iss": "https://evil.example"}],
    ids=str,
)
async def test_an_answer_that_was_not_asked_for_is_refused(
    linked: Bench, issuer: FakeIssuer, changes: dict[str, str]
) -> None:
    linked.account(email="alice@example.org")
    visitor = linked.visitor()
    assert (await goes_there_and_back(visitor, issuer, **changes)).status == 403
    assert not await is_in(visitor)


async def test_an_answer_does_not_sign_another_browser_in(linked: Bench, issuer: FakeIssuer) -> None:
    linked.account(email="alice@example.org")
    attacker, victim = linked.visitor(), linked.visitor()
    answer = issuer.authorize((await attacker.get("/console/oidc/start")).headers["Location"])
    await victim.get("/console/oidc/start")
    assert (await victim.get(CALLBACK, params=answer)).status == 403
    assert (await linked.visitor().get(CALLBACK, params=answer)).status == 403


async def test_an_answer_works_once_and_not_late(
    linked: Bench, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked.account(email="alice@example.org")
    visitor = linked.visitor()
    answer = issuer.authorize((await visitor.get("/console/oidc/start")).headers["Location"])
    flow = visitor.cookie(FLOW)
    assert (await visitor.get(CALLBACK, params=answer)).status == 303
    assert not visitor.cookie(FLOW)
    visitor.set_cookie(flow, FLOW)
    assert (await visitor.get(CALLBACK, params=answer)).status == 403
    late = linked.visitor()
    answer = issuer.authorize((await late.get("/console/oidc/start")).headers["Location"])
    monkeypatch.setattr("bot.console.oidc.FLOW_SECONDS", -1)
    assert (await late.get(CALLBACK, params=answer)).status == 403


async def test_refusing_there_is_told_here(linked: Bench, issuer: FakeIssuer) -> None:
    visitor = linked.visitor()
    answer = issuer.authorize((await visitor.get("/console/oidc/start")).headers["Location"])
    response = await visitor.get(CALLBACK, params={"error": "access_denied", "state": answer["state"]})
    assert response.status == 403
    assert "did not confirm who you are" in await response.text()


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email_verified": "true"},
                                    {"email": "bob@example.org", "email_verified": False}, {"email": None}], ids=str)  # fmt: skip  # noqa: E501
async def test_an_address_that_was_not_verified_opens_no_account(
    linked: Bench, issuer: FakeIssuer, claims: dict[str, Any]
) -> None:
    linked.account(email="alice@example.org")
    issuer.claims = claims
    response = await goes_there_and_back(linked.visitor(), issuer)
    assert response.status == 403
    assert "ask an administrator" in (await response.text()).lower()


async def test_an_account_with_a_password_is_not_taken_over(linked: Bench, issuer: FakeIssuer) -> None:
    local = await linked.enrolled("admin")
    assert local.user
    issuer.claims = {"email": local.user.email}
    assert (await goes_there_and_back(linked.visitor(), issuer)).status == 403
    assert linked.read(local.user).oidc_subject is None


async def test_a_closed_account_stays_closed(linked: Bench, issuer: FakeIssuer) -> None:
    user, admin, visitor = linked.account(email="alice@example.org"), linked.signed_in("admin"), linked.visitor()
    await goes_there_and_back(visitor, issuer)
    await admin.form(f"/console/users/{user.id}", do="disable")
    assert not await is_in(visitor)
    assert (await goes_there_and_back(visitor, issuer)).status == 403


@pytest.mark.parametrize(
    ("claim", "value", "role"),
    [
        ("groups", ["Advice team"], "tester"),
        ("groups", "Advice team", "tester"),
        ("groups", ["Advice team", "Team leads", 7], "admin"),
        ("groups", [], None),
        ("groups", None, None),
        ("groups", {"Team leads": True}, None),
        ("https://example.org/roles", ["Team leads"], "admin"),
        ("realm_access.roles", {"roles": ["Team leads"]}, "admin"),
    ],
)
async def test_groups_become_a_role(clock: Clock, issuer: FakeIssuer, claim: str, value: Any, role: str | None) -> None:
    settings = {
        "oidc_issuer": issuer.url,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_roles": MAPPING,
        "oidc_role_claim": claim,
    }
    issuer.claims = {claim.partition(".")[0] if claim.startswith("realm") else claim: value}
    async with open_bench(clock, **settings) as bench:
        bench.account("admin")
        visitor = bench.visitor()
        assert (await goes_there_and_back(visitor, issuer)).status == (303 if role else 403)
        user = bench.database.run_now(lambda connection: find_by_email(connection, "alice@example.org"))
        assert (user.role if user else None) == role


async def test_another_group_is_another_role_at_the_next_sign_in_and_none_is_no_way_in(
    clock: Clock, issuer: FakeIssuer
) -> None:
    settings = {"oidc_issuer": issuer.url, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    async with open_bench(clock, **settings, oidc_roles=MAPPING) as bench:
        bench.account("admin")
        before = bench.visitor()
        for groups, status in ((["Team leads"], 303), (["Advice team"], 303), ([], 403)):
            issuer.claims = {"groups": groups}
            assert (await goes_there_and_back(before, issuer)).status == status
        user = bench.database.run_now(lambda connection: find_by_email(connection, "alice@example.org"))
        assert user
        assert user.role == "tester"


async def test_somebody_from_elsewhere_needs_an_authenticator_for_what_is_dangerous(
    linked: Bench, issuer: FakeIssuer
) -> None:
    linked.account("admin", email="alice@example.org")
    visitor = linked.visitor()
    await goes_there_and_back(visitor, issuer)
    assert (await visitor.get("/console/users")).headers["Location"].startswith("/console/step-up")
    assert (await visitor.get("/console/step-up")).headers["Location"] == "/console/authenticator"
    assert (await visitor.get("/console/authenticator")).status == 200
    linked.clock.advance(600)
    late = await visitor.get("/console/authenticator")
    assert late.status == 403
    assert "sign out and in again" in await late.text()


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
    ids=str,
)
async def test_an_issuer_that_describes_itself_wrongly_is_not_used(
    linked: Bench, issuer: FakeIssuer, metadata: dict[str, Any]
) -> None:
    issuer.metadata = metadata
    assert (await linked.visitor().get("/console/oidc/start")).status == 503


async def test_an_issuer_that_fails_is_told(linked: Bench, issuer: FakeIssuer) -> None:
    issuer.token_status = 500
    response = await goes_there_and_back(linked.visitor(), issuer)
    assert response.status == 503
    assert "did not answer" in await response.text()


async def test_without_an_issuer_there_is_no_button_and_no_address(bench: Bench, linked: Bench) -> None:
    assert "oidc" not in await bench.visitor().text("/console/sign-in")
    assert (await bench.visitor().get("/console/oidc/start")).status == 404
    assert (await bench.visitor().get(CALLBACK)).status == 404
    assert "Sign in with 127.0.0.1" in await linked.visitor().text("/console/sign-in")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"oidc_issuer": "http://login.example.org", "oidc_client_id": "a"}, "DOORWAY_OIDC_ISSUER"),
        ({"oidc_issuer": "https://login.example.org"}, "DOORWAY_OIDC_CLIENT_ID"),
        ({"oidc_roles": "Team leads=root"}, "DOORWAY_OIDC_ROLES"),
        ({"oidc_roles": "Team leads"}, "DOORWAY_OIDC_ROLES"),
    ],
)
async def test_wrong_settings_fail_the_start_by_name(clock: Clock, settings: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        async with open_bench(clock, **settings):
            pass
