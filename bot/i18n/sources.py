"""Every English text that is translated, with its catalogue key: one list for extraction, checks and look-ups.

Reads the files as they stand, so that this floor need not know what an answer or a service is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.files import load_yaml
from bot.core.paths import ANSWERS, DATA, REFERENCE, ROOT

# The translated fields of an answer, in reading order. The desk sentence is shown in English with its meaning below.
ANSWER_FIELDS = ("title", "button", "summary", "urgent", "steps", "desk", "sms")
INTERFACE = DATA / "interface.yml"
DOMAIN = ROOT / "domain.yml"


@dataclass(frozen=True)
class SourceText:
    """One English text: its key (`msgctxt`), its words (`msgid`) and the file it stands in."""

    key: str
    english: str
    path: str


def text_key(topic: str, field: str, number: int) -> str:
    """Return the key of a text of an answer: `<topic>.<field>.<n>`, counted from 1."""
    return f"{topic}.{field}.{number}"


def as_list(value: Any) -> list[str]:
    """Return the texts of a field that holds one text or several."""
    return [] if value is None else list(value) if isinstance(value, list) else [value]


@cache
def load_interface() -> dict[str, str]:
    """Return interface texts by key `ui.<group>.<name>`."""
    groups = load_yaml(INTERFACE)["ui"]
    return {f"ui.{group}.{name}": text for group, texts in groups.items() for name, text in texts.items()}


@cache
def load_domain_responses() -> dict[str, str]:
    """Return the first text of every response of the domain by its name."""
    entries = load_yaml(DOMAIN)["responses"]
    return {name: variations[0]["text"] for name, variations in entries.items()}


def source_texts() -> Iterator[SourceText]:
    """Yield every translated text, in a stable order."""
    for key, english in load_interface().items():
        yield SourceText(key, english, _relative(INTERFACE))
    for key, english in load_domain_responses().items():
        yield SourceText(key, english, _relative(DOMAIN))
    yield from _eligibility_texts()
    yield from _finder_texts()
    yield from _waste_texts()
    for path in sorted(ANSWERS.glob("*.yml")):
        for topic, entry in (load_yaml(path) or {}).items():
            for field in ANSWER_FIELDS:
                for number, english in enumerate(as_list(entry.get(field)), start=1):
                    yield SourceText(text_key(topic, field, number), english, _relative(path))
    for path in sorted((REFERENCE / "directory").glob("*.yml")):
        for service in load_yaml(path)["services"]:
            yield SourceText(f"service.{service['id']}.description", service["what_it_does"], _relative(path))


def _eligibility_texts() -> Iterator[SourceText]:
    """Yield the texts of the eligibility rules: `eligibility.<kind>.<id>[.<field>]`."""
    folder = REFERENCE / "eligibility"
    facts, statuses, rules = (load_yaml(folder / f"{name}.yml") for name in ("facts", "statuses", "england"))
    texts: dict[str, str] = {}
    for name, fact in facts["facts"].items():
        for field in ("question", "why", "taken"):
            texts[f"fact.{name}.{field}"] = fact.get(field, "")
        texts[f"fact.{name}.help"] = facts["help"].get(name, "")
        texts.update({f"fact.{name}.option.{value}": text for value, text in fact.get("options", {}).items()})
    yield from _keyed(texts, folder / "facts.yml", "eligibility")
    texts = {f"group.{name}": text for name, text in statuses["groups"].items()}
    for status in statuses["statuses"]:
        texts |= {f"status.{status['id']}.{field}": status[field] for field in ("label", "document")}
    yield from _keyed(texts, folder / "statuses.yml", "eligibility")
    texts = {f"rule.{rule['id']}": rule["text"] for rule in rules["decisions"]}
    texts |= {f"note.{note['id']}": note["text"] for note in rules["notes"]}
    texts |= {f"open.{name}": way["text"] for name, way in rules["open"].items()}
    texts |= {f"change.{name}": text for name, text in rules["change"].items()}
    texts |= {f"card.{name}": text for name, text in rules["card"].items() if isinstance(text, str)}
    yield from _keyed(texts, folder / "england.yml", "eligibility")


def _finder_texts() -> Iterator[SourceText]:
    """Yield the texts of the finder of English classes: `esol.<question>[.<option>]`, `esol.result.<kind>.<option>`."""
    path = REFERENCE / "esol" / "finder.yml"
    content = load_yaml(path)
    texts: dict[str, str] = {}
    for name, question in content["questions"].items():
        texts[f"{name}.question"] = question["question"]
        texts |= {f"{name}.option.{option}": text for option, text in question["options"].items()}
    for kind, results in content["results"].items():
        texts |= {f"result.{kind}.{option}": text for option, text in results.items()}
    yield from _keyed(texts, path, "esol")


def _waste_texts() -> Iterator[SourceText]:
    """Yield the sentences about waste: `waste.<group>.<id>`."""
    path = REFERENCE / "waste" / "texts.yml"
    groups = load_yaml(path)["texts"]
    yield from _keyed(
        {f"{group}.{name}": text for group, texts in groups.items() for name, text in texts.items()}, path, "waste"
    )


def _keyed(texts: dict[str, str], path: Path, prefix: str) -> Iterator[SourceText]:
    return (SourceText(f"{prefix}.{key}", text, _relative(path)) for key, text in texts.items() if text)


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
