"""Announcements, webhooks, and what reaches people who are away

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _person(table: str, column: str = "user_id") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["users.id"], name=name, ondelete="CASCADE")


def _event(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_event_id"
    return sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    _add_announcements()
    _add_webhooks()
    _add_notifications()


def _add_announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("image", sa.Text()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("ends_at", MOMENT),
        sa.Column("deleted_at", MOMENT),
        sa.CheckConstraint("level IN ('info', 'warning', 'maintenance')", name="level_known"),
        sa.CheckConstraint("char_length(title) BETWEEN 1 AND 200", name="title_length"),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 2000", name="text_length"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_announcements_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
        sa.UniqueConstraint("revision", name="uq_announcements_revision"),
    )
    op.create_table(
        "seen_announcements",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        _person("seen_announcements"),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="fk_seen_announcements_announcement_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "announcement_id", name="pk_seen_announcements"),
    )


def _add_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", ARRAY(sa.Text())),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("next_attempt_at", MOMENT, nullable=False),
        sa.Column("lease", sa.Uuid()),
        sa.Column("leased_until", MOMENT),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("status IN ('ACTIVE', 'PAUSED', 'DEAD')", name="status_known"),
        sa.CheckConstraint("char_length(url) BETWEEN 1 AND 2000", name="url_length"),
        sa.CheckConstraint("cursor >= 0 AND attempts >= 0", name="counts_positive"),
        _event("webhooks"),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name="fk_webhooks_created_by_id"),
        sa.PrimaryKeyConstraint("event_id", "id", name="pk_webhooks"),
    )
    op.create_index(
        "ix_webhooks_due",
        "webhooks",
        ["next_attempt_at"],
        postgresql_where=sa.text("status = 'ACTIVE'"),
    )


def _add_notifications() -> None:
    op.create_table(
        "notification_levels",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.CheckConstraint("level IN ('all', 'decisions', 'none')", name="level_known"),
        _person("notification_levels"),
        _event("notification_levels"),
        sa.PrimaryKeyConstraint("user_id", "event_id", name="pk_notification_levels"),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(), nullable=False),
        sa.Column("auth", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "char_length(endpoint) BETWEEN 1 AND 2000",
            name="endpoint_length",
        ),
        _person("push_subscriptions"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name="fk_push_subscriptions_session_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("endpoint", name="uq_push_subscriptions_endpoint"),
    )
    for column in ("user_id", "session_id"):
        op.create_index(f"ix_push_subscriptions_{column}", "push_subscriptions", [column])
    op.create_table(
        "digests",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        _person("digests"),
        sa.PrimaryKeyConstraint("user_id", name="pk_digests"),
    )


def downgrade() -> None:
    for table in (
        *("digests", "push_subscriptions", "notification_levels"),
        *("webhooks", "seen_announcements", "announcements"),
    ):
        op.drop_table(table)
