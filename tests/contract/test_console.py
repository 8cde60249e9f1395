"""The console as people and as attackers use it: signing in, sessions, forms, people, the audit list."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from sqlalchemy import text

from bot.console import audit
from bot.console.users import accept_invitation
from bot.web.console.cookies import GUEST
from tests.contract.console import PASSWORD, Bench, Clock, Visitor, hidden, open_bench
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

EASY = "This password is easy to guess. Take more words, or words that do not belong together."
NEW_PASSWORD = "copper lantern whale 4"
MINUTES = 60.0
TITLE = re.compile(r"<h1>(.*?)</h1>")


def heading(page: str) -> str:
    found = TITLE.search(page)
    assert found
    return found[1]


def told(page: str) -> str:
    """Return what a page says is wrong."""
    found = re.search(r'<p id="wrong">(.*?)</p>', page)
    return found[1] if found else ""


async def signs_in_again(bench: Bench, visitor: Visitor) -> str:
    """Walk through both halves of a sign-in; return where it leads."""
    assert visitor.user
    first = await visitor.sign_in(visitor.user.email)
    assert first.headers["Location"].startswith("/console/code"), await first.text()
    second = await visitor.form("/console/code", code=bench.code(visitor))
    return second.headers.get("Location", "")


def actions(bench: Bench) -> list[str]:
    """Return what the audit list says was done, oldest first."""
    entries = bench.database.run_now(lambda connection: audit.list_entries(connection, limit=500))
    return [entry.action for entry in reversed(entries)]


# Signing in


async def test_from_the_invitation_to_the_first_page_and_back_again(bench: Bench) -> None:
    visitor = await bench.enrolled("tester")
    assert heading(await visitor.text("/console/")) == "Hello, Amina Yusuf"
    signed_out = await visitor.post("/console/sign-out", hidden(await visitor.text("/console/")))
    assert signed_out.headers["Location"] == "/console/sign-in?done=signed_out"
    assert (await visitor.get("/console/")).headers["Location"] == "/console/sign-in?next=%2Fconsole%2F"
    bench.clock.advance(60)
    assert await signs_in_again(bench, visitor) == "/console/"
    assert "People" not in await visitor.text("/console/")
    assert actions(bench) == ["invitation_accepted", "authenticator_added", "signed_in", "signed_out", "signed_in"]


async def test_a_page_that_was_asked_for_comes_after_the_sign_in(bench: Bench) -> None:
    visitor = await bench.enrolled("admin")
    await visitor.post("/console/sign-out", hidden(await visitor.text("/console/")))
    bench.clock.advance(60)
    response = await visitor.get("/console/users")
    page = await visitor.text(response.headers["Location"])
    assert visitor.user
    fields = hidden(page) | {"email": visitor.user.email, "password": PASSWORD}
    first = await visitor.post("/console/sign-in", fields)
    page = await visitor.text(first.headers["Location"])
    second = await visitor.post("/console/code", hidden(page) | {"code": bench.code(visitor)})
    assert second.headers["Location"] == "/console/users"
    assert heading(await visitor.text("/console/users")) == "People"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/console/../en/", "/en/",
     "/console//evil.example", "/console/users?x=<script>", "/console/\r\nSet-Cookie: a=b"],
)  # fmt: skip
async def test_nobody_is_led_elsewhere_after_the_sign_in(bench: Bench, wanted: str) -> None:
    visitor = await bench.enrolled()
    await visitor.post("/console/sign-out", hidden(await visitor.text("/console/")))
    bench.clock.advance(60)
    assert visitor.user
    page = await (await visitor.get("/console/sign-in", params={"next": wanted})).text()
    assert hidden(page)["next"] == "/console/"
    await visitor.sign_in(visitor.user.email, next=wanted)
    last = await visitor.form("/console/code", code=bench.code(visitor), next=wanted)
    assert last.headers["Location"] == "/console/"


async def test_all_wrong_sign_ins_look_the_same(bench: Bench) -> None:
    known, closed = await bench.enrolled(), await bench.enrolled()
    invited = bench.account()
    assert known.user
    assert closed.user
    bench.database.run_now(
        lambda connection: connection.execute(
            text("UPDATE console_users SET disabled = true WHERE id = :id"), {"id": closed.user.id}
        )
    )
    pages = set()
    for email, password in (
        (known.user.email, "wrong password 123"),
        (closed.user.email, PASSWORD),
        (invited.email, ""),
        (invited.email, PASSWORD),
        ("nobody@example.org", PASSWORD),
    ):
        visitor = bench.visitor()
        response = await visitor.sign_in(email, password)
        assert response.status == 422
        page = await response.text()
        pages.add(re.sub(r'value="[^"]*"', "", page))
    assert len(pages) == 1


async def test_an_unknown_address_takes_as_long_as_a_known_one(bench: Bench) -> None:
    known = await bench.enrolled()
    assert known.user
    visitor = bench.visitor()
    fields = hidden(await visitor.text("/console/sign-in"))

    async def seconds(email: str) -> float:
        began = time.perf_counter()
        await visitor.post("/console/sign-in", fields | {"email": email, "password": "wrong password 123"})
        return time.perf_counter() - began

    await seconds("first@example.org")
    known_times = [await seconds(known.user.email) for _ in range(4)]
    unknown_times = [await seconds(f"nobody{number}@example.org") for number in range(4)]
    assert min(unknown_times) > min(known_times) / 2  # both hash; without it an answer takes a tenth of the time


# Guessing


async def test_guessing_a_password_is_stopped_and_then_the_right_one_too(bench: Bench) -> None:
    known = await bench.enrolled()
    assert known.user
    visitor = bench.visitor()
    statuses = [(await visitor.sign_in(known.user.email, f"guess number {n}")).status for n in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    response = await visitor.sign_in(known.user.email)
    assert response.status == 429
    assert int(response.headers["Retry-After"]) <= 15 * MINUTES
    bench.clock.advance(15 * MINUTES + 1)
    assert (await visitor.sign_in(known.user.email)).status == 303


async def test_the_owner_is_not_locked_out_by_a_guesser_elsewhere(clock: Clock) -> None:
    async with open_bench(clock, trust_proxy=True) as bench:
        bench.account("admin")
        known = await bench.enrolled()
        assert known.user
        guesser, owner = bench.visitor(), bench.visitor()
        guesser.session.headers["X-Forwarded-For"] = "203.0.113.7"
        owner.session.headers["X-Forwarded-For"] = "198.51.100.7"
        assert [(await guesser.sign_in(known.user.email, "guess")).status for _ in range(6)][-1] == 429
        assert (await owner.sign_in(known.user.email)).status == 303


async def test_guessing_from_many_networks_is_stopped_as_well(clock: Clock) -> None:
    async with open_bench(clock, trust_proxy=True) as bench:
        bench.account("admin")
        known = await bench.enrolled()
        assert known.user
        guesser = bench.visitor()
        fields = hidden(await guesser.text("/console/sign-in")) | {"email": known.user.email, "password": "guess"}
        statuses = []
        for number in range(22):
            headers = {"Origin": bench.origin, "X-Forwarded-For": f"203.0.{number}.7"}
            statuses.append((await guesser.post("/console/sign-in", fields, headers=headers)).status)
        assert statuses == [422] * 20 + [429] * 2


async def test_trying_many_addresses_from_one_network_is_stopped(bench: Bench) -> None:
    visitor = bench.visitor()
    fields = hidden(await visitor.text("/console/sign-in")) | {"password": "guess"}
    statuses = [
        (await visitor.post("/console/sign-in", fields | {"email": f"a{n}@example.org"})).status for n in range(42)
    ]
    assert statuses == [422] * 40 + [429] * 2


async def test_guessing_a_code_is_stopped_and_the_password_does_not_start_it_anew(bench: Bench) -> None:
    known = await bench.enrolled()
    assert known.user
    first, second = bench.visitor(), bench.visitor()
    await first.sign_in(known.user.email)  # the first of five tries
    assert [(await first.form("/console/code", code="000000")).status for _ in "ab"] == [422, 422]
    await second.sign_in(known.user.email)
    codes = ("000000", bench.code(known, 1))
    assert [(await second.form("/console/code", code=code)).status for code in codes] == [422, 429]
    assert (await bench.visitor().sign_in(known.user.email)).status == 429


async def test_a_code_is_taken_once(bench: Bench) -> None:
    visitor = await bench.enrolled()
    bench.clock.advance(60)
    code = bench.code(visitor)
    assert visitor.user
    first, second = bench.visitor(), bench.visitor()
    for one in (first, second):
        await one.sign_in(visitor.user.email)
    assert (await first.form("/console/code", code=code)).status == 303
    assert (await second.form("/console/code", code=code)).status == 422


# Sessions


async def test_every_step_of_a_sign_in_gives_a_new_session(bench: Bench) -> None:
    visitor = await bench.enrolled()
    assert visitor.user
    bench.clock.advance(60)
    other = bench.visitor()
    other.set_cookie("chosen-by-an-attacker-000000000000000000000")
    await other.sign_in(visitor.user.email)
    half = other.cookie()
    await other.form("/console/code", code=bench.code(visitor))
    whole = other.cookie()
    assert len({"chosen-by-an-attacker-000000000000000000000", half, whole}) == 3
    for old in ("chosen-by-an-attacker-000000000000000000000", half):
        thief = bench.visitor()
        thief.set_cookie(old)
        assert (await thief.get("/console/")).headers["Location"].startswith("/console/sign-in")


async def test_a_guests_cookie_is_no_session(bench: Bench) -> None:
    visitor = bench.visitor()
    await visitor.text("/console/sign-in")
    guest = visitor.cookie(GUEST)
    assert guest
    visitor.set_cookie(guest)
    assert (await visitor.get("/console/")).status == 303


async def test_stepping_up_gives_a_new_session_and_lasts_ten_minutes(bench: Bench) -> None:
    visitor = bench.signed_in("admin", stepped_up=False)
    before = visitor.cookie()
    response = await visitor.get("/console/users")
    assert response.headers["Location"] == "/console/step-up?next=%2Fconsole%2Fusers"
    page = await visitor.text(response.headers["Location"])
    confirmed = await visitor.post("/console/step-up", hidden(page) | {"code": bench.code(visitor)})
    assert confirmed.headers["Location"] == "/console/users"
    assert visitor.cookie() != before
    assert heading(await visitor.text("/console/users")) == "People"
    thief = bench.visitor()
    thief.set_cookie(before)
    assert (await thief.get("/console/")).status == 303
    bench.clock.advance(10 * MINUTES)
    assert (await visitor.get("/console/users")).headers["Location"].startswith("/console/step-up")
    assert (await visitor.form("/console/step-up", code="123456")).status == 422


async def test_a_session_ends_after_a_pause(bench: Bench) -> None:
    visitor = bench.signed_in()
    for _ in range(3):
        bench.clock.advance(29 * MINUTES)
        assert (await visitor.get("/console/")).status == 200
    bench.clock.advance(30 * MINUTES)
    assert (await visitor.get("/console/")).status == 303


async def test_a_session_ends_after_twelve_hours_of_work(bench: Bench) -> None:
    visitor = bench.signed_in()
    for _ in range(35):
        bench.clock.advance(20 * MINUTES)
        assert (await visitor.get("/console/")).status == 200
    bench.clock.advance(20 * MINUTES)
    assert (await visitor.get("/console/")).status == 303


async def test_half_a_sign_in_ends_after_ten_minutes(bench: Bench) -> None:
    known = await bench.enrolled()
    visitor = bench.visitor()
    assert known.user
    await visitor.sign_in(known.user.email)
    bench.clock.advance(10 * MINUTES)
    assert (await visitor.get("/console/code")).headers["Location"].startswith("/console/sign-in")


async def test_cookies_are_for_this_host_and_for_no_script(clock: Clock) -> None:
    async with open_bench(clock, public_url="https://help.example") as bench:
        invitation = bench.invite(bench.account("admin"))
        visitor = bench.visitor()
        page = await visitor.get(invitation)
        guest = page.headers["Set-Cookie"]
        token = hidden(await page.text())["csrf"]
        response = await visitor.post(
            invitation,
            {"csrf": token, "password": PASSWORD, "password_again": PASSWORD},
            headers={"Origin": "https://help.example", "Cookie": guest.partition(";")[0]},
        )
        assert response.status == 303
        for cookie in (guest, response.headers["Set-Cookie"]):
            name, *flags = cookie.split("; ")
            assert name.startswith("__Host-doorway-console")
            assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(flags)
            assert "Domain" not in cookie


async def test_a_plain_address_that_is_not_this_machine_gets_secure_cookies_only(clock: Clock) -> None:
    async with open_bench(clock, public_url="http://help.example") as bench:
        bench.account("admin")
        assert "; Secure" in (await bench.visitor().get("/console/sign-in")).headers["Set-Cookie"]


# Account


async def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(bench: Bench) -> None:
    visitor = await bench.enrolled()
    elsewhere = bench.signed_in(user=visitor.user)
    fields = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    wrong = await visitor.form("/console/password", current="not it at all", **fields)
    assert told(await wrong.text()) == "The password until now is wrong."
    assert (await elsewhere.get("/console/")).status == 200
    right = await visitor.form("/console/password", current=PASSWORD, **fields)
    assert right.headers["Location"] == "/console/account?done=password"
    assert (await elsewhere.get("/console/")).status == 303
    assert (await visitor.get("/console/")).status == 200
    assert visitor.user
    assert (await bench.visitor().sign_in(visitor.user.email)).status == 422
    assert (await bench.visitor().sign_in(visitor.user.email, NEW_PASSWORD)).status == 303


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "The password is too short."),
        (NEW_PASSWORD, PASSWORD, "The two passwords are not the same."),
        ("password1234", "password1234", EASY),
        ("aminayusuf12", "aminayusuf12", EASY),
        ("x" * 257, "x" * 257, "The password is too long."),
    ],
)  # fmt: skip
async def test_a_weak_password_is_refused_with_a_reason(bench: Bench, password: str, again: str, said: str) -> None:
    response = await bench.visitor().form(bench.invite(bench.account()), password=password, password_again=again)
    assert response.status == 422
    assert told(await response.text()) == said


async def test_sign_out_everywhere_else(bench: Bench) -> None:
    user = bench.account()
    here, there = bench.signed_in(user=user), bench.signed_in(user=user)
    await here.form("/console/account")
    assert (await here.get("/console/")).status == 200
    assert (await there.get("/console/")).status == 303


async def test_another_authenticator_needs_a_code_of_the_one_before(bench: Bench) -> None:
    visitor = bench.signed_in(stepped_up=False)
    response = await visitor.get("/console/authenticator")
    assert response.headers["Location"] == "/console/step-up?next=/console/authenticator"
    posted = await visitor.post("/console/authenticator", hidden(await visitor.text("/console/account")))
    assert posted.headers["Location"] == "/console/step-up?next=/console/authenticator"


async def test_the_secret_of_another_account_cannot_be_enrolled(bench: Bench) -> None:
    mine, theirs = bench.signed_in(), bench.signed_in()
    foreign = hidden(await theirs.text("/console/authenticator"))["sealed"]
    fields = hidden(await mine.text("/console/authenticator")) | {"sealed": foreign, "code": "000000"}
    response = await mine.post("/console/authenticator", fields)
    assert told(await response.text()) == "That took too long. Scan the new code below."


async def test_no_secret_lies_open_in_the_database(bench: Bench) -> None:
    visitor = await bench.enrolled()
    rows = bench.database.run_now(lambda connection: str(connection.execute(text("SELECT * FROM console_users")).all()))
    rows += bench.database.run_now(
        lambda connection: str(connection.execute(text("SELECT * FROM console_sessions")).all())
    )
    for secret in (visitor.key, PASSWORD, visitor.cookie()):
        assert secret
        assert secret not in rows


# Invitations and people


async def test_an_invitation_works_once(bench: Bench) -> None:
    user = bench.account()
    link = bench.invite(user)
    await bench.visitor().text(link)  # a mail scanner looks at it
    late = bench.visitor()
    fields = hidden(await late.text(link)) | {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    assert (await bench.visitor().form(link, password=PASSWORD, password_again=PASSWORD)).status == 303
    assert (await late.post(link, fields)).status == 404
    assert (await bench.visitor().get(link)).status == 404


def test_two_at_once_cannot_use_one_invitation(bench: Bench) -> None:
    user = bench.account()
    token = bench.invite(user).rpartition("/")[2]
    now = bench.clock.seconds
    taken = [bench.database.run_now(lambda connection: accept_invitation(connection, token, "x", now)) for _ in "ab"]
    assert [bool(one) for one in taken] == [True, False]


async def test_an_invitation_ends_after_a_day_and_with_the_next_one(bench: Bench) -> None:
    user = bench.account()
    first, second = bench.invite(user), bench.invite(user)
    assert (await bench.visitor().get(first)).status == 404
    assert (await bench.visitor().get(second)).status == 200
    bench.clock.advance(24 * 60 * MINUTES)
    assert (await bench.visitor().get(second)).status == 404


async def test_an_administrator_invites_somebody(bench: Bench) -> None:
    admin = bench.signed_in("admin")
    response = await admin.form("/console/users", name="Chi Nguyễn", email="Chi@Example.org", role="tester")
    page = await response.text()
    link = re.search(r"(/console/invitation/[\w-]+)</textarea>", page)
    assert link
    invited = bench.visitor()
    assert (await invited.form(link[1], password=PASSWORD, password_again=PASSWORD)).status == 303
    assert "chi@example.org" in await admin.text("/console/users")
    twice = await admin.form("/console/users", name="Chi", email="chi@example.org", role="tester")
    assert told(await twice.text()) == "There is an account with this address already."


@pytest.mark.parametrize(
    "fields",
    [{"role": "root"}, {"role": ""}, {"email": "not an address"}, {"email": "a@b\r\nBcc: c@d"}, {"name": " "},
     {"name": "x" * 81}, {"name": "a\x00b"}],
)  # fmt: skip
async def test_what_makes_no_account_is_refused(bench: Bench, fields: dict[str, str]) -> None:
    admin = bench.signed_in("admin")
    response = await admin.form(
        "/console/users", **({"name": "Chi", "email": "c@d.example", "role": "viewer"} | fields)
    )
    assert response.status == 422
    assert "invitation/" not in await response.text()


async def test_closing_an_account_signs_the_person_out_at_once(bench: Bench) -> None:
    admin, tester = bench.signed_in("admin"), bench.signed_in("tester")
    assert tester.user
    path = f"/console/users/{tester.user.id}"
    response = await admin.form(path, do="disable", reason="left the team")
    assert response.headers["Location"] == f"{path}?done=user_disable"
    assert (await tester.get("/console/")).status == 303
    await admin.form(path, do="enable")
    assert not bench.read(tester.user).disabled


async def test_a_new_role_wants_a_new_sign_in(bench: Bench) -> None:
    admin, tester = bench.signed_in("admin"), bench.signed_in("tester")
    assert tester.user
    await admin.form(f"/console/users/{tester.user.id}", do="role", role="editor")
    assert bench.read(tester.user).role == "editor"
    assert (await tester.get("/console/")).status == 303


async def test_inviting_again_takes_password_authenticator_and_sessions_away(bench: Bench) -> None:
    admin, tester = bench.signed_in("admin"), await bench.enrolled("tester")
    assert tester.user
    response = await admin.form(f"/console/users/{tester.user.id}", do="invite")
    assert "/console/invitation/" in await response.text()
    assert (await tester.get("/console/")).status == 303
    assert (await tester.sign_in(tester.user.email)).status == 422
    assert not bench.read(tester.user).totp_enrolled


@pytest.mark.parametrize("fields", [{"do": "role", "role": "viewer"}, {"do": "disable"}, {"do": "invite"}])
async def test_nobody_changes_their_own_account_there(bench: Bench, fields: dict[str, str]) -> None:
    admin = bench.signed_in("admin")
    assert admin.user
    csrf = hidden(await admin.text("/console/account"))
    response = await admin.post(f"/console/users/{admin.user.id}", csrf | fields)
    assert told(await response.text()) == "You cannot change your own account here."
    assert bench.read(admin.user) == admin.user


async def test_another_account_cannot_be_reached_by_its_address(bench: Bench) -> None:
    tester, victim = bench.signed_in("editor"), bench.account("admin")
    csrf = hidden(await tester.text("/console/account"))
    path = f"/console/users/{victim.id}"
    assert (await tester.get(path)).status == 403
    assert (await tester.post(path, csrf | {"do": "disable"})).status == 403
    assert not bench.read(victim).disabled
    assert "refused" in actions(bench)


async def test_an_unknown_account_is_no_page(bench: Bench) -> None:
    admin = bench.signed_in("admin")
    assert (await admin.get(f"/console/users/{'0' * 32}")).status == 404
    assert (await admin.get("/console/users/1")).status == 404
    assert (await admin.post(f"/console/users/{'0' * 32}", hidden(await admin.text("/console/account")) | {"do": "disable"})).status == 404  # fmt: skip  # noqa: E501


# Pages


async def test_what_people_type_is_text_on_every_page(bench: Bench) -> None:
    nasty = '"><script>alert(1)</script>{{7777*7777}}'
    admin, other = bench.signed_in("admin"), bench.account("tester", nasty[:80])
    path = f"/console/users/{other.id}"
    await admin.form(path, do="role", role="editor", reason=nasty)
    sent = await (await admin.form("/console/users", name=nasty, email=nasty, role="viewer")).text()
    failed = await (await bench.visitor().sign_in(nasty)).text()
    for page in (
        sent,
        failed,
        await admin.text(path),
        await admin.text("/console/users"),
        await admin.text("/console/audit"),
    ):
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert str(7777 * 7777) not in page  # more digits than a random id has by chance


@pytest.mark.parametrize(
    "path",
    ["/console/", "/console/users", "/console/audit", "/console/account", "/console/password", "/console/nothing",
             "/console/step-up", "/console/authenticator"],
)  # fmt: skip
async def test_every_page_has_strict_headers_and_nothing_inline(bench: Bench, path: str) -> None:
    response = await bench.signed_in("admin").get(path)
    page, policy = await response.text(), response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert not re.search(r'<script|<style|\sstyle=|\son\w+="|javascript:', page)
    assert page.count("<h1>") == 1


async def test_one_may_leave_out_the_slash(bench: Bench) -> None:
    response = await bench.visitor().get("/console")
    assert (response.status, response.headers["Location"]) == (308, "/console/")


async def test_an_unknown_message_in_the_address_is_not_shown(bench: Bench) -> None:
    page = await bench.signed_in().text("/console/account?done=%3Cb%3Eyou+won")
    assert 'class="done"' not in page


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"csrf=" + b"a" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nbroken", "multipart/form-data", 400),
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded; charset=utf-8", 400),
        (b"{}", "application/json", 403),
    ],
)
async def test_a_form_that_is_none_is_refused(bench: Bench, body: bytes, content_type: str, status: int) -> None:
    visitor = bench.signed_in()
    headers = {"Origin": bench.origin, "Content-Type": content_type}
    response = await visitor.session.post("/console/account", data=body, headers=headers)
    assert response.status == status


async def test_a_wrong_method_is_refused(bench: Bench) -> None:
    visitor = bench.signed_in()
    assert (await visitor.session.put("/console/account", headers={"Origin": bench.origin})).status == 405
    assert (await visitor.session.delete("/console/users")).status == 405


# Audit list


async def test_the_audit_list_tells_what_was_done_and_that_it_is_whole(bench: Bench) -> None:
    admin, tester = bench.signed_in("admin"), bench.signed_in("tester")
    assert tester.user
    await admin.form(f"/console/users/{tester.user.id}", do="role", role="reviewer", reason="new duty")
    page = await admin.text("/console/audit")
    for expected in ("Changed role", "tester → reviewer", "new duty", "The record is whole: 1 entries"):
        assert expected in page
    entry = bench.database.run_now(lambda connection: audit.list_entries(connection)[0])
    assert admin.user
    assert (entry.actor, entry.object, entry.network) == (admin.user.id, f"user:{tester.user.id}", "127.0.0.0/24")


async def test_a_changed_audit_list_is_found_out(bench: Bench) -> None:
    admin, tester = bench.signed_in("admin"), bench.signed_in("tester")
    assert tester.user
    for role in ("reviewer", "editor", "viewer"):
        await admin.form(f"/console/users/{tester.user.id}", do="role", role=role)

    def tamper(connection: Any) -> None:
        is_sqlite = connection.dialect.name == "sqlite"
        off = "DROP TRIGGER console_audit_no_update" if is_sqlite else "SET LOCAL session_replication_role = replica"
        connection.execute(text(off))
        connection.execute(text("UPDATE console_audit SET after = 'tester' WHERE number = 2"))

    bench.database.run_now(tamper)
    assert "entry 2 does not fit" in await admin.text("/console/audit")


async def test_no_address_or_secret_stands_in_the_audit_list(bench: Bench) -> None:
    visitor = await bench.enrolled()
    assert visitor.user
    await bench.visitor().sign_in("zebracrossing@example.org", "zebracrossing is my secret")
    await bench.visitor().sign_in(visitor.user.email, "zebracrossing is my secret")
    rows = bench.database.run_now(lambda connection: str(audit.list_entries(connection, limit=500)))
    assert "sign_in_failed" in rows
    for secret in ("zebra", "@", PASSWORD):
        assert secret not in rows


async def test_older_entries_are_on_the_next_page(bench: Bench) -> None:
    now = bench.clock.seconds

    def fill(connection: Any) -> None:
        for _ in range(60):
            audit.record(connection, "signed_in", now=now)

    bench.database.run_now(fill)
    admin = bench.signed_in("admin")
    assert 'href="/console/audit?before=11"' in await admin.text("/console/audit")
    assert "<td>10</td>" in await admin.text("/console/audit?before=11")
    assert (await admin.get("/console/audit?before=%F0%9F%98%80")).status == 200


async def test_nothing_that_was_typed_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await bench.visitor().sign_in("zebracrossing@example.org", "zebracrossing")
    assert all("zebracrossing" not in record.getMessage() for record in caplog.records if record.name.startswith("bot"))
