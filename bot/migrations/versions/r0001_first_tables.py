"""The tables as they were when steps began.

A database from before that has them, or some of them: only what is missing is made.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


KEPT = {  # the audit list is only added to
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS console_audit_no_update BEFORE UPDATE ON console_audit "
        "BEGIN SELECT RAISE(ABORT, 'console_audit is only added to'); END",
        "CREATE TRIGGER IF NOT EXISTS console_audit_no_delete BEFORE DELETE ON console_audit "
        "BEGIN SELECT RAISE(ABORT, 'console_audit is only added to'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION console_audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'console_audit is only added to'; END $$",
        "DROP TRIGGER IF EXISTS console_audit_kept ON console_audit",
        "CREATE TRIGGER console_audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON console_audit "
        "EXECUTE FUNCTION console_audit_kept()",
    ),
}


def upgrade() -> None:
    """Make tables, indexes and the triggers of the audit list."""
    op.create_table(
        "choices",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_choices_conversation_id", "choices", ["conversation_id"], if_not_exists=True)
    op.create_index("ix_choices_created_at", "choices", ["created_at"], if_not_exists=True)

    op.create_table(
        "console_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_console_attempts_at", "console_attempts", ["at"], if_not_exists=True)
    op.create_index("ix_console_attempts_key", "console_attempts", ["key"], if_not_exists=True)

    op.create_table(
        "console_audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=101), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("network", sa.String(length=48), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_table(
        "console_batch_rows",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("expected", sa.String(length=64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("ranking", sa.Text(), nullable=True),
        sa.Column("found_language", sa.String(length=16), nullable=True),
        sa.Column("crisis", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("batch", "number"),
        if_not_exists=True,
    )
    op.create_table(
        "console_batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=False),
        sa.Column("claimed_until", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_console_batches_made_at", "console_batches", ["made_at"], if_not_exists=True)
    op.create_index("ix_console_batches_made_by", "console_batches", ["made_by"], if_not_exists=True)
    op.create_index("ix_console_batches_state", "console_batches", ["state"], if_not_exists=True)

    op.create_table(
        "console_cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("flag", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", sa.Float(), nullable=False),
        sa.Column("judged_by", sa.String(length=32), nullable=False),
        sa.Column("judged_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_console_cases_flag", "console_cases", ["flag"], if_not_exists=True)
    op.create_index("ix_console_cases_state", "console_cases", ["state"], if_not_exists=True)

    op.create_table(
        "console_flags",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("suggested", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_console_flags_state", "console_flags", ["state"], if_not_exists=True)

    op.create_table(
        "console_maintenance",
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("language"),
        if_not_exists=True,
    )
    op.create_table(
        "console_pauses",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name"),
        if_not_exists=True,
    )
    op.create_table(
        "console_reviews",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("english", sa.Text(), nullable=False),
        sa.Column("translation", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("console_reviews_text", "console_reviews", ["language", "key"], if_not_exists=True)

    op.create_table(
        "console_users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("totp_secret", sa.String(length=255), nullable=True),
        sa.Column("totp_enrolled", sa.Boolean(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("oidc_subject", sa.String(length=512), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("invitation_digest", sa.String(length=64), nullable=True),
        sa.Column("invitation_expires_at", sa.Float(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("signed_in_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("invitation_digest"),
        sa.UniqueConstraint("oidc_subject"),
        if_not_exists=True,
    )
    op.create_table(
        "console_withdrawn",
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("topic"),
        if_not_exists=True,
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"], if_not_exists=True)

    op.create_table(
        "counts",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("area_code", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "topic", "language", "area_code", "channel"),
        if_not_exists=True,
    )
    op.create_table(
        "deliveries_in",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("message_key", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("lease", sa.String(length=24), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "message_key"),
        if_not_exists=True,
    )
    op.create_index("deliveries_in_due", "deliveries_in", ["state", "next_at"], if_not_exists=True)
    op.create_index("deliveries_in_order", "deliveries_in", ["conversation_id", "id"], if_not_exists=True)
    op.create_index("ix_deliveries_in_received_at", "deliveries_in", ["received_at"], if_not_exists=True)

    op.create_table(
        "deliveries_out",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("message_key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("is_aside", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("lease", sa.String(length=24), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt"),
        if_not_exists=True,
    )
    op.create_index("deliveries_out_due", "deliveries_out", ["state", "next_at"], if_not_exists=True)
    op.create_index("deliveries_out_order", "deliveries_out", ["conversation_id", "id"], if_not_exists=True)
    op.create_index("ix_deliveries_out_created_at", "deliveries_out", ["created_at"], if_not_exists=True)

    op.create_table(
        "feedback",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "number"),
        if_not_exists=True,
    )
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"], if_not_exists=True)

    op.create_table(
        "inbox",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "message_id"),
        if_not_exists=True,
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], if_not_exists=True)

    op.create_table(
        "optouts",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
        if_not_exists=True,
    )
    op.create_table(
        "outbox",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "number"),
        if_not_exists=True,
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"], if_not_exists=True)

    op.create_table(
        "postcodes",
        sa.Column("postcode", sa.String(length=7), nullable=False),
        sa.Column("gss_code", sa.String(length=9), nullable=False),
        sa.Column("latitude", sa.Integer(), nullable=False),
        sa.Column("longitude", sa.Integer(), nullable=False),
        sa.Column("is_terminated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("postcode"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_table(
        "services",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("feed", sa.String(length=255), nullable=False),
        sa.Column("feed_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.String(length=36), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("minimum_age", sa.Float(), nullable=True),
        sa.Column("maximum_age", sa.Float(), nullable=True),
        sa.Column("assured_date", sa.String(length=10), nullable=False),
        sa.Column("last_modified", sa.String(length=32), nullable=False),
        sa.Column("missing_since", sa.String(length=10), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("twin", sa.String(length=32), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("statutory", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("has_place", sa.Boolean(), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=True),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_services_last_modified", "services", ["last_modified"], if_not_exists=True)
    op.create_index("ix_services_organization_id", "services", ["organization_id"], if_not_exists=True)
    op.create_index("services_feed", "services", ["feed", "feed_id"], unique=True, if_not_exists=True)

    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("language_hint", sa.String(length=16), nullable=True),
        sa.Column("area_code", sa.String(length=16), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("token_digest"),
        if_not_exists=True,
    )
    op.create_index("ix_sessions_conversation_id", "sessions", ["conversation_id"], if_not_exists=True)
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"], if_not_exists=True)

    op.create_table(
        "console_sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("signed_in_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("stepped_up_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["console_users.id"]),
        sa.PrimaryKeyConstraint("token_digest"),
        if_not_exists=True,
    )
    op.create_index("ix_console_sessions_user_id", "console_sessions", ["user_id"], if_not_exists=True)

    op.create_table(
        "service_areas",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("ix_service_areas_code", "service_areas", ["code"], if_not_exists=True)
    op.create_index("ix_service_areas_service", "service_areas", ["service"], if_not_exists=True)

    op.create_table(
        "service_documents",
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service"),
        if_not_exists=True,
    )
    op.create_table(
        "service_hours",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=2), nullable=False),
        sa.Column("opens_at", sa.String(length=5), nullable=False),
        sa.Column("closes_at", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("ix_service_hours_day", "service_hours", ["day"], if_not_exists=True)
    op.create_index("ix_service_hours_service", "service_hours", ["service"], if_not_exists=True)

    op.create_table(
        "service_languages",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("ix_service_languages_code", "service_languages", ["code"], if_not_exists=True)
    op.create_index("ix_service_languages_service", "service_languages", ["service"], if_not_exists=True)

    op.create_table(
        "service_places",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("postcode", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("ix_service_places_id", "service_places", ["id"], if_not_exists=True)
    op.create_index("ix_service_places_service", "service_places", ["service"], if_not_exists=True)
    op.create_index("service_places_box", "service_places", ["latitude", "longitude"], if_not_exists=True)

    op.create_table(
        "service_terms",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.String(length=36), nullable=False),
        sa.Column("taxonomy_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("ix_service_terms_service", "service_terms", ["service"], if_not_exists=True)
    op.create_index("ix_service_terms_taxonomy_id", "service_terms", ["taxonomy_id"], if_not_exists=True)
    op.create_index("ix_service_terms_term_id", "service_terms", ["term_id"], if_not_exists=True)

    op.create_table(
        "service_topics",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("ix_service_topics_service", "service_topics", ["service"], if_not_exists=True)
    op.create_index("ix_service_topics_topic", "service_topics", ["topic"], if_not_exists=True)
    for statement in KEPT[op.get_bind().dialect.name]:
        op.execute(statement)
