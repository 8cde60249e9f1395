"""Every module that owns a table, imported: for drafts and for the test that the steps lead to what the code says."""

from __future__ import annotations

import importlib

from sqlalchemy import MetaData

from bot.core.database import metadata
from bot.core.paths import ROOT

MARK = "bot.core.database import"  # the line by which a module gets the list of tables


def all_tables() -> MetaData:
    """Return the tables of the whole tree."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        lines = path.read_text(encoding="utf-8").splitlines()
        if not module.startswith("bot.migrations") and any(MARK in line and "metadata" in line for line in lines):
            importlib.import_module(module)
    return metadata
