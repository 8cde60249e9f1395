"""Whether a message stands in the training data, or nearly: then it cannot be a test."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.core.files import load_yaml
from bot.core.paths import DATA

NLU = DATA / "nlu"
NEAR = 92.0  # so alike (0-100) is a near copy …
NEAR_WORDS = 5  # … for texts of so many words


def is_trained(text: str, folder: Path = NLU) -> bool:
    """Whether the training messages hold this text, or one that is nearly it. Reads them all: about two seconds."""
    wanted = one_spelling(text)
    trained = {one_spelling(line) for line in training_texts(folder)}
    if wanted in trained:
        return True
    if len(wanted.split()) < NEAR_WORDS:
        return False
    long = [line for line in trained if len(line.split()) >= NEAR_WORDS]
    return process.extractOne(wanted, long, scorer=fuzz.ratio, score_cutoff=NEAR) is not None


def training_texts(folder: Path = NLU) -> Iterator[str]:
    """Yield every training message of every language."""
    for path in sorted(folder.glob("*/*.yml")):
        for entry in load_yaml(path)["nlu"]:
            yield from (line.strip().removeprefix("- ") for line in entry["examples"].splitlines() if line.strip())


def one_spelling(text: str) -> str:
    """Return the casefolded words without punctuation.

    >>> one_spelling("My landlord -- wants ME out!")
    'my landlord wants me out'
    """
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" else " " for char in unicodedata.normalize("NFKC", text)
    )
    return " ".join(kept.casefold().split())
