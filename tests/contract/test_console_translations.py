"""Translations and freshness in the console: propose, approve as another person, take the file, use it."""

from __future__ import annotations

import html
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.console.audit import audit
from bot.i18n import catalogue, coverage, extract
from bot.i18n.locales import get_locale
from tests.contract.console import Bench, Visitor, hidden
from tests.contract.test_postgres import postgres_url  # noqa: F401 — a fixture

TEXT = "/console/translations/pl/ui.picker.title"
WORDS = "Proszę wybrać język"


async def proposes(visitor: Visitor, words: str = WORDS, path: str = TEXT, **fields: str) -> str:
    """Send a proposal; return where it leads, or the page with what is wrong."""
    csrf = hidden(await visitor.text(path))["csrf"]
    response = await visitor.post(path, {"csrf": csrf, "do": "propose", "translation": words, **fields})
    return response.headers.get("Location", "") or html.unescape(await response.text())


async def decides(visitor: Visitor, what: str = "approve", path: str = TEXT) -> tuple[int, str]:
    """Press a button of the review; return the status and where it leads."""
    page = await visitor.text(path)
    response = await visitor.post(f"{path}/review", hidden(page) | review(page, what))
    return response.status, response.headers.get("Location", "")


def review(page: str, what: str) -> dict[str, str]:
    """Return the fields of the first proposal of a page."""
    found = page.partition('name="review" value="')[2][:32]
    return {"review": found, "do": what}


async def test_a_translation_is_proposed_and_approved_by_somebody_else(bench: Bench) -> None:
    translator, reviewer = bench.signed_in("translator"), bench.signed_in("reviewer")
    assert await proposes(translator) == f"{TEXT}?done=translation_propose"
    assert WORDS in await reviewer.text("/console/translations/pl?state=proposed")
    assert await decides(reviewer) == (303, f"{TEXT}?done=translation_approve")
    page = await translator.text("/console/translations/pl?state=approved")
    assert WORDS in page
    told = bench.database.run_now(lambda connection: [tuple(row) for row in connection.execute(select(audit)).all()])
    assert {"translation_proposed", "translation_approved"} <= {row[4] for row in told}
    assert WORDS not in str(told)


async def test_a_reviewer_does_not_approve_their_own_words(bench: Bench) -> None:
    reviewer = bench.signed_in("reviewer")
    await proposes(reviewer)
    assert 'value="approve"' not in await reviewer.text(TEXT)
    status, _ = await decides(reviewer)
    assert status == 403


async def test_a_translator_approves_nothing(bench: Bench) -> None:
    translator = bench.signed_in("translator")
    await proposes(bench.signed_in("reviewer"))
    status, _ = await decides(translator)
    assert status == 403


async def test_a_proposal_that_loses_a_number_is_shown_again_with_what_is_wrong(bench: Bench) -> None:
    page = await proposes(bench.signed_in("translator"), "Zadzwoń", "/console/translations/pl/ui.contact.call")
    assert "lost {number}" in page
    assert "Zadzwoń" in page


async def test_markup_in_a_proposal_and_a_note_is_text(bench: Bench) -> None:
    await proposes(bench.signed_in("translator"), "<script>alert()</script>", note="<img src=x onerror=alert(1)>")
    page = await bench.signed_in("reviewer").text(TEXT)
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


async def test_a_text_is_approved_from_the_list_and_the_list_comes_back(bench: Bench) -> None:
    reviewer = bench.signed_in("reviewer")
    page = await reviewer.text("/console/translations/pl?state=draft&kind=ui")
    fields = {"csrf": hidden(page)["csrf"], "do": "approve_present", "back": "state=draft&kind=ui&q=&page=1"}
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    response = await reviewer.post("/console/translations/pl/ui.app.tagline/review", {**fields, "seen": seen})
    location = "/console/translations/pl?state=draft&kind=ui&q=&page=1&done=translation_approve"
    assert (response.status, response.headers.get("Location")) == (303, location)
    assert "ui.app.tagline" not in await reviewer.text("/console/translations/pl?state=draft&kind=ui")


async def test_what_has_changed_since_it_was_seen_is_not_approved(bench: Bench) -> None:
    reviewer = bench.signed_in("reviewer")
    fields = hidden(await reviewer.text(TEXT)) | {"do": "approve_present", "seen": "approved 000000000000"}
    assert (await reviewer.post(f"{TEXT}/review", fields)).status == 409


@pytest.mark.parametrize("path", ["pl/no.such", "xx", "en", "PL", "en/ui.picker.title"])
async def test_there_is_no_other_text_or_language(bench: Bench, path: str) -> None:
    assert (await bench.signed_in("reviewer").get(f"/console/translations/{path}")).status == 404


async def test_the_whole_file_fits_into_the_tree(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await proposes(bench.signed_in("translator"))
    reviewer = bench.signed_in("reviewer")
    await decides(reviewer)
    body = await reviewer.text("/console/translations/pl/export?whole=1")
    path = tmp_path / "bot.po"
    path.write_text(body, encoding="utf-8")
    for module in (coverage, extract, catalogue):
        original = module.po_path
        monkeypatch.setattr(module, "po_path", lambda tag, original=original: path if tag == "pl" else original(tag))
    texts = list(coverage.all_sources())
    assert extract.merge(texts, get_locale("pl")) == body
    state = next(text for text in coverage.translations_of(get_locale("pl")) if text.key == "ui.picker.title")
    assert (state.translation, state.state) == (WORDS, "approved")


async def test_a_file_wants_a_fresh_code(bench: Bench) -> None:
    response = await bench.signed_in("reviewer", stepped_up=False).get("/console/translations/pl/export")
    assert (response.status, response.headers["Location"].partition("?")[0]) == (303, "/console/step-up")


async def test_what_is_out_of_date_stands_on_the_page_of_freshness(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = coverage.po_path
    path = tmp_path / "bot.po"
    shutil.copy(original("pl"), path)
    content = path.read_text(encoding="utf-8").replace('msgid "Choose your language"', 'msgid "Pick a language"')
    path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(coverage, "po_path", lambda tag: path if tag == "pl" else original(tag))
    monkeypatch.setenv("DOORWAY_TODAY", "2027-08-01")
    page = await bench.signed_in("translator").text("/console/freshness")
    assert "/console/translations/pl?state=behind" in page
    assert "Past review" in page
    assert "repairs" in await bench.signed_in("viewer").text("/console/freshness?kind=answer")
    assert "Pick a language" in await bench.signed_in("translator").text(TEXT)
