"""What is written about the project is true of it: settings, targets, folders, commands, decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.core.paths import ROOT
from bot.core.settings import Settings, load_settings
from bot.i18n.locales import Locale

README, EXAMPLE, MAKEFILE = ROOT / "README.md", ROOT / ".env.example", ROOT / "Makefile"
TARGET = re.compile(r"^([a-z][a-z0-9-]*):(?!=)(.*)$", re.M)
CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.M | re.S)
FOLDER = re.compile(r"(?<![\w./<-])((?:[\w.-]+/)+)(?![\w.*])")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
DECISION = re.compile(r"docs/adr/(\d{4})")
WRITTEN_BY_HAND = ("*.py", "*.yml", "*.md", "*.toml", "*.in", "*.css", "*.js", "*.html", "*.conf", "*.service")
SEARCHED = ("actions", "bot", "data", "deploy", "docs", "locales", "requirements", "tests", "vendor")


@cache
def _pages() -> tuple[Path, ...]:
    """The README and everything below docs/."""
    return (README, *sorted((ROOT / "docs").rglob("*.md")))


@cache
def _code(*pages: Path) -> str:
    """The code of pages: blocks and what stands in backticks, one piece a line."""
    found = (match for page in pages or _pages() for match in CODE.finditer(page.read_text(encoding="utf-8")))
    return "\n".join(match[1] or match[2] for match in found)


@cache
def _example() -> dict[str, str]:
    """The settings of `.env.example`."""
    return dict(re.findall(r"^#? ?([A-Z][A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.M))


def _targets() -> dict[str, str]:
    return dict(TARGET.findall(MAKEFILE.read_text(encoding="utf-8")))


def _documented_targets() -> set[str]:
    return set(re.findall(r"\bmake ([a-z][a-z0-9-]*)", _code()))


def _commands() -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)


def _ignored() -> set[str]:
    """Folders that are made by running and are not in the repository."""
    return {line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}


def _texts() -> Iterator[Path]:
    """Files that people write and that may name a decision."""
    yield from (path for pattern in WRITTEN_BY_HAND for path in ROOT.glob(pattern))
    for folder in SEARCHED:
        for pattern in WRITTEN_BY_HAND:
            yield from (path for path in (ROOT / folder).rglob(pattern) if "node_modules" not in path.parts)


# Settings


def test_every_setting_stands_in_the_example_and_the_other_way_round() -> None:
    assert set(_example()) == {spec.metadata["env"] for spec in fields(Settings)}


def test_the_example_shows_the_defaults() -> None:
    assert load_settings(_example()) == Settings()


@pytest.mark.parametrize("spec", fields(Settings), ids=lambda spec: spec.name)
def test_the_example_explains_a_setting_as_the_code_does(spec: Any) -> None:
    assert f"# {spec.metadata['doc']}\n" in EXAMPLE.read_text(encoding="utf-8")


def test_every_variable_that_is_no_setting_is_described_too() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    read = set(re.findall(r'environ(?:\.get\(|\[)"(DOORWAY_\w+)"', code))
    assert {"DOORWAY_HOME", "DOORWAY_TODAY"} <= read
    assert {name for name in read if name not in _code()} == set()


# Make


@pytest.mark.parametrize("target", _targets())
def test_every_make_target_says_what_it_does(target: str) -> None:
    assert re.search(r"## \S", _targets()[target])


@pytest.mark.parametrize("target", _targets())
def test_every_make_target_stands_in_the_documents(target: str) -> None:
    assert target in _documented_targets()


def test_no_make_target_is_taken_for_a_file() -> None:
    phony = re.findall(r"^\.PHONY:(.*)$", MAKEFILE.read_text(encoding="utf-8"), re.M)
    assert set(_targets()) <= set(" ".join(phony).split())


def test_every_documented_make_target_exists() -> None:
    assert _documented_targets() - set(_targets()) == set()


# Folders, links, decisions


def test_every_folder_that_the_readme_names_exists() -> None:
    named = {folder.rstrip("/") for folder in FOLDER.findall(_code(README))}
    assert named
    assert {
        folder for folder in named if not (ROOT / folder).is_dir() and folder.split("/")[0] not in _ignored()
    } == set()


def test_the_readme_names_every_folder_of_the_project() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - _ignored()
    parts = {path.name for path in (ROOT / "bot").iterdir() if path.is_dir()} - _ignored()
    named = {folder.rstrip("/") for folder in FOLDER.findall(_code(README))}
    missing = {folder for folder in folders if not any(name.split("/")[0] == folder for name in named)}
    missing |= {f"bot/{part}" for part in parts if not any(part in name.split("/") for name in named)}
    assert missing == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in _pages()
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_decision_that_is_cited_is_written() -> None:
    written = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")}
    cited = {
        f"{path.relative_to(ROOT)} cites {number}"
        for path in _texts()
        for number in DECISION.findall(path.read_text(encoding="utf-8"))
        if number not in written
    }
    assert written
    assert cited == set()


# Commands and languages


def _parts(command: str) -> list[Any]:
    """Return the command itself, or those below it where it is a group."""
    found = _commands()[command]
    return list(found.commands.values()) if hasattr(found, "commands") else [found]


def test_every_documented_command_exists_with_its_options() -> None:
    wrong = []
    for command, rest in re.findall(r"\bdoorway ([a-z][a-z-]*)([^\n|#&]*)", _code()):
        if command not in _commands():
            wrong.append(command)
            continue
        parameters = [parameter for part in _parts(command) for parameter in part.params]
        known = {option for parameter in parameters for option in parameter.opts} | {"--help"}
        wrong += [f"{command} {option}" for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", rest) if option not in known]
    assert wrong == []


@pytest.mark.parametrize("command", _commands())
def test_every_command_stands_in_the_documents_and_shows_an_example(command: str) -> None:
    assert command in set(re.findall(r"\bdoorway ([a-z][a-z-]*)", _code()))
    assert all(f"doorway {command}" in (part.help or "") for part in _parts(command))


def test_the_readme_names_every_language(each_locale: Locale) -> None:
    assert each_locale.english_name in README.read_text(encoding="utf-8")
