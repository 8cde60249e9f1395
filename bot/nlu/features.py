"""Turning texts into sparse features: weighted n-grams with a fixed vocabulary.

scikit-learn counts and weighs; what is kept of it is a list of n-grams and a vector, so that a model is JSON and
arrays and never a pickle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from bot.nlu.types import Array

TOKEN = r"\S+"  # noqa: S105 — a pattern, not a password; texts are already split into words by spaces


@dataclass(frozen=True)
class NgramSpec:
    """Which n-grams a group has."""

    analyzer: str  # "char_wb" or "word"
    ngram_range: tuple[int, int]
    min_count: int


# Measured on a development split and on the messages of tests/eval (docs/evaluation.md): group → n-grams.
GROUPS: dict[str, NgramSpec] = {
    "characters": NgramSpec("char_wb", (2, 5), 6),
    "words": NgramSpec("word", (1, 2), 3),
    "gloss": NgramSpec("word", (1, 2), 2),
}


class NgramGroup:
    """One group of n-gram features: L2-normalised tf-idf with sublinear term frequency."""

    def __init__(self, spec: NgramSpec, vocabulary: dict[str, int], idf: Array) -> None:
        """`vocabulary`: n-gram → column; `idf`: float32, (len(vocabulary),)."""
        self.spec, self.vocabulary, self.idf = spec, vocabulary, idf.astype(np.float32)
        self._analyze = CountVectorizer(**_arguments(spec)).build_analyzer()

    @classmethod
    def fit(cls, spec: NgramSpec, texts: Sequence[str]) -> tuple[NgramGroup, sparse.csr_matrix]:
        """Return the group learned from texts, and their features."""
        vectorizer = TfidfVectorizer(**_arguments(spec), min_df=spec.min_count, sublinear_tf=True, dtype=np.float32)
        features = vectorizer.fit_transform(texts)
        vocabulary = {gram: int(column) for gram, column in vectorizer.vocabulary_.items()}
        return cls(spec, vocabulary, vectorizer.idf_), features.tocsr()

    def transform(self, text: str) -> tuple[Array, Array]:
        """Return (columns, values) of one text; both empty when it has no known n-gram."""
        counts: dict[int, int] = {}
        find = self.vocabulary.get
        for gram in self._analyze(text):
            column = find(gram)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
        columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
        frequencies = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1.0 + np.log(frequencies)) * self.idf[columns]
        norm = float(np.sqrt(values @ values))
        return columns, values / norm if norm else values


def _arguments(spec: NgramSpec) -> dict[str, Any]:
    return {
        "analyzer": spec.analyzer,
        "ngram_range": spec.ngram_range,
        "token_pattern": TOKEN if spec.analyzer == "word" else None,
        "lowercase": False,
    }
