"""The gloss: a message word by word in English, so that one English encoder serves every language.

Also shown to advice workers ("roughly: third night in car with child, nowhere to go"). The lexicons are compiled
into the model at training, folded, so that a start does not read the TSV files.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.tokenizer import Tokenizer

from bot.core.errors import DataError
from bot.core.files import load_yaml
from bot.core.paths import LEXICON
from bot.core.spelling import fold, normalise
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale
from bot.nlu.component import TrainedComponent
from bot.nlu.fields import FOLDED, GLOSS, LANGUAGE
from bot.nlu.lexicon import Affixes, Lexicon
from bot.nlu.storage import write_arrays
from bot.nlu.types import Array

ZERO_WIDTH_JOIN = "\u200c"  # Persian writes some endings behind one; many people leave it out
MIN_ENGLISH, MIN_LETTERS = 3, 4  # times and letters from which a word of English examples is known as English
AFFIXES = LEXICON / "affixes.yml"


def load_lexicon_entries(language: str) -> dict[str, str]:
    """Return folded key → English of `data/lexicon/<language>.tsv`; the first of two equal keys wins.

    Raises:
        DataError: a line is not `key<TAB>english`.
    """
    path = LEXICON / f"{language}.tsv"
    if not path.exists():
        return {}
    entries: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        key, separator, english = line.partition("\t")
        if not separator or not key.strip() or not english.strip():
            raise DataError("expected key<TAB>english", path=str(path), line=number)
        entries.setdefault(" ".join(split_words(fold(normalise(key)), language)), english.strip())
    entries.pop("", None)
    return entries


def load_lexicon_keys(language: str) -> list[str]:
    """Return the keys as written, normalised but not folded: text of that language. Borrowed English is left out."""
    path = LEXICON / f"{language}.tsv"
    if not path.exists():
        return []
    lines = [line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line]
    return [normalise(key) for key, _, english in lines if key.strip().casefold() != english.strip().casefold()]


def load_affixes() -> dict[str, dict[str, Any]]:
    """Return what may be stripped from words, by language, as in `data/lexicon/affixes.yml`."""
    return dict(load_yaml(AFFIXES) or {}) if AFFIXES.exists() else {}


@cache
def _tokenizer(language: str) -> Tokenizer:
    locale = find_locale(language)
    return spacy.blank(locale.spacy if locale else "xx").tokenizer


def split_words(folded: str, language: str) -> list[str]:
    """Return the words of a folded text as the language's tokeniser sees them, without punctuation or joiners."""
    words: list[str] = []
    for token in _tokenizer(language)(folded.replace(ZERO_WIDTH_JOIN, "")):
        if any(char.isalnum() for char in token.text):
            words.append(token.text.strip("'\"-.,!?؟،؛:;()"))
    return [word for word in words if word]


def make_lexicon(entries: dict[str, str], affixes: dict[str, Any], english: frozenset[str] = frozenset()) -> Lexicon:
    """Return a lexicon whose affixes are folded like its keys and tried longest first."""

    def folded(name: str) -> tuple[str, ...]:
        return tuple(sorted({fold(normalise(affix)) for affix in affixes.get(name, ())}, key=len, reverse=True))

    cuts = Affixes(folded("prefixes"), folded("suffixes"), int(affixes.get("min_stem", 3)))
    return Lexicon(entries, cuts, english)


def english_words(examples: Iterable[Message]) -> frozenset[str]:
    """Return the words that English examples use again and again: beside another language they mean themselves."""
    counts = Counter(
        word
        for example in examples
        if example.get(LANGUAGE) == SOURCE_LANGUAGE
        for word in str(example.get(FOLDED) or "").split()
    )
    return frozenset(
        word for word, count in counts.items() if count >= MIN_ENGLISH and len(word) >= MIN_LETTERS and word.isalpha()
    )


def gloss_text(lexicon: Lexicon, folded: str, language: str) -> str:
    """Return the folded text word by word in English. Of alternatives (`now/hello`) all are kept."""
    english: list[str] = []
    for words, meaning in lexicon.gloss(split_words(folded, language)):
        if meaning:
            english.append(meaning.replace("/", " "))
        elif words.isascii():
            english.append(words)
    return " ".join(english)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Glosser(TrainedComponent):
    """Adds `gloss`. English is its own gloss."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._affixes: dict[str, Any] = {}
        self._english: frozenset[str] = frozenset()
        self._tables: dict[str, bytes] = {}
        self._lexicons: dict[str, Lexicon] = {}

    def restore(self, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
        self._affixes, self._english = meta["affixes"], frozenset(meta["english"])
        self._tables = {tag: table.tobytes() for tag, table in arrays.items()}

    def train(self, training_data: TrainingData) -> Resource:
        affixes = load_affixes()
        languages = sorted(path.stem for path in LEXICON.glob("*.tsv"))
        meta = {
            "affixes": {tag: affixes.get(tag, {}) for tag in languages},
            "english": sorted(english_words(training_data.training_examples)),
        }
        tables = {tag: _packed(load_lexicon_entries(tag)) for tag in languages}
        self.restore(meta, tables)
        with self._model_storage.write_to(self._resource) as directory:
            write_arrays(directory, meta, tables)
        return self._resource

    def _lexicon(self, language: str) -> Lexicon | None:
        """Return the lexicon of a language, unpacked when it is first spoken: all of them are 50 MB."""
        if language not in self._lexicons and language in self._tables:
            entries = _unpacked(self._tables[language])
            self._lexicons[language] = make_lexicon(entries, self._affixes[language], self._english)
        return self._lexicons.get(language)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            language = message.get(LANGUAGE) or SOURCE_LANGUAGE
            folded = message.get(FOLDED) or ""
            lexicon = self._lexicon(language)
            message.set(GLOSS, gloss_text(lexicon, folded, language) if lexicon else folded)
        return messages


def _packed(entries: dict[str, str]) -> Array:
    """Return the entries as the bytes of a table, uint8."""
    lines = "\n".join(f"{key}\t{english}" for key, english in entries.items())
    return np.frombuffer(lines.encode(), dtype=np.uint8)


def _unpacked(table: bytes) -> dict[str, str]:
    pairs = (line.partition("\t") for line in table.decode().split("\n") if line)
    return {key: sys.intern(english) for key, _, english in pairs}  # a third of the meanings are different
