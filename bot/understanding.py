"""What a message means: the outcome of the NLU, and in which language its turn is answered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.message import Message

from bot.core.spelling import fold, normalise
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale
from bot.nlu.fields import CRISIS, GLOSS, LANGUAGE, LANGUAGE_HINT, LANGUAGE_SCORE, RANKING

WORD = re.compile(r"\w+")
SURE_OF_LANGUAGE = 0.9  # from which another language than the session's is offered, or a new session's is set
WORDS_TO_SWITCH = 2  # fewer words never change or offer a language


@dataclass(frozen=True)
class Understanding:
    """What the NLU made of a message."""

    topic: str
    confidence: float
    language: str
    language_score: float
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[dict[str, Any], ...] = ()
    crisis: str = "no"
    gloss: str = ""
    parse_data: dict[str, Any] = field(default_factory=dict, repr=False)


def understand(processor: MessageProcessor, items: list[tuple[str, str | None]]) -> list[Understanding]:
    """Return what texts mean; the encoder works on them together. `items`: (cleaned text, language hint)."""
    messages = [UserMessage(text, metadata={LANGUAGE_HINT: hint}) for text, hint in items]
    target = processor.model_metadata.nlu_target
    inputs = {PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: None}
    return [_understanding(message) for message in processor.graph_runner.run(inputs=inputs, targets=[target])[target]]


def chosen(intent: str, language: str, entities: tuple[dict[str, Any], ...] = ()) -> Understanding:
    """Return what a tapped choice stands for."""
    parsed = {
        "text": "",
        "intent": {"name": intent, "confidence": 1.0},
        "entities": list(entities),
        RANKING: [(intent, 1.0)],
    }
    return Understanding(intent, 1.0, language, 1.0, ((intent, 1.0),), entities, parse_data=parsed)


def language_of_turn(
    text: str, understood: Understanding, chosen: str | None, browser: str | None
) -> tuple[str, str | None]:
    """Return (language to answer in, language to offer or None). A chosen language is never left silently."""
    detected = find_locale(understood.language) if _has_known_word(text, understood) else None
    is_sure = (
        detected is not None
        and understood.language_score >= SURE_OF_LANGUAGE
        and sum(any(char.isalpha() for char in word) for word in text.split()) >= WORDS_TO_SWITCH
    )
    if chosen:
        return chosen, understood.language if is_sure and understood.language != chosen else None
    if is_sure or not browser:
        return (detected.tag if detected else SOURCE_LANGUAGE), None
    known = find_locale(browser)
    return (known.tag if known else SOURCE_LANGUAGE), None


def _has_known_word(text: str, understood: Understanding) -> bool:
    """Whether the gloss knew a word: letters typed at random are in no language, whatever they look like most."""
    written, glossed = WORD.findall(fold(normalise(text))), WORD.findall(understood.gloss)
    return understood.language == SOURCE_LANGUAGE or written != glossed


def _understanding(message: Message) -> Understanding:
    parsed = message.as_dict(only_output_properties=False)
    ranking = tuple((str(topic), float(share)) for topic, share in parsed[RANKING])
    parsed.pop(METADATA, None)
    return Understanding(
        topic=ranking[0][0] if parsed[CRISIS] != "yes" else str(parsed["intent"]["name"]),
        confidence=float(parsed["intent"]["confidence"]),
        language=parsed[LANGUAGE],
        language_score=float(parsed[LANGUAGE_SCORE]),
        ranking=ranking,
        entities=tuple(parsed["entities"]),
        crisis=parsed[CRISIS],
        gloss=parsed[GLOSS],
        parse_data=parsed,
    )
