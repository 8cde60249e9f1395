"""The directory of services: only a number that was seen is given out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.core.errors import DataError, NotFound
from bot.directory import seed
from bot.directory.seed import SHOWN, STATUSES, get_service, load_services

SERVICE = {
    "id": "one", "name": "One", "what_it_does": "Helps.", "phone": "020 7946 0018", "phone_status": "checked_page",
    "text_or_whatsapp": None, "url": None, "hours": None, "cost": "free", "languages": None, "area": "UK",
    "scope": "national", "emergency": False, "topics": ["x"], "source": "https://one.example",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of our own."""
    monkeypatch.setattr(seed, "FOLDER", tmp_path)
    return tmp_path


def _write(folder: Path, *services: dict[str, object], name: str = "a.yml") -> None:
    (folder / name).write_text(yaml.safe_dump({"checked": "2026-11-22", "services": list(services)}), encoding="utf-8")


def test_a_service_is_read_with_empty_texts_for_what_is_unknown(folder: Path) -> None:
    _write(folder, SERVICE)
    service = load_services.__wrapped__()["one"]
    assert (service.url, service.hours, service.checked, service.topics) == ("", "", "2026-11-22", ("x",))


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_only_a_number_that_was_seen_is_shown_and_dialled(status: str) -> None:
    service = replace(get_service("shelter"), phone="0808 800 4444", phone_status=status)
    assert service.shown_phone == ("0808 800 4444" if status in SHOWN else "")
    assert service.tel == ("08088004444" if status in SHOWN else "")


@pytest.mark.parametrize(
    ("hours", "always"),
    [("24 hours, every day", True), ("24 hours", True), ("Monday to Friday 9am to 5pm", False), ("", False),
     ("not 24 hours, every day", False)],
)  # fmt: skip
def test_day_and_night_is_read_from_the_hours(hours: str, always: bool) -> None:
    assert replace(get_service("shelter"), hours=hours).day_and_night is always


@pytest.mark.parametrize(
    ("service", "message"),
    [
        ({**SERVICE, "phone_status": "guessed"}, "one: phone_status guessed"),
        ({name: value for name, value in SERVICE.items() if name != "source"}, "one: missing 'source'"),
    ],
)
def test_a_wrong_entry_fails_and_names_the_file(service: dict[str, object], message: str, folder: Path) -> None:
    _write(folder, service)
    with pytest.raises(DataError, match=message) as caught:
        load_services.__wrapped__()
    assert caught.value.path.endswith("a.yml")


def test_one_id_in_two_files_is_refused(folder: Path) -> None:
    _write(folder, SERVICE)
    _write(folder, SERVICE, name="b.yml")
    with pytest.raises(DataError, match="one stands twice"):
        load_services.__wrapped__()


def test_an_unknown_service_is_not_found() -> None:
    with pytest.raises(NotFound, match="nobody"):
        get_service("nobody")
