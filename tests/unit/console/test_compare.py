"""Lines to compare, and what is made of a message for its English side."""

from __future__ import annotations

import pytest

from bot.answers.compose import compose
from bot.answers.render import render_json
from bot.answers.say import say_topic
from bot.console.compare import MOST_LINES, Line, parse_lines
from bot.console.explanation import eligibility_of, in_english, odd_topics, topic_name
from bot.core.errors import UserInputError
from bot.i18n.locales import Locale


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("pl: Mam pleśń", Line("pl", "Mam pleśń")),
        ("PL :Mam pleśń", Line("pl", "Mam pleśń")),
        ("Polish: Mam pleśń", Line("pl", "Mam pleśń")),
        ("polski\tMam pleśń", Line("pl", "Mam pleśń")),
        ("ur|گھر", Line("ur", "گھر")),
        ("help: my boiler is broken", Line("", "help: my boiler is broken")),
        ("at 10:30 they came", Line("", "at 10:30 they came")),
        ("so: ", Line("", "")),
    ],
)
def test_a_line_may_name_its_language(text: str, line: Line) -> None:
    assert parse_lines(f"Mould\n\n{text}\n")[1:] == ([line] if line.text else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "lines"), ("\n \n", "lines"), ("so:", "lines"), ("a\n" * (MOST_LINES + 1), "lines_many"),
     ("a" * 1001, "question_long"), ("a" * 200_000, "lines_many")],
)  # fmt: skip
def test_too_few_and_too_many_are_refused(text: str, code: str) -> None:
    with pytest.raises(UserInputError) as raised:
        parse_lines(text)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("topics", "odd"),
    [
        ([], []),
        (["a"], [False]),
        (["a", "b"], [False, True]),
        (["a", "b", "b"], [True, False, False]),
        (["a", "b", "a", "b"], [False, True, False, True]),
    ],
)
def test_what_most_lines_are_about_is_not_odd(topics: list[str], odd: list[bool]) -> None:
    assert odd_topics(topics) == odd


def test_the_english_side_of_an_answer_is_the_english_answer(each_locale: Locale) -> None:
    shown = in_english(render_json(compose(say_topic("noise"), each_locale.tag), lambda _: ""))
    english = render_json(compose(say_topic("noise"), "en"), lambda _: "")
    notes = [block for block in shown["blocks"] if block["kind"] == "note"]  # that something is not translated
    shown["blocks"] = [block for block in shown["blocks"] if block not in notes]
    assert {name: shown[name] for name in ("language", "direction", "title", "choices")} == {
        name: english[name] for name in ("language", "direction", "title", "choices")
    }
    assert [block["kind"] for block in shown["blocks"]] == [block["kind"] for block in english["blocks"]]
    assert shown["blocks"][0] == english["blocks"][0]


def test_a_status_alone_is_traced_to_rules_with_their_law() -> None:
    trace = eligibility_of("refugee")
    assert trace.outcome.verdicts["allocation"] == "yes"
    assert all(reason.law and reason.source.url for reason in trace.outcome.reasons)
    assert trace.assumed
    with pytest.raises(UserInputError, match="bad_fact"):
        eligibility_of("martian")


def test_topics_and_acts_have_names() -> None:
    assert topic_name("greet") != "greet"
    assert topic_name("repairs") != "repairs"
