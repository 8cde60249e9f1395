"""Building the model, and knowing when it must be built again."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import logging
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from bot.core.errors import DataError
from bot.core.paths import CACHE, DATA, LOCALES, MODELS, ROOT

MODEL_NAME = "doorway"
MODEL = MODELS / f"{MODEL_NAME}.tar.gz"
FINGERPRINT = MODELS / f"{MODEL_NAME}.sources"
NLU_DATA, RULES = DATA / "nlu", DATA / "rules"
# What the model is made of: content that is only shown (answers, interface) is read at start and needs no training.
SOURCES = (
    (ROOT, ("config.yml", "domain.yml")),
    (DATA, ("topics.yml", "nlu/**/*.yml", "rules/*.yml", "lexicon/*")),
    (LOCALES, ("locales.yml",)),
    (ROOT / "bot", ("nlu/*.py", "policy.py")),
)


def source_files() -> Iterator[Path]:
    """Yield the files the model depends on."""
    for folder, patterns in SOURCES:
        for pattern in patterns:
            yield from sorted(folder.glob(pattern))


def fingerprint() -> str:
    """Return a digest of everything the model depends on."""
    digest = hashlib.sha256()
    for path in source_files():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_stale() -> bool:
    """Whether there is no model, or its sources changed since it was built."""
    return not MODEL.exists() or not FINGERPRINT.exists() or FINGERPRINT.read_text() != fingerprint()


def train() -> Path:
    """Build the model into `models/` and return its path. A failed training leaves the old model in place.

    Raises:
        DataError: rules, domain or training data do not fit together; the message is Rasa's.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    MODELS.mkdir(exist_ok=True)
    CACHE.mkdir(exist_ok=True)
    sources = fingerprint()
    with _quiet(), _packed_plainly():
        try:
            result = rasa_train(
                domain=str(ROOT / "domain.yml"),
                config=str(ROOT / "config.yml"),
                training_files=[str(NLU_DATA), str(RULES)],
                output=str(MODELS),
                fixed_model_name=MODEL_NAME,
                force_training=True,
            )
        except RasaException as error:
            raise DataError(str(error).strip().replace("\n", " ")) from error
    if result.code != 0 or not result.model:
        raise DataError(f"training failed with code {result.code}")
    FINGERPRINT.write_text(sources)
    return Path(result.model)


@contextlib.contextmanager
def _packed_plainly() -> Iterator[None]:
    """Let Rasa write the archive without compression: packing was a tenth of a training, unpacking of every start."""
    compressing = tarfile.TarFile.gzopen
    tarfile.TarFile.gzopen = functools.partial(compressing, compresslevel=0)  # type: ignore[method-assign]  # put back
    try:
        yield
    finally:
        tarfile.TarFile.gzopen = compressing  # type: ignore[method-assign]  # as it was


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Rasa writes progress bars of its own to stderr; ours is the only one shown."""
    logging.getLogger("rasa").setLevel(logging.ERROR)
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        yield
