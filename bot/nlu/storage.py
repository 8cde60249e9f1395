"""How components keep what they learned: one JSON and one npz file, never a pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.types import Array

META, ARRAYS = "meta.json", "arrays.npz"


def write_arrays(directory: Path, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
    """Write `meta` as JSON and `arrays` as an uncompressed npz into `directory`."""
    (directory / META).write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    np.savez(directory / ARRAYS, **arrays)


def read_arrays(directory: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return what `write_arrays` wrote. Object arrays, which could hold pickles, are refused by numpy."""
    meta = json.loads((directory / META).read_text(encoding="utf-8"))
    with np.load(directory / ARRAYS, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return meta, arrays
