"""The versions that the security notes ask for, and what must not be installed at all."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version

import pytest
import yaml
from packaging.version import Version

from bot.core.paths import ROOT

# Package → (lowest, first too high): why.
WANTED = {
    "rasa": ("3.6.21", "3.7"),             # CVE-2024-49375 is fixed in 3.6.21
    "aiohttp": ("3.14.1", "4"),            # CVE-2026-54273 … 54280
    "python-socketio": ("5.14.0", "6"),    # CVE-2025-61765
    "sanic": ("21.12.2", "22"),            # CVE-2022-35920; never started in production
    "SQLAlchemy": ("1.4.54", "2"),
    "scikit-learn": ("1.1", "1.2"),
}  # fmt: skip
ABSENT = (
    "tensorflow", "keras", "torch", "sentence-transformers", "transformers",
    "aiogram", "slack-sdk", "webexteamssdk", "boto3", "botocore", "pymongo", "aio-pika",
)  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_installed_version_is_safe(name: str) -> None:
    lowest, too_high = WANTED[name]
    assert Version(lowest) <= Version(version(name)) < Version(too_high)


@pytest.mark.parametrize("name", ABSENT)
def test_package_is_not_installed(name: str) -> None:
    with pytest.raises(PackageNotFoundError):
        version(name)


def test_no_component_that_loads_skops_or_pickles_is_in_the_pipeline() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    names = [part["name"] for part in config["pipeline"] + config["policies"]]
    assert all(name.startswith("bot.") for name in names)


@pytest.mark.parametrize("name", ["run", "test", "lint", "stock", "uv"])
def test_lock_has_hashes_and_names_no_index(name: str) -> None:
    lock = (ROOT / "requirements" / f"{name}.txt").read_text()
    pinned = re.findall(r"^[A-Za-z0-9_.\[\],-]+==", lock, re.M)
    assert pinned
    assert len(re.findall(r"--hash=sha256:", lock)) >= len(pinned)
    assert "://" not in re.sub(r"#.*", "", lock)
    assert "--index" not in lock
