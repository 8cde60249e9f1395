"""The services written down by us, from `data/reference/directory/*.yml`.

A phone number is given out only when its status says that it was seen: see `SHOWN`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.core.errors import DataError, NotFound
from bot.core.files import load_yaml
from bot.core.paths import REFERENCE

SHOWN = frozenset({"checked_page", "cross_checked"})
STATUSES = SHOWN | {"old_page", "one_list", "unconfirmed", "none"}
FOLDER = REFERENCE / "directory"


@dataclass(frozen=True)
class SeedService:
    """A service with its contact details. Field names as in the files."""

    id: str
    name: str
    description: str
    phone: str
    phone_status: str
    text_service: str
    url: str
    hours: str
    cost: str
    languages: str
    area: str
    scope: str
    emergency: bool
    topics: tuple[str, ...]
    source: str
    checked: str

    @property
    def shown_phone(self) -> str:
        """The phone number if it may be shown, else an empty string."""
        return self.phone if self.phone_status in SHOWN else ""

    @property
    def tel(self) -> str:
        """The number as dialled: digits only."""
        return re.sub(r"\D", "", self.shown_phone)

    @property
    def day_and_night(self) -> bool:
        """Whether it is open at all hours."""
        return self.hours.startswith("24 hours, every day") or self.hours == "24 hours"


@cache
def load_services() -> dict[str, SeedService]:
    """Return the services by id.

    Raises:
        DataError: an unknown phone status, a double id or a missing field.
    """
    services: dict[str, SeedService] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        content = load_yaml(path)
        for entry in content["services"]:
            try:
                service = _service(entry, str(content["checked"]))
            except KeyError as error:
                raise DataError(f"{entry.get('id')}: missing {error}", path=str(path)) from None
            if service.phone_status not in STATUSES:
                raise DataError(f"{service.id}: phone_status {service.phone_status}", path=str(path))
            if service.id in services:
                raise DataError(f"{service.id} stands twice", path=str(path))
            services[service.id] = service
    return services


def get_service(service_id: str) -> SeedService:
    """Return a service by id.

    Raises:
        NotFound: no such service.
    """
    try:
        return load_services()[service_id]
    except KeyError:
        raise NotFound(f"no service {service_id!r}") from None


def _service(entry: dict[str, Any], checked: str) -> SeedService:
    return SeedService(
        id=entry["id"],
        name=entry["name"],
        description=entry["what_it_does"],
        phone=entry["phone"] or "",
        phone_status=entry["phone_status"],
        text_service=entry["text_or_whatsapp"] or "",
        url=entry["url"] or "",
        hours=entry["hours"] or "",
        cost=entry["cost"] or "",
        languages=entry["languages"] or "",
        area=entry["area"],
        scope=entry["scope"],
        emergency=bool(entry["emergency"]),
        topics=tuple(entry["topics"]),
        source=entry["source"],
        checked=checked,
    )
