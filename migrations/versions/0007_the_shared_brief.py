"""The shared brief: blocks, their versions, snapshots, and what is drawn on images

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TYPES = "ck_changes_type_known"
BEFORE = (
    "event.changed",
    "membership.changed",
    "item.changed",
    "proposal.changed",
    "tally.changed",
    "turnout.changed",
    "comment.changed",
    "person.changed",
    "message.changed",
)
KINDS = ("heading", "text", "list", "image", "quote")


def upgrade() -> None:
    _create_blocks()
    _create_versions()
    _create_snapshots()
    _create_sketches()
    op.add_column("proposals", sa.Column("source_block_id", sa.Uuid(), nullable=True))
    op.add_column("proposals", sa.Column("source_version", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_proposals_source_whole"),
        "proposals",
        "(source_block_id IS NULL) = (source_version IS NULL)",
    )
    op.create_foreign_key(
        "fk_proposals_event_id_source_block_id_source_version",
        "proposals",
        "block_versions",
        ["event_id", "source_block_id", "source_version"],
        ["event_id", "block_id", "version"],
    )
    op.drop_constraint(op.f(TYPES), "changes", type_="check")
    _allow(*BEFORE, "block.changed", "snapshot.changed")


def downgrade() -> None:
    op.drop_constraint(op.f(TYPES), "changes", type_="check")
    # The log keeps its numbers: earlier readers pass over the tally of a proposal they do not know.
    op.execute("""
        UPDATE changes
        SET type = 'tally.changed',
            payload = json_build_object(
                'proposal_id', event_id, 'needed', NULL,
                'tally', json_build_object('agree', 0, 'disagree', 0, 'abstain', 0))
        WHERE type IN ('block.changed', 'snapshot.changed')
    """)
    _allow(*BEFORE)
    op.drop_constraint(
        "fk_proposals_event_id_source_block_id_source_version", "proposals", type_="foreignkey"
    )
    op.drop_constraint(op.f("ck_proposals_source_whole"), "proposals", type_="check")
    op.drop_column("proposals", "source_version")
    op.drop_column("proposals", "source_block_id")
    for table in ("strokes", "sketches", "snapshot_blocks", "brief_snapshots", "block_versions"):
        op.drop_table(table)
    op.drop_index("ix_blocks_shown", table_name="blocks")
    op.drop_table("blocks")


def _allow(*types: str) -> None:
    names = ", ".join(f"'{one}'" for one in types)
    op.create_check_constraint(op.f(TYPES), "changes", f"type IN ({names})")


def _create_blocks() -> None:
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    op.create_table(
        "blocks",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="blockkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_blocks_kind_known")),
        sa.CheckConstraint(
            "char_length(text) BETWEEN 1 AND 5000", name=op.f("ck_blocks_text_length")
        ),
        sa.CheckConstraint(
            "kind <> 'heading' OR char_length(text) <= 200", name=op.f("ck_blocks_heading_length")
        ),
        sa.CheckConstraint(
            "(kind = 'image') = (attachment_id IS NOT NULL)",
            name=op.f("ck_blocks_only_images_attach"),
        ),
        sa.CheckConstraint("version >= 1 AND token >= 0", name=op.f("ck_blocks_counts_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_blocks_author_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["users.id"], name="fk_blocks_holder_id"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_blocks_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name="pk_blocks"),
    )
    op.create_index(
        "ix_blocks_shown",
        "blocks",
        ["event_id", "position"],
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _create_versions() -> None:
    op.create_table(
        "block_versions",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "char_length(text) BETWEEN 1 AND 5000", name=op.f("ck_block_versions_text_length")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_block_versions_author_id"),
        sa.ForeignKeyConstraint(
            ["event_id", "block_id"],
            ["blocks.event_id", "blocks.id"],
            name="fk_block_versions_event_id_block_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "block_id", "version", name="pk_block_versions"),
    )


def _create_snapshots() -> None:
    op.create_table(
        "brief_snapshots",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("block_count", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 100", name=op.f("ck_brief_snapshots_name_length")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_brief_snapshots_author_id"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_brief_snapshots_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name="pk_brief_snapshots"),
    )
    op.create_table(
        "snapshot_blocks",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "snapshot_id"],
            ["brief_snapshots.event_id", "brief_snapshots.id"],
            name="fk_snapshot_blocks_event_id_snapshot_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "block_id", "version"],
            ["block_versions.event_id", "block_versions.block_id", "block_versions.version"],
            name="fk_snapshot_blocks_event_id_block_id_version",
        ),
        sa.PrimaryKeyConstraint("event_id", "snapshot_id", "block_id", name="pk_snapshot_blocks"),
    )


def _create_sketches() -> None:
    op.create_table(
        "sketches",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("cleared_seq", sa.BigInteger(), nullable=False),
        sa.Column("strokes", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "strokes >= 0 AND points >= 0", name=op.f("ck_sketches_counts_positive")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_sketches_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "image_id", name="pk_sketches"),
    )
    op.create_table(
        "strokes",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("points", postgresql.ARRAY(postgresql.REAL()), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("width", postgresql.REAL(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name=op.f("ck_strokes_colour_shape")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_strokes_author_id"),
        sa.ForeignKeyConstraint(
            ["event_id", "image_id"],
            ["sketches.event_id", "sketches.image_id"],
            name="fk_strokes_event_id_image_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "image_id", "id", name="pk_strokes"),
    )
