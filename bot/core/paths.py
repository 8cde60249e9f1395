"""Where things lie in the checkout. `DOORWAY_HOME` moves the whole tree (used by tests)."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(os.environ.get("DOORWAY_HOME") or Path(__file__).resolve().parents[2])
DATA = ROOT / "data"
ANSWERS = DATA / "answers"
LEXICON = DATA / "lexicon"
REFERENCE = DATA / "reference"
LOCALES = ROOT / "locales"
MODELS = ROOT / "models"
CACHE = ROOT / ".cache"
REPORTS = ROOT / "reports"
EVALUATION = ROOT / "tests" / "eval"
