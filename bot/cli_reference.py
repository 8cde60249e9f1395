"""The commands that look something up: eligibility, place, services, waste."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
IMPORT = "import"
services_app = typer.Typer(name="services", help="The directory of services.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(eligibility)
    app.command()(place)
    app.command()(waste)
    app.add_typer(services_app)


def eligibility(
    facts: Annotated[str, typer.Option(help="A YAML file, or the facts as JSON.")],
    on: Annotated[str | None, typer.Option(help="Decide by the rules of this day, e.g. 2025-07-17.")] = None,
    as_json: Json = False,
) -> None:
    """Say who may be considered for council housing, homelessness help and benefits. Not legal advice.

    Example: doorway eligibility --facts '{"status": "refugee"}'
    """
    from bot.commands.eligibility import eligibility as run
    from bot.commands.eligibility import summary

    result = run(facts, on=on)
    _print(result, summary(result), as_json)


def place(
    words: Annotated[list[str], typer.Argument(metavar="TEXT | import FILE", help="A place as a person types it.")],
    as_json: Json = False,
) -> None:
    """Say which council a postcode or place belongs to; `import FILE` loads exact postcodes (ONSPD, Code-Point Open).

    Example: doorway place sw98jh
    """
    from bot.commands.place import import_postcodes
    from bot.commands.place import place as run
    from bot.core.settings import load_settings

    if words[0] == IMPORT and len(words) == 2:
        receipt = import_postcodes(Path(words[1]))
        counts = {name: number for name, number in receipt.items() if name != "broken_rows"}
        _print(receipt, ", ".join(f"{name} {number}" for name, number in counts.items()), as_json)
        return
    found = run(" ".join(words), postcodes_url=load_settings().postcodes_url)
    lines = [f"{one['name']} ({one['gss_code']})" for one in found["candidates"]] or [found.get("outside") or "–"]
    _print(found, "\n".join(lines), as_json)


def waste(
    item: Annotated[str, typer.Argument(help="The thing to throw away, in any of the languages.")],
    area: Annotated[str | None, typer.Option(help="GSS code of the council.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the answer, e.g. pl.")] = None,
    as_json: Json = False,
) -> None:
    """Say which bin a thing goes in.

    Example: doorway waste "pizza box" --area E08000035
    """
    from bot.commands.waste import waste as run

    result = run(item, area=area, language=language)
    _print(result, "\n".join([result["name"], *result["notes"]]), as_json)


@services_app.command("search")
def search_services(
    text: Annotated[str, typer.Argument(help="Words of the need or of a name.")] = "",
    topic: Annotated[str | None, typer.Option(help="A topic id, e.g. esol_find.")] = None,
    near: Annotated[str | None, typer.Option(help="Postcode, place or latitude,longitude.")] = None,
    area: Annotated[list[str] | None, typer.Option(help="GSS code of a council.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Language spoken, e.g. pl.")] = None,
    open_at: Annotated[str | None, typer.Option(help="A moment like 2027-03-01T14:30; default now.")] = None,
    free_only: Annotated[bool, typer.Option(help="Only what says that it is free.")] = False,
    age: Annotated[float | None, typer.Option(help="Age of the person in years.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 5,
    as_json: Json = False,
) -> None:
    """Find services, best first, each with why it is there.

    Example: doorway services search "english class" --near "SE15 4QT" --language so
    """
    from bot.commands.services import search_services as run

    found = run(text, topic=topic, near=near, areas=tuple(area or ()), languages=tuple(language or ()), open_at=open_at,
                free_only=free_only, age=age, limit=limit)  # fmt: skip
    lines = [
        f"{one['name']} · {one['open_state']['kind']} · {one['distance_metres'] or '–'} m" for one in found["results"]
    ]
    if not found["results"]:
        sys.stderr.write(f"doorway: nothing found; left out: {json.dumps(found['removed'])}\n")
    _print(found["results"], "\n".join(lines), as_json)


@services_app.command("import")
def import_services(
    address: Annotated[str, typer.Argument(metavar="FILE|URL", help="An Open Referral UK feed, file or CSV package.")],
    feed: Annotated[str | None, typer.Option(help="Name of the feed; default its host or file name.")] = None,
    area: Annotated[str, typer.Option(help="GSS code of the council whose feed it is.")] = "",
    allow_private: Annotated[bool, typer.Option(help="Also from addresses of the own network.")] = False,
    as_json: Json = False,
) -> None:
    """Read a feed into the directory: repeatable, never wiping on an empty pass.

    Example: doorway services import https://directory.example.org/api/v3 --area E08000035
    """
    from bot.commands.services import import_services as run

    result = run(address, feed=feed, area=area, allow_private=allow_private)
    counts = ", ".join(f"{result[name]} {name}" for name in ("added", "changed", "unchanged", "missing"))
    _print(result, counts + (f"; stopped: {result['error']}" if result["error"] else ""), as_json)
    if result["error"]:
        raise typer.Exit(1)


@services_app.command("export")
def export_services(
    file: Annotated[Path, typer.Argument(help="JSON array, or .ndjson for one service a line.")],
    feed: Annotated[str, typer.Option(help="Only the services of this feed.")] = "",
    as_json: Json = False,
) -> None:
    """Write the directory in Open Referral UK 3.0.

    Example: doorway services export services.json
    """
    from bot.commands.services import export_services as run

    number = run(file, feed=feed)
    _print({"services": number}, f"{number} services written to {file}", as_json)


def _print(content: Any, text: str, as_json: bool) -> None:
    sys.stdout.write((json.dumps(content, ensure_ascii=False, indent=1, default=_plain) if as_json else text) + "\n")


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
