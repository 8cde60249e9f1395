"""What an adviser is told about an answer: the parts of a trace that are not in it as they are, and the raw JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers.load import get_answer, is_topic, load_dialogue_acts
from bot.answers.render import render_json
from bot.assistant import Explained
from bot.eligibility.engine import decide
from bot.eligibility.facts import read_facts
from bot.eligibility.load import load_facts
from bot.eligibility.model import Outcome
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale

UNREADABLE = ("encoding",)  # of the parse data: arrays


@dataclass(frozen=True)
class EligibilityTrace:
    """How the rules decided: the outcome, and in English what is missing and what was taken for granted."""

    outcome: Outcome
    missing: tuple[str, ...]
    assumed: tuple[str, ...]


def eligibility_of(status: str) -> EligibilityTrace:
    """Return how the rules decide for somebody of whom only the status is known.

    Raises:
        UserInputError: `bad_fact`: there is no such status.
    """
    outcome = decide(read_facts({"status": status}))
    facts = load_facts()
    return EligibilityTrace(
        outcome,
        tuple(facts[name].question for name in outcome.ask),
        tuple(facts[name].taken for name in outcome.assumed),
    )


def topic_name(topic: str) -> str:
    """Return what a topic or a dialogue act is about, in English; the id itself where it is neither.

    >>> topic_name("no_such")
    'no_such'
    """
    if is_topic(topic):
        return get_answer(topic).title
    return load_dialogue_acts().get(topic, topic)


def language_name(tag: str) -> str:
    """Return the English name of a language, or the tag.

    >>> language_name("ur"), language_name("xx")
    ('Urdu', 'xx')
    """
    locale = find_locale(tag)
    return locale.english_name if locale else tag


def in_english(message: Any) -> Any:
    """Return a message of `render_json` as somebody sees it who reads it in English.

    >>> in_english({"language": "pl", "direction": "ltr", "title": {"text": "Pleśń", "english": "Mould"}})["title"]
    {'text': 'Mould', 'english': 'Mould'}
    """
    if isinstance(message, list):
        return [in_english(part) for part in message]
    if not isinstance(message, dict):
        return message
    changed = {name: in_english(part) for name, part in message.items()}
    if "english" in message:
        for name in ("text", "title"):  # a choice has its own words under `title`
            if isinstance(message.get(name), str):
                changed[name] = message["english"]
    if "direction" in message:
        changed |= {"language": SOURCE_LANGUAGE, "direction": "ltr"}
    return changed


def odd_topics(topics: Sequence[str]) -> list[bool]:
    """Return for each topic whether it is another than most are; the first of two equally many counts as most.

    >>> odd_topics(["repairs", "repairs", "pests"])
    [False, False, True]
    """
    if not topics:
        return []
    usual = Counter(topics).most_common(1)[0][0]
    return [topic != usual for topic in topics]


def raw_of(explained: Explained) -> dict[str, Any]:
    """Return everything known of a turn, ready for JSON."""
    trace, reply = explained.trace, explained.reply
    return {
        "understood": _readable(explained.understood.parse_data),
        "actions": list(trace.actions),
        "says": [dict(say) for say in trace.says],
        "places": [
            [
                {"id": result.service.id, "name": result.service.name, "score": result.score,
                 "distance_metres": result.distance_metres, "why": [list(reason) for reason in result.why]}
                for result in found.results
            ]
            for found in trace.found
        ],
        "seconds": {name: round(seconds, 6) for name, seconds in trace.seconds.items()},
        "reply": {"language": reply.language, "topic": reply.topic, "confidence": reply.confidence,
                  "is_understood": reply.is_understood,
                  "messages": [render_json(answer, lambda choice: choice.payload) for answer in reply.answers]},
    }  # fmt: skip


def _readable(parsed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parsed.items() if name not in UNREADABLE}
