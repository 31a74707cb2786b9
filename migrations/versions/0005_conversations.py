"""Conversations

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHANGE_TYPES = "ck_changes_type_known"
BEFORE = (
    "event.changed",
    "membership.changed",
    "item.changed",
    "proposal.changed",
    "tally.changed",
    "turnout.changed",
    "comment.changed",
    "person.changed",
)


def upgrade() -> None:
    _allow(*BEFORE, "message.changed")
    _create_conversations()
    _create_messages()
    _create_attachments()
    # Every event has one, and those that are there already have said nothing in it yet.
    op.execute("""
        INSERT INTO conversations (id, event_id, last_seq, last_at, created_at)
        SELECT id, id, 0, created_at, created_at FROM events
    """)


def downgrade() -> None:
    for table in ("attachments", "mentions", "messages", "read_marks", "conversations"):
        op.drop_table(table)
    # The log keeps its numbers: earlier readers pass over the tally of a proposal they do not know.
    op.execute("""
        UPDATE changes
        SET type = 'tally.changed',
            payload = json_build_object(
                'proposal_id', event_id, 'needed', NULL,
                'tally', json_build_object('agree', 0, 'disagree', 0, 'abstain', 0))
        WHERE type = 'message.changed'
    """)
    op.execute("UPDATE events SET policies = policies - 'images_need_approval'")
    _allow(*BEFORE)


def _allow(*types: str) -> None:
    op.drop_constraint(op.f(CHANGE_TYPES), "changes", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in types)
    op.create_check_constraint(op.f(CHANGE_TYPES), "changes", f"type IN ({listed})")


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("low_user_id", sa.Uuid(), nullable=True),
        sa.Column("high_user_id", sa.Uuid(), nullable=True),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN event_id IS NULL THEN low_user_id < high_user_id"
            " ELSE event_id = id AND low_user_id IS NULL AND high_user_id IS NULL END",
            name=op.f("ck_conversations_event_or_pair"),
        ),
        sa.CheckConstraint(
            "event_id IS NOT NULL OR (low_user_id IS NOT NULL AND high_user_id IS NOT NULL)",
            name=op.f("ck_conversations_pair_complete"),
        ),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_conversations_last_seq_positive")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_conversations_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["high_user_id"], ["users.id"], name=op.f("fk_conversations_high_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["low_user_id"], ["users.id"], name=op.f("fk_conversations_low_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "low_user_id", "high_user_id", name=op.f("uq_conversations_low_user_id_high_user_id")
        ),
    )
    op.create_index(
        op.f("ix_conversations_high_user_id"), "conversations", ["high_user_id"], unique=False
    )
    op.create_table(
        "read_marks",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("delivered_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "seq BETWEEN 0 AND delivered_seq", name=op.f("ck_read_marks_read_was_delivered")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_read_marks_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_read_marks_user_id")),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name=op.f("pk_read_marks")),
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("said", "system", name="messagekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "status_changed",
                "owner_changed",
                "proposal_accepted",
                "proposal_rejected",
                "kicked",
                "banned",
                name="systemcode",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("params", postgresql.JSONB(), nullable=True),
        sa.Column("reply_to_seq", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "removed_by",
            sa.Enum("author", "admin", name="remover", native_enum=False, length=20),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(kind = 'system') = (code IS NOT NULL)", name=op.f("ck_messages_code_fits")
        ),
        sa.CheckConstraint(
            "code IN ('status_changed', 'owner_changed', 'proposal_accepted',"
            " 'proposal_rejected', 'kicked', 'banned')",
            name=op.f("ck_messages_code_known"),
        ),
        sa.CheckConstraint(
            "kind = 'system' OR author_id IS NOT NULL", name=op.f("ck_messages_somebody_said_it")
        ),
        sa.CheckConstraint("kind IN ('said', 'system')", name=op.f("ck_messages_kind_known")),
        sa.CheckConstraint(
            "removed_by IN ('author', 'admin')", name=op.f("ck_messages_removed_by_known")
        ),
        sa.CheckConstraint(
            "(removed_by IS NULL) = (removed_at IS NULL)", name=op.f("ck_messages_removed_by_one")
        ),
        sa.CheckConstraint(
            "char_length(content) BETWEEN 0 AND 5000", name=op.f("ck_messages_content_length")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_messages_seq_positive")),
        sa.ForeignKeyConstraint(["about_id"], ["users.id"], name=op.f("fk_messages_about_id")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_messages_author_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id", "reply_to_seq"],
            ["messages.conversation_id", "messages.seq"],
            name=op.f("fk_messages_conversation_id_reply_to_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_messages")),
        sa.UniqueConstraint("conversation_id", "id", name=op.f("uq_messages_conversation_id_id")),
    )
    op.create_index(op.f("ix_messages_author_id"), "messages", ["author_id"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["messages.conversation_id", "messages.seq"],
            name=op.f("fk_mentions_conversation_id_seq"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mentions_user_id")),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", "seq", name=op.f("pk_mentions")),
    )
    op.create_index(
        op.f("ix_mentions_conversation_id_seq"),
        "mentions",
        ["conversation_id", "seq"],
        unique=False,
    )


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_seq", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("uploader_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("image", "file", name="attachmentkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "APPROVED",
                "REJECTED",
                name="attachmentstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'image') = (width IS NOT NULL AND height IS NOT NULL)",
            name=op.f("ck_attachments_images_measured"),
        ),
        sa.CheckConstraint("kind IN ('image', 'file')", name=op.f("ck_attachments_kind_known")),
        sa.CheckConstraint(
            "status IN ('PENDING', 'APPROVED', 'REJECTED')",
            name=op.f("ck_attachments_status_known"),
        ),
        sa.CheckConstraint(
            "char_length(media_type) BETWEEN 1 AND 100",
            name=op.f("ck_attachments_media_type_length"),
        ),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 200", name=op.f("ck_attachments_name_length")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachments_size_positive")),
        sa.ForeignKeyConstraint(
            ["conversation_id", "message_seq"],
            ["messages.conversation_id", "messages.seq"],
            name=op.f("fk_attachments_conversation_id_message_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_attachments_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["users.id"], name=op.f("fk_attachments_uploader_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "id", name=op.f("pk_attachments")),
    )
    op.create_index(
        op.f("ix_attachments_conversation_id_message_seq"),
        "attachments",
        ["conversation_id", "message_seq"],
        unique=False,
    )
    op.create_index(
        "ix_attachments_removed",
        "attachments",
        ["removed_at"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_attachments_unsent",
        "attachments",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("message_seq IS NULL AND removed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_attachments_uploader_id"), "attachments", ["uploader_id"], unique=False
    )
