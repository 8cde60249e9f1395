"""Marking what a message names: postcode, council or town, thing to throw away, language, status, number, date.

Vocabularies come from the reference data, the catalogues and the locale registry; none is written here. Values are
normalised: a language is its tag, a status its id, a postcode has its space.
"""

from __future__ import annotations

import re
from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.matcher import PhraseMatcher

from bot.core.spelling import fold, normalise
from bot.core.text import ascii_digits
from bot.i18n.locales import SOURCE_LANGUAGE
from bot.nlu.component import MessageComponent
from bot.nlu.fields import LANGUAGE
from bot.nlu.vocabulary import Vocabulary, load_language_names, load_vocabulary
from bot.places.lookup import find_place
from bot.places.postcode import find_postcodes

DATE = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})\b")
NUMBER = re.compile(r"(?<![\w£])\d{1,6}(?:[.,]\d{1,2})?(?!\w)")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityMarker(MessageComponent):
    """Adds `entities`, each with entity, value, start and end in the text as typed."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._nlp = spacy.blank("xx")
        self._labels: dict[str, tuple[str, str]] = {}
        self._anywhere = self._matcher(load_language_names())
        self._by_language: dict[str, PhraseMatcher] = {}  # made when a language is first spoken

    def _matcher(self, vocabulary: Vocabulary) -> PhraseMatcher:
        matcher = PhraseMatcher(self._nlp.vocab)
        for (entity, value), phrases in vocabulary.items():
            label = f"{entity}={value}"
            self._labels[label] = (entity, value)
            matcher.add(label, [self._nlp.make_doc(phrase) for phrase in phrases])
        return matcher

    def _of_language(self, tag: str) -> PhraseMatcher:
        if tag not in self._by_language:
            self._by_language[tag] = self._matcher(load_vocabulary(tag))
        return self._by_language[tag]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(
                ENTITIES,
                self.find(message.get(TEXT) or "", message.get(LANGUAGE) or SOURCE_LANGUAGE),
                add_to_output=True,
            )
        return messages

    def find(self, text: str, language: str = SOURCE_LANGUAGE) -> list[dict[str, Any]]:
        """Return the entities of a text in order; a longer one hides the shorter ones inside it.

        Things and statuses are looked for in the language of the text and in English.
        """
        plain = ascii_digits(text)
        found = [_entity("postcode", value, start, end) for value, start, end in find_postcodes(plain)]
        found += [_entity("date", match[0], *match.span()) for match in DATE.finditer(plain)]
        found += _place(text)
        found += self._phrases(text, language)
        found += [_entity("number", match[0].replace(",", "."), *match.span()) for match in NUMBER.finditer(plain)]
        kept: list[dict[str, Any]] = []
        for entity in sorted(found, key=lambda item: (item["start"] - item["end"], item["start"])):
            if all(entity["end"] <= other["start"] or entity["start"] >= other["end"] for other in kept):
                kept.append(entity)
        return sorted(kept, key=lambda item: int(item["start"]))

    def _phrases(self, text: str, language: str) -> list[dict[str, Any]]:
        doc = self._nlp.make_doc(text)
        spaces = [token.idx for token in doc]
        folded = spacy.tokens.Doc(
            self._nlp.vocab,
            words=[fold(normalise(token.text)) or "\u00b7" for token in doc],
            spaces=[True] * len(doc),
        )
        found = []
        matchers = [self._anywhere, *(self._of_language(tag) for tag in {language, SOURCE_LANGUAGE})]
        for match_id, start, end in [match for matcher in matchers for match in matcher(folded)]:
            entity, value = self._labels[self._nlp.vocab.strings[match_id]]
            last = doc[end - 1]
            found.append(_entity(entity, value, spaces[start], last.idx + len(last.text)))
        return found


def _place(text: str) -> list[dict[str, Any]]:
    """Return the place a text names: a council when it can be one only, else a town."""
    found = find_place(text, is_asked=False)
    if found.postcode:
        return []
    if found.only:
        return [_entity("council", found.only.authority.gss_code, found.start, found.end)]
    return [_entity("town", found.name, found.start, found.end)] if found.name else []


def _entity(entity: str, value: str, start: int, end: int) -> dict[str, Any]:
    return {"entity": entity, "value": value, "start": start, "end": end, "extractor": "EntityMarker"}
