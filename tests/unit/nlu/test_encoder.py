from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.core.errors import DataError
from bot.nlu import encoder
from bot.nlu.encoder import encode_cached, encoding_progress, sentence_model
from bot.nlu.minilm import HIDDEN, check_weights, model_directory

NEAR = ("I have nowhere to sleep tonight", "homeless, where can I sleep this night")
FAR = "which bin does glass go in"


def test_vectors_are_unit_length_and_near_meanings_are_near() -> None:
    one, two, other = sentence_model().encode([*NEAR, FAR])
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-5)
    assert float(one @ two) > 0.5
    assert float(one @ other) < 0.2


def test_batch_gives_what_one_by_one_gives() -> None:
    texts = ["short", "a somewhat longer text about rent and a landlord", "x " * 300, ""]
    together = sentence_model().encode(texts)
    alone = np.concatenate([sentence_model().encode([text]) for text in texts])
    assert together.shape == (4, HIDDEN)
    assert np.abs(together - alone).max() < 1e-5


def test_cache_encodes_a_text_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "CACHE", tmp_path)
    monkeypatch.setattr(encoder, "CACHE_FILE", tmp_path / "encodings.npz")
    seen: list[tuple[int, int]] = []
    with encoding_progress(lambda done, total: seen.append((done, total))):
        first = encode_cached(["rent", "deposit", "rent"])
        second = encode_cached(["deposit", "rent"])
    assert seen == [(2, 2)]
    assert np.array_equal(first[[1, 0]], second)
    assert np.array_equal(first[0], first[2])


def test_broken_cache_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "CACHE", tmp_path)
    monkeypatch.setattr(encoder, "CACHE_FILE", tmp_path / "encodings.npz")
    (tmp_path / "encodings.npz").write_bytes(b"half a file")
    assert encode_cached(["rent"]).shape == (1, HIDDEN)


def test_foreign_weights_are_refused(tmp_path: Path) -> None:
    check_weights(model_directory() / "model.safetensors")
    foreign = tmp_path / "model.safetensors"
    foreign.write_bytes(b"other")
    with pytest.raises(DataError, match="SHA-256"):
        check_weights(foreign)
