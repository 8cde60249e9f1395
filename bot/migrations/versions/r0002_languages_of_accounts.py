"""The languages in which an account works: none for those that are there, until an administrator names them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column."""
    languages = sa.Column("languages", sa.String(length=200), server_default="", nullable=False)
    op.add_column("console_users", languages)
