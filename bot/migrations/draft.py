"""Write the next step from what the modules say about their tables: `python -m bot.migrations.draft "what changes"`."""

from __future__ import annotations

import sys
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory

from bot.core.database import Database
from bot.core.schema import alembic_config
from bot.migrations.tables import all_tables


def draft(message: str) -> str:
    """Write a step that leads from the newest to the tables as the code has them; return its path."""
    all_tables()
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/draft.sqlite")
        try:
            with database.engine.begin() as connection:
                config = alembic_config(connection)
                number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
                command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
                path = ScriptDirectory.from_config(config).get_revision(f"{number:04d}").path
        finally:
            database.close()
    return str(path)


if __name__ == "__main__":
    sys.stdout.write(draft(" ".join(sys.argv[1:])) + "\n")
