"""Reading back what `oruk_writer` wrote: a stored document → a `Service`. Feeds are read by `oruk_reader`."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from bot.directory.models import Service


def service_from_document(document: dict[str, Any]) -> Service:
    """Return the service; fields that the models do not have are ignored."""
    service: Service = _build(Service, document)
    return service


def _build(kind: Any, document: dict[str, Any]) -> Any:
    plain, objects, lists = _plan(kind)
    values = {name: document[name] for name in plain if name in document}
    for name, part in objects:
        if name in document:
            values[name] = _build(part, document[name])
    for name, part in lists:
        if name in document:
            values[name] = tuple([_build(part, item) for item in document[name]])
    return kind(**values)


@cache
def _plan(kind: Any) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...], tuple[tuple[str, Any], ...]]:
    """Return the names of plain values, of single entities and of lists of entities, with their classes."""
    hints = get_type_hints(kind)
    plain, objects, lists = [], [], []
    for spec in fields(kind):
        hint = hints[spec.name]
        if get_origin(hint) is tuple:
            lists.append((spec.name, get_args(hint)[0]))
        elif is_dataclass(hint):
            objects.append((spec.name, hint))
        else:
            plain.append(spec.name)
    return tuple(plain), tuple(objects), tuple(lists)
