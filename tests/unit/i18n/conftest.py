"""The English texts, read once."""

from __future__ import annotations

import pytest

from bot.i18n.sources import SourceText, source_texts


@pytest.fixture(scope="session")
def texts() -> list[SourceText]:
    """Every translated text."""
    return list(source_texts())
