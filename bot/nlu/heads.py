"""Linear classifiers with calibrated probabilities: the arithmetic of the decision, without Rasa.

A head is a matrix. It is learned by scikit-learn's LinearSVC (one against the rest) and its scores become
probabilities by a softmax whose temperature was fitted on examples that the matrix had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.svm import LinearSVC

from bot.nlu.types import Array

FITTED, HELD_OUT = 0.4, 0.1  # shares of the examples that the temperature is fitted with and on
SEED = 20261122
TOLERANCE = 1e-3
LARGEST = np.float32(127)  # of an int8


class LinearHead:
    """Weights (features, classes), bias (classes,), and how sure a margin makes it.

    The weights of a feature are kept as int8 with one scale, float32, (features,): a quarter of the memory, and the
    rounding changed no answer of the 1,272 messages of `tests/eval/dev`.
    """

    def __init__(self, classes: Sequence[str], weights: Array, scale: Array, bias: Array, temperature: float) -> None:
        self.classes = list(classes)
        self.weights, self.scale = weights, scale
        self.bias = bias.astype(np.float32)
        self.temperature = float(temperature)

    @classmethod
    def fit_all(cls, views: Sequence[sparse.csr_matrix], labels: Sequence[str], *, strength: float) -> list[LinearHead]:
        """Return a head for each view of the same examples, with a temperature fitted on a held-out part of them.

        Args:
            views: (examples, features) each, the largest last.
            strength: LinearSVC's C: higher follows the examples more closely.
        """
        names = np.array(labels)
        drawn = np.random.default_rng(SEED).random(len(names))
        held_out, fitted = drawn < HELD_OUT, drawn >= 1 - FITTED
        whole = np.ones(len(names), dtype=bool)
        is_fittable = held_out.any() and set(names[held_out]) <= set(names[fitted])
        # the longest work first, so that two processes end together
        tasks = [(view, part) for part in (whole, *([fitted] if is_fittable else [])) for view in reversed(views)]
        learned = Parallel(n_jobs=2, max_nbytes=None)(
            delayed(_svc)(view[part], names[part], strength) for view, part in tasks
        )
        heads = []
        for number, view in enumerate(reversed(views)):
            svc, temperature = learned[number], 1.0
            if is_fittable:
                partial = learned[len(views) + number]
                scores = partial.decision_function(view[held_out])
                temperature = fit_temperature(scores, names[held_out], partial.classes_)
            heads.append(cls(svc.classes_.tolist(), *_rounded(svc.coef_.T), svc.intercept_, temperature))
        return heads[::-1]

    def scores(self, columns: Array, values: Array) -> Array:
        """Return the margins of one example given by its non-zero columns, float32, (classes,)."""
        rows = self.weights[columns].astype(np.float32)
        return np.asarray((values * self.scale[columns]) @ rows + self.bias)

    def probabilities(self, scores: Array) -> Array:
        """Return softmax(scores / temperature)."""
        return softmax(scores / self.temperature)


def softmax(scores: Array) -> Array:
    """Return probabilities along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def fit_temperature(scores: Array, labels: Array, classes: Array) -> float:
    """Return the temperature under which the true labels are most likely, between 0.02 and 5."""
    truth = np.searchsorted(classes, labels)
    rows = np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.exp(log_temperature))
        return float(-np.log(probabilities[rows, truth] + 1e-12).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.02), np.log(5.0)), method="bounded")
    return float(np.exp(found.x))


def _rounded(weights: Array) -> tuple[Array, Array]:
    """Return weights as int8 and the scale of each row, float32."""
    scale = np.maximum(np.abs(weights).max(axis=1), np.finfo(np.float32).tiny).astype(np.float32) / LARGEST
    return np.rint(weights / scale[:, None]).astype(np.int8), scale


def _svc(features: sparse.csr_matrix, labels: Array, strength: float) -> LinearSVC:
    return LinearSVC(C=strength, tol=TOLERANCE, random_state=SEED).fit(features, labels)
