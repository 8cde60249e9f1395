"""Who sees, writes and approves translations into which language; how an account gets its languages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.console.audit import audit
from bot.console.languages import named_languages
from bot.console.permissions import ADMIN, EDITOR, REVIEWER, TESTER, TRANSLATOR, VIEWER
from bot.core.errors import UserInputError
from tests.contract.console import Bench, Visitor, hidden
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

KEY = "ui.picker.title"
OWN, OTHER = "pl", "ur"
SEEN, GONE, REFUSED = 200, 303, 403
READS, WRITES = ("list", "text", "export"), ("propose", "approve")
NOTHING, ALL = (REFUSED, REFUSED), (SEEN, SEEN)
TABLE = {  # what each route says in a language of one's own, and in another
    VIEWER: dict.fromkeys((*READS, *WRITES), NOTHING),
    TESTER: dict.fromkeys((*READS, *WRITES), NOTHING),
    TRANSLATOR: {**dict.fromkeys(READS, (SEEN, REFUSED)), "propose": (GONE, REFUSED), "approve": NOTHING},
    REVIEWER: {**dict.fromkeys(READS, ALL), **dict.fromkeys(WRITES, (GONE, REFUSED))},
    EDITOR: {**dict.fromkeys(READS, ALL), **dict.fromkeys(WRITES, NOTHING)},
    ADMIN: {**dict.fromkeys(READS, ALL), **dict.fromkeys(WRITES, NOTHING)},
}


async def goes(bench: Bench, visitor: Visitor, route: str, language: str) -> int:
    """Use a route of a language; return the status."""
    base = f"/console/translations/{language}"
    if route in READS:
        path = {"list": base, "text": f"{base}/{KEY}", "export": f"{base}/export"}[route]
        return (await visitor.get(path)).status
    csrf = hidden(await visitor.text("/console/account"))["csrf"]
    if route == "propose":
        fields = {"csrf": csrf, "do": "propose", "translation": f"W {language}"}
        return (await visitor.post(f"{base}/{KEY}", fields)).status
    author = bench.signed_in(user=bench.account(TRANSLATOR, languages=(language,)))
    page = await author.text(f"{base}/{KEY}")
    fields = {"csrf": hidden(page)["csrf"], "do": "propose", "translation": f"A {language}"}
    assert (await author.post(f"{base}/{KEY}", fields)).status == GONE
    review = (await author.text(f"{base}/{KEY}")).partition('name="review" value="')[2][:32]
    return (await visitor.post(f"{base}/{KEY}/review", {"csrf": csrf, "do": "approve", "review": review})).status


def told(bench: Bench, *actions: str) -> list[tuple[str, ...]]:
    """Return action, object, before and after of entries of the audit list."""
    columns = (audit.c.action, audit.c.object, audit.c.before, audit.c.after)
    return bench.database.run_now(
        lambda connection: [
            tuple(row) for row in connection.execute(select(*columns).where(audit.c.action.in_(actions))).all()
        ]
    )


@pytest.mark.parametrize("route", [*READS, *WRITES])
@pytest.mark.parametrize("role", TABLE)
async def test_a_role_does_in_its_languages_what_the_table_says(bench: Bench, role: str, route: str) -> None:
    visitor = bench.signed_in(user=bench.account(role, languages=(OWN,)))
    assert (await goes(bench, visitor, route, OWN), await goes(bench, visitor, route, OTHER)) == TABLE[role][route]


async def test_an_account_without_a_language_writes_and_approves_nothing(bench: Bench) -> None:
    for role in (TRANSLATOR, REVIEWER):
        visitor = bench.signed_in(user=bench.account(role, languages=()))
        assert await goes(bench, visitor, "propose", OWN) == REFUSED
        assert "names no language yet" in await visitor.text("/console/translations")
    assert await goes(bench, bench.signed_in(user=bench.account(REVIEWER, languages=())), "approve", OWN) == REFUSED


async def test_a_translator_finds_only_their_languages_in_the_lists(bench: Bench) -> None:
    translator = bench.signed_in(user=bench.account(TRANSLATOR, languages=("pl", "so")))
    page = await translator.text("/console/translations")
    assert 'href="/console/translations/so"' in page
    assert 'href="/console/translations/ur"' not in page
    assert 'href="/console/translations/ur' not in await translator.text("/console/freshness")


async def test_a_reviewer_reads_another_language_and_is_told_why_there_is_no_button(bench: Bench) -> None:
    page = await bench.signed_in(REVIEWER).text(f"/console/translations/ur/{KEY}")
    assert "is not one of your languages" in page
    assert 'value="propose"' not in page
    assert 'value="approve_present"' not in page


async def test_a_refusal_is_written_down_with_the_language(bench: Bench) -> None:
    await goes(bench, bench.signed_in(TRANSLATOR), "list", OTHER)
    assert told(bench, "refused") == [("refused", "language:ur", "", "")]


async def test_an_administrator_gives_and_takes_languages(bench: Bench) -> None:
    admin, account = bench.signed_in(ADMIN), bench.account(TRANSLATOR, languages=("pl",))
    path = f"/console/users/{account.id}"
    worker = bench.signed_in(user=account)
    response = await admin.form(path, do="role", role=TRANSLATOR, languages=["so", "ar"])
    assert response.status == GONE
    assert bench.read(account).languages == ("ar", "so")
    assert told(bench, "languages_changed", "role_changed") == [
        ("languages_changed", f"user:{account.id}", "pl", "ar so")
    ]
    assert (await worker.get("/console/account")).status == GONE  # signed out
    response = await admin.form(path, do="role", role=TRANSLATOR)
    assert response.status == 422
    assert "choose at least one language" in await response.text()
    assert bench.read(account).languages == ("ar", "so")


async def test_a_translator_is_invited_with_a_language_or_not_at_all(bench: Bench) -> None:
    admin = bench.signed_in(ADMIN)
    fields = {"name": "Chi", "email": "chi@example.org", "role": TRANSLATOR}
    assert (await admin.form("/console/users", **fields)).status == 422
    assert (await admin.form("/console/users", **fields, languages="en")).status == 422
    response = await admin.form("/console/users", **fields, languages=["ur"])
    assert response.status == 200
    assert "/console/invitation/" in await response.text()
    assert [entry[3] for entry in told(bench, "languages_changed")] == ["ur"]


@pytest.mark.parametrize(
    ("role", "wanted", "found"),
    [
        (TRANSLATOR, ["ur", "pl", "ur"], ("pl", "ur")),
        (REVIEWER, [], ()),
        (REVIEWER, ["", " "], ()),
        (TRANSLATOR, [], "languages_none"),
        (TRANSLATOR, ["en"], "language"),
        (REVIEWER, ["xx"], "language"),
    ],
)
def test_named_languages(role: str, wanted: list[str], found: tuple[str, ...] | str) -> None:
    if isinstance(found, tuple):
        assert named_languages(role, wanted) == found
        return
    with pytest.raises(UserInputError, match=found):
        named_languages(role, wanted)
