"""Types the understanding shares."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]  # dtype and shape stand in the docstrings
