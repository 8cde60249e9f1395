"""Reading `data/topics.yml` and `data/answers/*.yml`, checked once on the way in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.answers.model import Source, TopicText, Urgency
from bot.core.errors import DataError, NotFound
from bot.core.files import load_yaml
from bot.core.paths import ANSWERS, DATA

REQUIRED = (
    "title", "button", "summary", "steps", "contacts", "local", "desk", "sms", "related", "nation", "sources",
    "checked", "review_by",
)  # fmt: skip
OPTIONAL = ("urgent",)


@dataclass(frozen=True)
class Topic:
    """One line of `data/topics.yml`."""

    id: str
    theme: str
    means: str
    urgency: Urgency = ""
    needs: tuple[str, ...] = ()

    @property
    def is_crisis(self) -> bool:
        """Whether the first message back must say what to do now."""
        return self.urgency == "crisis"


@cache
def load_topic_file() -> dict[str, Any]:
    """Return `data/topics.yml` as it stands."""
    return dict(load_yaml(DATA / "topics.yml"))


@cache
def load_topics() -> dict[str, Topic]:
    """Return the topics by id, in file order."""
    return {
        topic: Topic(topic, entry["theme"], entry["means"], entry.get("urgency", ""), tuple(entry.get("needs", ())))
        for topic, entry in load_topic_file()["topics"].items()
    }


@cache
def load_dialogue_acts() -> dict[str, str]:
    """Return the dialogue acts and what they mean."""
    return dict(load_topic_file()["dialogue_acts"])


def is_topic(name: str) -> bool:
    """Whether a name is a topic that has an answer."""
    return name in load_topics()


def crisis_topics() -> tuple[str, ...]:
    """Return the ids whose urgency is crisis."""
    return tuple(topic.id for topic in load_topics().values() if topic.is_crisis)


@cache
def load_answers() -> dict[str, TopicText]:
    """Return the written answer of every topic that has one, by id.

    Raises:
        DataError: a file does not fit the form; the message names file and topic.
    """
    answers: dict[str, TopicText] = {}
    for path in sorted(ANSWERS.glob("*.yml")):
        for topic_id, entry in (load_yaml(path) or {}).items():
            answers[topic_id] = _topic_text(topic_id, entry, path)
    return answers


def get_answer(topic: str) -> TopicText:
    """Return the written answer of a topic.

    Raises:
        NotFound: no such topic.
    """
    try:
        return load_answers()[topic]
    except KeyError:
        raise NotFound(f"no topic {topic!r}") from None


def _topic_text(topic_id: str, entry: dict[str, Any], path: Path) -> TopicText:
    topic = load_topics().get(topic_id)
    if topic is None:
        raise DataError(f"{topic_id} is not in data/topics.yml", path=str(path))
    if topic.theme != path.stem:
        raise DataError(f"{topic_id} belongs into {topic.theme}.yml", path=str(path))
    missing = [name for name in REQUIRED if name not in entry]
    unknown = [name for name in entry if name not in REQUIRED + OPTIONAL]
    if missing or unknown:
        raise DataError(f"{topic_id}: missing {missing}, unknown {unknown}", path=str(path))
    for name in ("checked", "review_by"):
        if not isinstance(entry[name], dt.date):
            raise DataError(f"{topic_id}: {name} must be a date", path=str(path))
    return TopicText(
        topic=topic_id,
        theme=topic.theme,
        urgency=topic.urgency,
        needs=topic.needs,
        title=entry["title"],
        button=entry["button"],
        summary=tuple(entry["summary"]),
        urgent=tuple(entry.get("urgent", ())),
        steps=tuple(entry["steps"]),
        contacts=tuple(entry["contacts"]),
        local=tuple(entry["local"]),
        desk=entry["desk"],
        sms=entry["sms"],
        related=tuple(entry["related"]),
        nation=entry["nation"],
        sources=tuple(Source(source["title"], source["url"]) for source in entry["sources"]),
        checked=entry["checked"],
        review_by=entry["review_by"],
    )
