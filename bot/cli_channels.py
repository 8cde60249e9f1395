"""The commands about messaging channels."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

channels_app = typer.Typer(
    name="channels",
    help="Messaging channels: what is on, when the last message came, what failed.\n\nExample: doorway channels --json",
    invoke_without_command=True,
)
telegram_app = typer.Typer(
    name="telegram", help="Telegram.\n\nExample: doorway channels telegram set-webhook", no_args_is_help=True
)
channels_app.add_typer(telegram_app)


@channels_app.callback()
def channels(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False
) -> None:
    """Say which messaging channels are on, when the last message came, what waits and what failed.

    Example: doorway channels
    """
    if context.invoked_subcommand:
        return
    from bot.commands.channels import status

    found = status()
    lines = [_line(one) for one in found]
    sys.stdout.write((json.dumps(found, indent=1) if as_json else "\n".join(lines)) + "\n")


@telegram_app.command("set-webhook")
def set_webhook() -> None:
    """Tell Telegram to deliver to DOORWAY_PUBLIC_URL/channels/telegram, with the secret.

    Example: doorway channels telegram set-webhook
    """
    from bot.commands.channels import telegram_set_webhook

    sys.stdout.write(f"{telegram_set_webhook()}\n")


def _line(one: dict[str, Any]) -> str:
    if not one["on"]:
        return f"{one['channel']}: off, missing {' '.join(one['missing'])}"
    failures = one["failures"] or "none"
    return (
        f"{one['channel']}: on, webhook {one['webhook']}, last message {one['last_inbound'] or 'never'}, "
        f"{one['unanswered']} unanswered, {one['unsent']} unsent, failures {failures}"
    )
