"""Reading YAML files with the C parser, about ten times faster than the one in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import DataError

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> Any:
    """Return the content of a YAML file; None when it is empty.

    Raises:
        DataError: it is not YAML; the message names the line.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 — both loaders are safe ones
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise DataError(str(error.problem), path=str(path), line=line) from None
