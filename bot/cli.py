"""The `doorway` command: wiring only; what a command does is in bot/commands/."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli_channels import channels_app
from bot.cli_reference import add_commands
from bot.cli_users import add_users
from bot.core.errors import BotError, ConfigError, DataError, UserInputError
from bot.core.log import configure_logging
from bot.core.settings import load_settings
from bot.i18n.locales import SOURCE_LANGUAGE
from bot.i18n.speech import Speech

OK, PROBLEM, WRONG_USE = 0, 1, 2
UsageError: Any = typer.BadParameter.__mro__[1]  # typer exports only this subclass of "the command was misused"

app = typer.Typer(
    name="doorway",
    help="Doorway: answers migrants' questions about housing and settling in, in their own language.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
add_commands(app)
app.add_typer(channels_app)
add_users(app)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=32, help="Processes; more than one needs PostgreSQL and Redis.")
    ] = 1,
) -> None:
    """Serve everything on one port; builds the model first when its sources changed.

    Example: doorway serve --port 8099
    """
    from bot.commands.serve import serve as run

    run(host=host, port=port, workers=workers)


@app.command()
def train(force: Annotated[bool, typer.Option(help="Build even when nothing changed.")] = False) -> None:
    """Build the model into models/.

    Example: doorway train
    """
    from bot.commands.train import train as run

    run(force=force)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question, in any of the languages.")],
    language: Annotated[str | None, typer.Option(help="Answer in this language, e.g. pl.")] = None,
    area: Annotated[str | None, typer.Option(help="Council: its GSS code (E08000035), name or postcode.")] = None,
    status: Annotated[str | None, typer.Option(help="Immigration status, e.g. refugee.")] = None,
    session: Annotated[str | None, typer.Option(help="Name of a conversation to go on with.")] = None,
    as_json: Json = False,
) -> None:
    """Ask the real assistant one question.

    Example: doorway ask "Jak zapisać się na mieszkanie z councilu?" --language pl
    """
    from bot.commands.ask import ask as run

    turn = run(text, language=language, area=area, status=status, session=session)
    _print(turn, "\n\n".join(message["text"] for message in turn["messages"]), as_json)


@app.command()
def understand(
    file: Annotated[
        Path | None,
        typer.Argument(help="JSON lines with `text` and optional `language`; - or nothing: stdin."),
    ] = None,
) -> None:
    """Print what the assistant understands of each line, one JSON a line, in order.

    Example: echo '{"text": "no hot water for a week"}' | doorway understand
    """
    from bot.commands.understand import understand as run

    if run(file, sys.stdout):
        raise typer.Exit(PROBLEM)


@app.command()
def check(as_json: Json = False) -> None:
    """Check content, catalogues and reference data; exit 1 when something is wrong.

    Example: doorway check
    """
    from bot.commands.check import check as run

    problems = run()
    lines = [f"{problem['path']}:{problem['line']}: {problem['level']}: {problem['message']}" for problem in problems]
    errors = sum(problem["level"] == "error" for problem in problems)
    _print(problems, "\n".join([*lines, f"{errors} errors, {len(problems) - errors} warnings"]), as_json)
    if errors:
        raise typer.Exit(PROBLEM)


@app.command()
def report(
    folder: Annotated[Path | None, typer.Argument(help="Messages to measure on; default tests/eval/dev.")] = None,
    as_json: Json = False,
) -> None:
    """Measure understanding and write figures and pictures into reports/.

    Example: doorway report
    """
    from bot.commands.report import report as run

    figures, table = run(folder)
    _print(figures, table, as_json)


@app.command()
def erase(
    session: Annotated[str | None, typer.Option(help="Id or `ask` name of one conversation.")] = None,
    older_than: Annotated[str | None, typer.Option(help="Age in hours, e.g. 24h.")] = None,
    as_json: Json = False,
) -> None:
    """Delete what people wrote, and say how much that was.

    Example: doorway erase --older-than 24h
    """
    from bot.commands.erase import erase as run

    receipt = run(session=session, older_than=older_than)
    _print(receipt, ", ".join(f"{number} {name}" for name, number in receipt.items()) + " deleted", as_json)


def _print(content: Any, text: str, as_json: bool) -> None:
    sys.stdout.write((json.dumps(content, ensure_ascii=False, indent=1) if as_json else text) + "\n")


def main() -> None:
    """Run the command; every expected error is one line on stderr."""
    configure_logging("ERROR")
    try:
        sys.exit(app(standalone_mode=False) or OK)  # without standalone mode an Exit's code is the return value
    except UserInputError as error:
        _fail(_explained(error), WRONG_USE)
    except (ConfigError, DataError, BotError) as error:
        _fail(f"{error}", PROBLEM)
    except typer.Abort:
        _fail("stopped", PROBLEM)
    except BrokenPipeError:
        sys.exit(OK)
    except UsageError as error:
        _fail(error.format_message(), WRONG_USE)


def _explained(error: UserInputError) -> str:
    """Return the text that people are shown for the same error, and what exactly it was about."""
    said = Speech(SOURCE_LANGUAGE).ui(f"error.{error.code}", limit=load_settings().text_limit, detail=error.detail)
    is_told = not error.detail or error.detail in said.text
    return said.text if is_told else f"{said.text} ({error.detail})"


def _fail(message: str, code: int) -> None:
    sys.stderr.write(f"doorway: {message.splitlines()[0] if message else 'failed'}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
