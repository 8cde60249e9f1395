"""Messages as all platforms share them."""

from __future__ import annotations

from bot.answers.compose import compose
from bot.answers.say import say_topic
from bot.channels.layout import isolated, message_for, numbered, unmarked, with_numbers, without_isolates
from bot.channels.platform import Message, Option
from bot.i18n.speech import ISOLATE, POP_ISOLATE

OPTIONS = (Option("a", "Repairs", 1), Option("b", "Bins", 2))


def test_an_answer_has_its_title_text_and_short_form() -> None:
    message = message_for(compose(say_topic("homeless_tonight"), "en"), OPTIONS)
    assert message.text.startswith("Nowhere to sleep tonight\n\n")
    assert message.short.startswith("In danger: call 999.")
    assert message.options == OPTIONS


def test_numbers_in_right_to_left_text_keep_their_order() -> None:
    text = isolated("اتصل 0808 800 4444 أو https://a.org/x أو 999")
    assert f"{ISOLATE}0808 800 4444{POP_ISOLATE}" in text
    assert f"{ISOLATE}https://a.org/x{POP_ISOLATE}" in text
    assert isolated(text) == text
    assert without_isolates(text) == "اتصل 08088004444 أو https://a.org/x أو 999"


def test_an_english_answer_has_no_isolates() -> None:
    assert ISOLATE not in message_for(compose(say_topic("homeless_tonight"), "en"), ()).text


def test_marks_are_defused_and_addresses_are_not_touched() -> None:
    link = "https://a.org/_b_?c=_d_"
    assert unmarked(f"*a* _b_ ~c~ `d` e_f {link}") == f"*\u2060a* _\u2060b_ ~\u2060c~ `\u2060d` e_f {link}"


def test_numbers_stand_below_their_sentence() -> None:
    assert numbered(Message("Text", OPTIONS, number_lead="Write it.")) == "Write it.\n1. Repairs\n2. Bins"
    assert numbered(Message("Text", (Option("a", "Repairs"),), number_lead="Write it.")) == ""


def test_choices_go_below_the_text_or_into_a_part_of_their_own() -> None:
    message = Message("x" * 50, OPTIONS, number_lead="Write it.")
    assert with_numbers(message, 100) == ["x" * 50 + "\n\nWrite it.\n1. Repairs\n2. Bins"]
    assert with_numbers(message, 60) == ["x" * 50, "Write it.\n1. Repairs\n2. Bins"]
