"""What we know of single councils: the register's page, the bidding scheme, the night number, bins, English classes.

A phone number is shown only where its status says that it was seen on a page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.core.errors import DataError
from bot.core.files import load_yaml
from bot.places.authorities import FOLDER, get_authority

SEEN = frozenset({"checked_page", "cross_checked"})
STATUSES = SEEN | {"unverified"}
KINDS = (
    "register", "cbl", "homelessness", "out_of_hours", "recycling", "bin_day", "bulky_waste", "esol", "council_tax",
    "environmental_health", "complaints", "schools",
)  # fmt: skip
OF_THE_COUNTY = frozenset({"esol", "schools"})  # in two-tier areas the county does these


@dataclass(frozen=True)
class CouncilFact:
    """One fact. `name`: of a scheme or service; `phone` is empty unless it may be shown."""

    kind: str
    name: str
    url: str
    phone: str
    status: str
    source: str
    checked: dt.date

    @property
    def is_seen(self) -> bool:
        """Whether it was seen on a page, so that a name and a number may be relied on."""
        return self.status in SEEN


@cache
def load_council_facts() -> dict[str, Mapping[str, CouncilFact]]:
    """Return facts by GSS code and kind.

    Raises:
        DataError: an unknown council, kind or status, or a phone number that was not seen.
    """
    found: dict[str, Mapping[str, CouncilFact]] = {}
    for path in sorted((FOLDER / "councils").glob("*.yml")):
        content = load_yaml(path)
        try:
            code = get_authority(content["council"]).gss_code
            found[code] = {kind: _fact(kind, entry) for kind, entry in content["facts"].items()}
        except (KeyError, ValueError) as error:
            raise DataError(f"{error}", path=str(path)) from None
    return found


def council_fact(gss_code: str, kind: str) -> CouncilFact | None:
    """Return what is known of one kind for a council; None when it is not known."""
    return load_council_facts().get(gss_code, {}).get(kind)


def responsible_code(gss_code: str, kind: str) -> str:
    """Return the GSS code of the council that does this kind of thing in a council's area."""
    return get_authority(gss_code).social_care_code if kind in OF_THE_COUNTY else gss_code


def _fact(kind: str, entry: Mapping[str, Any]) -> CouncilFact:
    if kind not in KINDS or entry["status"] not in STATUSES:
        raise ValueError(f"{kind}: {entry['status']}")
    if entry.get("phone") and entry["status"] not in SEEN:
        raise ValueError(f"{kind}: a phone number with status {entry['status']}")
    return CouncilFact(
        kind=kind,
        name=entry.get("name", ""),
        url=entry.get("url", ""),
        phone=str(entry.get("phone", "")),
        status=entry["status"],
        source=entry["source"],
        checked=entry["checked"],
    )
