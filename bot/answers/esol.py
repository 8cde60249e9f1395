"""The finder of English classes: three questions at most, then level, time, needs and cost in one answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.answers.blocks import checked_line, line, plain, said_answer, speech_for
from bot.answers.choices import CLASS_PAYLOAD, choice, topic_choice
from bot.answers.local import ask_area_block, local_block
from bot.answers.model import Answer, Block, Source
from bot.answers.services import services_block
from bot.core.files import load_yaml
from bot.core.paths import REFERENCE
from bot.directory.search import Found
from bot.i18n.speech import Said, Speech

KEY = "esol"
SKIP, STOP = "skip", "stop"
NO_NEED = "none"
AFTERWARDS = ("esol_level", "esol_online", "esol_conversation", "esol_cost")
COST_UNKNOWN = "depends"


@cache
def load_finder() -> dict[str, Any]:
    """Return questions, results and sources of the finder."""
    return dict(load_yaml(REFERENCE / "esol" / "finder.yml"))


def questions() -> tuple[str, ...]:
    """Return the questions in their order."""
    return tuple(load_finder()["questions"])


def options(name: str) -> dict[str, str]:
    """Return the answers to a question: option → English text."""
    return dict(load_finder()["questions"][name]["options"])


def compose_class_question(name: str, language: str) -> Answer:
    """Return a question with its answers as buttons.

    Raises:
        NotFound: no such language.
    """
    speech = speech_for(language)
    asked = speech.say(f"{KEY}.{name}.question", load_finder()["questions"][name]["question"])
    answers = [
        choice(speech.say(f"{KEY}.{name}.option.{option}", text), f"{CLASS_PAYLOAD}{name}={option}")
        for option, text in options(name).items()
    ]
    answers += [
        choice(speech.ui("check.dont_know"), f"{CLASS_PAYLOAD}{name}={SKIP}"),
        choice(speech.ui("check.stop"), f"{CLASS_PAYLOAD}{name}={STOP}"),
    ]
    return said_answer(speech, (plain("text", [asked]),), answers)


def compose_class(
    answers: Mapping[str, str], language: str, *, area: str | None, status: str | None, found: Found
) -> Answer:
    """Return what fits: what to ask for, when, what it costs, and where near the person.

    Args:
        answers: question → option; a question that was skipped is missing.
        area: GSS code of the council.
        status: immigration status, for the cost.

    Raises:
        NotFound: no such language.
    """
    speech, finder = speech_for(language), load_finder()
    cost = finder["status_cost"].get(status or "", COST_UNKNOWN)
    told = {name: option for name, option in answers.items() if option in finder["results"][name]}
    blocks = [
        plain("text", [_result(name, option, speech)], speech.ui(f"esol.{name}")) for name, option in told.items()
    ]
    blocks.append(plain("text", [_result("cost", cost, speech)], speech.ui("esol.cost")))
    blocks.append(local_block((KEY,), area, speech) if area else ask_area_block(speech))
    if found.results:
        blocks.append(services_block(found.results, speech))
    sources = tuple(Source(source["title"], source["url"]) for source in finder["sources"])
    checked = checked_line(speech, finder["checked"])
    blocks.append(Block("sources", line(speech.ui("answer.sources")), (line(checked),), sources=sources,
                        checked=finder["checked"].isoformat()))  # fmt: skip
    return said_answer(speech, blocks, [topic_choice(topic, speech) for topic in AFTERWARDS], topic="esol_find")


def _result(kind: str, option: str, speech: Speech) -> Said:
    return speech.say(f"{KEY}.result.{kind}.{option}", load_finder()["results"][kind][option])
