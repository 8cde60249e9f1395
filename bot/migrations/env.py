"""What Alembic runs for every command: the steps, on the connection that bot/core/schema.py or draft.py opened."""

from __future__ import annotations

from alembic import context

from bot.core.database import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
