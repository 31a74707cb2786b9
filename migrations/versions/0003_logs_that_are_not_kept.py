"""When the log of an event that ended was dropped

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("log_dropped_at", sa.DateTime(timezone=True), nullable=True))
    # Only what may still have to be dropped: the index does not grow with the years.
    op.create_index(
        "ix_events_ended",
        "events",
        [sa.literal_column("coalesce(finished_at, deleted_at)")],
        postgresql_where=sa.text("log_dropped_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_events_ended", table_name="events")
    op.drop_column("events", "log_dropped_at")
