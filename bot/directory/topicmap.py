"""Which of our topics a taxonomy term of a feed means: the operator's map in `data/reference/directory/topics.yml`.

A term is looked up by its address, then by its code, then by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.errors import DataError
from bot.core.files import load_yaml
from bot.core.paths import DATA, REFERENCE
from bot.directory.models import Service, TaxonomyTerm

PATH = REFERENCE / "directory" / "topics.yml"
STATUTORY = "statutory"  # link type of what a council must do by law


@dataclass(frozen=True)
class TopicMap:
    """The map. Keys of `by_code` and `by_name` are lower case."""

    by_uri: dict[str, tuple[str, ...]]
    by_code: dict[str, tuple[str, ...]]
    by_name: dict[str, tuple[str, ...]]
    families: dict[str, tuple[str, ...]]
    named: dict[str, str]  # our code → the name of the term, for services written down by us

    def topics_of(self, term: TaxonomyTerm) -> tuple[str, ...]:
        """Return the topics of a term; empty when nobody mapped it."""
        return (
            self.by_uri.get(term.term_uri.rstrip("/").casefold())
            or self.by_code.get(term.code.casefold())
            or self.by_name.get(" ".join(term.name.casefold().split()))
            or ()
        )

    def siblings(self, topic: str) -> tuple[str, ...]:
        """Return the topics close to one, itself not among them."""
        found = {name: None for family in self.families.values() if topic in family for name in family}
        return tuple(name for name in found if name != topic)

    def of_service(self, service: Service, *, statutory: bool = False) -> tuple[str, ...]:
        """Return the topics of a service, in order; `statutory`: only those that a council must help with by law."""
        terms = (
            attribute.taxonomy_term
            for attribute in service.attributes
            if not statutory or attribute.link_type == STATUTORY
        )
        return tuple({topic: None for term in terms for topic in self.topics_of(term)})


@cache
def load_topic_map(path: Path = PATH) -> TopicMap:
    """Return the map.

    Raises:
        DataError: an unknown topic, or a term without a key.
    """
    content = load_yaml(path)
    known = frozenset(load_yaml(DATA / "topics.yml")["topics"])
    families = {name: _known(topics, known, name, path) for name, topics in content["families"].items()}
    keyed: dict[str, dict[str, tuple[str, ...]]] = {"uri": {}, "code": {}, "name": {}}
    named: dict[str, str] = {}
    for entry in content["terms"]:
        keys = [key for key in keyed if entry.get(key)]
        if not keys:
            raise DataError(f"a term without uri, code or name: {entry}", path=str(path))
        topics = _known(entry["topics"], known, str(entry[keys[0]]), path)
        for key in keys:
            value = " ".join(str(entry[key]).casefold().rstrip("/").split())
            if value in keyed[key]:
                raise DataError(f"{key} {value} stands twice", path=str(path))
            keyed[key][value] = topics
        if entry.get("code"):
            named[str(entry["code"])] = str(entry.get("name") or entry["code"])
    return TopicMap(keyed["uri"], keyed["code"], keyed["name"], families, named)


def _known(topics: Any, known: frozenset[str], where: str, path: Path) -> tuple[str, ...]:
    unknown = [topic for topic in topics if topic not in known]
    if unknown:
        raise DataError(f"{where}: unknown topic {unknown[0]}", path=str(path))
    return tuple(topics)
