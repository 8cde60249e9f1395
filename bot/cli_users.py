"""`doorway users`: wiring only."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.commands.users import Invited

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Email = Annotated[str, typer.Argument(help="E-mail address.")]
users_app = typer.Typer(
    name="users", help="People who may sign in to the console. Example: doorway users list", no_args_is_help=True
)


def add_users(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(users_app)


@users_app.command("create-admin")
def create_admin(
    email: Email,
    name: Annotated[str, typer.Option(help="Name shown to colleagues.")] = "Administrator",
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password here instead of making a link.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make an administrator; the console opens with the first one. Prints a link that works once, for a day.

    Example: doorway users create-admin bob@example.org --name "Bob Root"
    """
    from bot.commands.users import create_admin as run

    typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if password else ""
    _print_invited(run(email, name=name, password=typed), as_json)


@users_app.command("invite")
def invite(
    email: Email,
    role: Annotated[str, typer.Option(help="viewer, tester, translator, reviewer, editor or admin.")],
    name: Annotated[str, typer.Option(help="Name shown to colleagues.")] = "",
    language: Annotated[
        list[str] | None,
        typer.Option(help="Language to translate or approve, like pl; may be given several times."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print a link for a new account, or a new link for one that lost its phone or password.

    Example: doorway users invite amina@example.org --role translator --language so --language ar --name "Amina Yusuf"
    """
    from bot.commands.users import invite_user as run

    _print_invited(run(email, name=name, role=role, languages=language or ()), as_json)


@users_app.command("disable")
def disable(
    email: Email,
    undo: Annotated[bool, typer.Option("--undo", help="Open the account again.")] = False,
) -> None:
    """Close an account and sign it out everywhere.

    Example: doorway users disable amina@example.org
    """
    from bot.commands.users import disable_user as run

    run(email, enable=undo)


@users_app.command("list")
def list_(as_json: Json = False) -> None:
    """Print the accounts, and the last digest of the audit list to note elsewhere.

    Example: doorway users list
    """
    from bot.commands.users import show_users as run

    found = run()
    lines = [
        "\t".join((user["email"], user["role"], user["state"], user["name"], " ".join(user["languages"]))).rstrip()
        for user in found["users"]
    ]
    _print(found, "\n".join([*lines, f"audit: {found['audit']['entries']} {found['audit']['digest']}"]), as_json)


def _print_invited(invited: Invited, as_json: bool) -> None:
    _print(asdict(invited), invited.link or invited.email, as_json)


def _print(content: Any, text: str, as_json: bool) -> None:
    sys.stdout.write((json.dumps(content, ensure_ascii=False, indent=1) if as_json else text) + "\n")
