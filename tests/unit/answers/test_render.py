"""Rendering: JSON for clients, plain text, a text message."""

from __future__ import annotations

import json

from bot.answers.choices import start_choices
from bot.answers.compose import compose_notice
from bot.answers.model import Answer, Block, Choice, ContactCard, Line, Source
from bot.answers.render import render_json, render_sms, render_text
from bot.answers.topic import compose_topic
from bot.i18n.locales import Locale

ANSWER = Answer(
    "pl",
    "ltr",
    topic="repairs",
    urgency="urgent",
    title=Line("Naprawy", "Repairs"),
    blocks=(
        Block("summary", lines=(Line("Jeden.", "One."), Line("Dwa.", "Two."))),
        Block("steps", Line("Co robić", "What to do"), (Line("Zadzwoń", "Call"), Line("Napisz", "Write"))),
        Block(
            "contacts",
            Line("Kto", "Who"),
            contacts=(
                ContactCard(
                    "a",
                    Line("A", "A"),
                    Line("opis", "text"),
                    "0800 1",
                    "08001",
                    "https://a.example",
                    day_and_night=True,
                ),
                ContactCard("b", Line("B", "B"), Line("", ""), nation="Wales"),
            ),
        ),
        Block("desk", Line("Pokaż", "Show"), (Line("Proszę", "Please"),)),
        Block(
            "sources",
            Line("Skąd", "From"),
            (Line("Sprawdzono", "Checked"),),
            sources=(Source("GOV", "https://gov.uk"),),
            checked="2026-11-22",
        ),
    ),
    choices=(Choice(Line("Hałas", "Noise"), "topic:noise"),),
    short=Line("Krótko", "Short"),
)


def _ids(choice: Choice) -> str:
    return f"id-of-{choice.payload.partition(':')[2]}"


def test_plain_text_has_paragraphs_numbers_and_contact_lines() -> None:
    assert render_text(ANSWER) == (
        "Jeden.\nDwa.\n\nCo robić\n1. Zadzwoń\n2. Napisz\n\nKto\n• A\n0800 1\nhttps://a.example\n• Wales: B\n\n"
        "Pokaż\nPlease\nProszę\n\nSprawdzono\nGOV: https://gov.uk"
    )


def test_plain_text_in_english_says_the_desk_sentence_once() -> None:
    assert "Show\nPlease\n\nChecked" in render_text(ANSWER, english=True)


def test_json_has_both_languages_of_everything() -> None:
    message = render_json(ANSWER, _ids)
    assert (message["language"], message["direction"], message["urgency"]) == ("pl", "ltr", "urgent")
    assert message["title"] == {"text": "Naprawy", "english": "Repairs"}
    assert message["short"] == {"text": "Krótko", "english": "Short"}
    assert message["blocks"][0] == {
        "kind": "summary",
        "items": [{"text": "Jeden.", "english": "One."}, {"text": "Dwa.", "english": "Two."}],
    }
    assert message["text"] == render_text(ANSWER)
    assert message["english"] == render_text(ANSWER, english=True)


def test_json_hides_what_a_button_means() -> None:
    message = render_json(ANSWER, _ids)
    assert message["choices"] == [{"id": "id-of-noise", "title": "Hałas", "english": "Noise"}]
    assert "topic:noise" not in json.dumps(message)


def test_json_of_a_contact_holds_only_what_is_known() -> None:
    first, second = render_json(ANSWER, _ids)["blocks"][2]["contacts"]
    assert first["phone"] == "0800 1"
    assert first["day_and_night"] is True
    assert set(second) == {"id", "name", "description", "nation"}


def test_json_of_sources_has_the_day() -> None:
    block = render_json(ANSWER, _ids)["blocks"][4]
    assert (block["checked"], block["sources"]) == ("2026-11-22", [{"title": "GOV", "url": "https://gov.uk"}])


def test_a_bare_notice_has_no_title_and_no_short_form() -> None:
    message = render_json(compose_notice("error.empty", "en"), _ids)
    assert "title" not in message
    assert "short" not in message
    assert message["choices"] == []


def test_a_text_message_is_the_short_form_or_the_text() -> None:
    assert render_sms(ANSWER) == "Krótko"
    assert render_sms(compose_notice("error.empty", "en")) == "Please write your question."


def test_real_answers_survive_json_in_every_language(each_locale: Locale) -> None:
    message = render_json(compose_topic("homeless_tonight", each_locale.tag), _ids)
    assert json.loads(json.dumps(message, ensure_ascii=False)) == message
    assert len(start_choices(each_locale.tag)) == 8
