"""`doorway train`, with the one progress bar."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.core.log import configure_logging
from bot.core.settings import load_settings
from bot.training import is_stale
from bot.training import train as build


def train(*, force: bool) -> None:
    """Build the model when it is stale or `force` is set; say so on stderr."""
    if not force and not is_stale():
        return
    configure_logging(load_settings().log_level)
    from bot.nlu.encoder import encoding_progress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=sys.__stderr__)) as progress:
        task = progress.add_task("Building the model", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, description="Reading the training messages", completed=done, total=total)

        with encoding_progress(show):
            path = build()
        progress.update(task, description=f"Model: {path.name}", completed=1, total=1)
