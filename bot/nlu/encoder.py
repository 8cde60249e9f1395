"""Encoding many texts once: the sentence model behind a cache on disk, and one shared copy in memory.

Training encodes some ten thousand texts; what was encoded before is read from `.cache/encodings.npz`, keyed by the
hash of the text, so only new messages cost time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import numpy as np
from threadpoolctl import threadpool_limits

from bot.core.paths import CACHE
from bot.nlu.minilm import HIDDEN, SentenceModel, check_weights, model_directory
from bot.nlu.types import Array

CACHE_FILE = CACHE / "encodings.npz"
CHUNK = 256

Progress = Callable[[int, int], None]
_progress: ContextVar[Progress | None] = ContextVar("encoding_progress", default=None)


@contextmanager
def encoding_progress(show: Progress) -> Iterator[None]:
    """Call `show` with (done, total) while texts are encoded inside this block."""
    token = _progress.set(show)
    try:
        yield
    finally:
        _progress.reset(token)


@cache
def sentence_model() -> SentenceModel:
    """Return the process's copy of the sentence model, loaded at first use (0.3 s, 45 MB).

    Matrix products take one thread from then on: several messages or batches at once use the cores better than one
    product spread over them, which costs twice the time of the processor.
    """
    threadpool_limits(1, user_api="blas")
    return SentenceModel(model_directory())


def encode_cached(texts: Sequence[str]) -> Array:
    """Return unit vectors, float32, shape (len(texts), 384); new texts are encoded and remembered.

    Raises:
        DataError: the weights are missing or are not the published ones.
    """
    known = _read_cache()
    keys = [_key(text) for text in texts]
    missing = sorted({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
    if missing:
        check_weights(model_directory() / "model.safetensors")
        for start in range(0, len(missing), CHUNK):
            chunk = missing[start : start + CHUNK]
            for (key, _), vector in zip(chunk, sentence_model().encode([text for _, text in chunk]), strict=True):
                known[key] = vector.astype(np.float16)
            show = _progress.get()
            if show:
                show(min(start + CHUNK, len(missing)), len(missing))
        _write_cache({key: known[key] for key in {*keys, *_recent(known)}})
    return np.stack([known[key] for key in keys]).astype(np.float32) if keys else np.zeros((0, HIDDEN), np.float32)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _recent(known: dict[str, Array]) -> list[str]:
    """Bound the cache: the newest 60,000 texts (46 MB)."""
    return list(known)[-60_000:]


def _read_cache() -> dict[str, Array]:
    if not CACHE_FILE.exists():
        return {}
    try:
        with np.load(CACHE_FILE, allow_pickle=False) as archive:
            return dict(zip(archive["keys"].tolist(), archive["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}  # a half-written cache is not worth an error


def _write_cache(known: dict[str, Array]) -> None:
    CACHE.mkdir(exist_ok=True)
    partial = CACHE_FILE.with_suffix(".part.npz")
    np.savez(partial, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    partial.replace(CACHE_FILE)
