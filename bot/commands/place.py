"""`doorway place TEXT` and `doorway place import FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.core.database import Database
from bot.core.settings import load_settings
from bot.places.authorities import get_authority
from bot.places.exact import ImportedPostcodes
from bot.places.lookup import Candidate, Found, find_place
from bot.places.remote import RemotePostcodes, chain


def place(text: str, *, database: Database | None = None, postcodes_url: str = "") -> dict[str, Any]:
    """Return the councils that a text, typed as a place, can mean.

    Args:
        postcodes_url: of a service like postcodes.io, asked for what is not in the imported table; empty = none.

    Returns:
        `{"candidates": […], "postcode"}`, and only where it is so `"outside"` (name of a place that no council of ours
        has), `"terminated"` (the postcode is no longer in use) and `"guess"` (what was typed is not quite it).

    Raises:
        ConfigError: `postcodes_url` is not an http or https address.
    """
    opened = database or _open()
    try:
        remote = RemotePostcodes(postcodes_url) if postcodes_url else None
        return describe(find_place(text, chain(ImportedPostcodes(opened), remote)))
    finally:
        if database is None:
            opened.close()


def import_postcodes(path: Path, *, database: Database | None = None) -> dict[str, Any]:
    """Store the exact postcodes of ONSPD or Code-Point Open (a file, folder or zip) and return what happened.

    Returns:
        `{"source", "rows", "stored", "terminated", "without_place", "broken", "broken_rows"}`.

    Raises:
        UserInputError: it is neither (nothing was changed), or is damaged.
    """
    from bot.places.imports import import_postcodes as run  # pyproj takes its time

    opened = database or _open()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
            task = progress.add_task(path.name[:60], total=1.0)
            return run(opened, path, lambda _rows, share: progress.update(task, completed=share)).as_dict()
    finally:
        if database is None:
            opened.close()


def describe(found: Found) -> dict[str, Any]:
    """Return what was found as the command prints it."""
    described: dict[str, Any] = {
        "candidates": [_describe(candidate) for candidate in found.candidates],
        "postcode": found.postcode,
    }
    if found.outside:
        described["outside"] = found.outside
    if found.is_terminated:
        described["terminated"] = True
    if found.is_guess:
        described["guess"] = True
    return described


def _describe(candidate: Candidate) -> dict[str, Any]:
    authority = candidate.authority
    return {
        "gss_code": authority.gss_code,
        "name": authority.name,
        "housing_authority": authority.housing_authority,
        "waste_authority": authority.name,
        "social_care_authority": get_authority(authority.social_care_code).name,
        "latitude": candidate.latitude,
        "longitude": candidate.longitude,
    }


def _open() -> Database:
    from bot.service import open_database

    return open_database(load_settings())
