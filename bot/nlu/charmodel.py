"""A character n-gram naive Bayes: the arithmetic behind language identification.

Plain numpy, no Rasa. A text costs some tens of microseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from bot.nlu.types import Array

MIN_N, MAX_N = 1, 4


def ngrams(text: str) -> list[str]:
    """Return the n-grams of every word, padded with a space on both sides."""
    grams: list[str] = []
    for word in text.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(MIN_N, MAX_N + 1):
            grams.extend(padded[start : start + size] for start in range(length - size + 1))
    return grams


class CharModel:
    """Classes, n-grams and the log-probability of each n-gram in each class."""

    def __init__(self, classes: Sequence[str], vocabulary: Sequence[str], log_probs: Array, unseen: Array) -> None:
        """`log_probs` is (len(vocabulary), len(classes)); `unseen` (len(classes),) is for n-grams not in it."""
        self.classes = list(classes)
        self.vocabulary = list(vocabulary)
        self.log_probs = log_probs.astype(np.float32)
        self.unseen = unseen.astype(np.float32)
        self._index = {gram: row for row, gram in enumerate(self.vocabulary)}

    @classmethod
    def train(cls, texts: Iterable[tuple[str, str]], *, min_count: int = 3, alpha: float = 0.3) -> CharModel:
        """Return a model from (class, text) pairs. Classes weigh the same, however much text each has."""
        counts: dict[str, Counter[str]] = {}
        for label, text in texts:
            counts.setdefault(label, Counter()).update(ngrams(text))
        classes = sorted(counts)
        total: Counter[str] = Counter()
        for counter in counts.values():
            total.update(counter)
        vocabulary = sorted(gram for gram, count in total.items() if count >= min_count)
        table = np.array([[counts[label][gram] for label in classes] for gram in vocabulary], dtype=np.float64)
        if not vocabulary:
            table = np.zeros((0, len(classes)))
        sums = table.sum(axis=0) + alpha * (len(vocabulary) + 1)
        return cls(classes, vocabulary, np.log((table + alpha) / sums), np.log(alpha / sums))

    def scores(self, text: str) -> Array:
        """Return the mean log-likelihood per n-gram and class times a length factor, shape (classes,)."""
        grams = ngrams(text)
        if not grams:
            return np.zeros(len(self.classes), dtype=np.float32)
        rows = [row for row in map(self._index.get, grams) if row is not None]
        known = self.log_probs[rows].sum(axis=0) if rows else np.zeros(len(self.classes), dtype=np.float32)
        # n-grams of one word overlap, so their evidence is counted at a fraction
        return np.asarray((known + (len(grams) - len(rows)) * self.unseen) / MAX_N)
