"""The tables of the decision room

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("response_status", sa.SmallInteger(), nullable=False),
        sa.Column("response_body", sa.LargeBinary(), nullable=False),
        sa.Column("response_seq", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column(
            "locale",
            sa.Enum("en", "ko", name="locale", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("locale IN ('en', 'ko')", name=op.f("ck_users_locale_known")),
        sa.CheckConstraint(
            "(email IS NULL) = (password_hash IS NULL)", name=op.f("ck_users_guest_or_account")
        ),
        sa.CheckConstraint(
            "char_length(name) BETWEEN 1 AND 100", name=op.f("ck_users_name_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "NOT_STARTED",
                "IN_PROGRESS",
                "PAUSED",
                "FINISHED",
                name="eventstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("entrance_code", sa.String(length=6), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("policies", postgresql.JSONB(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("observers", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "entrance_code ~ '^[A-Z0-9]{6}$'", name=op.f("ck_events_entrance_code_shape")
        ),
        sa.CheckConstraint(
            "status IN ('NOT_STARTED', 'IN_PROGRESS', 'PAUSED', 'FINISHED')",
            name=op.f("ck_events_status_known"),
        ),
        sa.CheckConstraint(
            "char_length(description) BETWEEN 0 AND 5000", name=op.f("ck_events_description_length")
        ),
        sa.CheckConstraint(
            "char_length(subject) BETWEEN 1 AND 500", name=op.f("ck_events_subject_length")
        ),
        sa.CheckConstraint(
            "members BETWEEN 0 AND capacity", name=op.f("ck_events_within_capacity")
        ),
        sa.CheckConstraint(
            "observers >= 0 AND pending >= 0 AND ballots >= 0",
            name=op.f("ck_events_counts_positive"),
        ),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_events_seq_positive")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_events_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(
        "uq_events_entrance_code",
        "events",
        ["entrance_code"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "password_resets",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_password_resets_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_resets")),
    )
    op.create_index(
        op.f("ix_password_resets_user_id"), "password_resets", ["user_id"], unique=False
    )
    op.create_index(
        op.f("ix_password_resets_expires_at"), "password_resets", ["expires_at"], unique=False
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("token_name", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_table(
        "changes",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "event.changed",
                "membership.changed",
                "item.changed",
                "proposal.changed",
                "tally.changed",
                "turnout.changed",
                "comment.changed",
                name="changetype",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("for_user_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "type IN ('event.changed', 'membership.changed', 'item.changed', 'proposal.changed', "
            "'tally.changed', 'turnout.changed', 'comment.changed')",
            name=op.f("ck_changes_type_known"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_changes_actor_id")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_changes_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "seq", name=op.f("pk_changes")),
    )
    op.create_table(
        "comments",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject_type",
            sa.Enum(
                "event", "criterion", "proposal", name="subjecttype", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "subject_type IN ('event', 'criterion', 'proposal')",
            name=op.f("ck_comments_subject_type_known"),
        ),
        sa.CheckConstraint(
            "char_length(content) BETWEEN 1 AND 5000", name=op.f("ck_comments_content_length")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(
            ["deleted_by_id"], ["users.id"], name=op.f("fk_comments_deleted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_comments_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_comments")),
    )
    op.create_index(
        op.f("ix_comments_event_id_subject_type_subject_id_id"),
        "comments",
        ["event_id", "subject_type", "subject_id", "id"],
        unique=False,
    )
    op.create_table(
        "items",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "option", "assumption", "criterion", name="itemkind", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("original_content", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "conclusion IS NULL OR kind = 'criterion'", name=op.f("ck_items_only_criteria_conclude")
        ),
        sa.CheckConstraint(
            "kind IN ('option', 'assumption', 'criterion')", name=op.f("ck_items_kind_known")
        ),
        sa.CheckConstraint(
            "char_length(conclusion) BETWEEN 1 AND 2000", name=op.f("ck_items_conclusion_length")
        ),
        sa.CheckConstraint(
            "char_length(content) BETWEEN 1 AND 2000", name=op.f("ck_items_content_length")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_items_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_items")),
    )
    op.create_index(
        op.f("ix_items_event_id_kind_position"),
        "items",
        ["event_id", "kind", "position"],
        unique=False,
    )
    op.create_table(
        "memberships",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "ACCEPTED",
                "REJECTED",
                "LEFT",
                "BANNED",
                name="membershipstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "OWNER", "ADMIN", "MEMBER", "OBSERVER", name="role", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('OWNER', 'ADMIN', 'MEMBER', 'OBSERVER')",
            name=op.f("ck_memberships_role_known"),
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'ACCEPTED', 'REJECTED', 'LEFT', 'BANNED')",
            name=op.f("ck_memberships_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_memberships_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_memberships_event_id_user_id")),
    )
    op.create_index(
        op.f("ix_memberships_event_id_status_id"),
        "memberships",
        ["event_id", "status", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_memberships_user_id_event_id"),
        "memberships",
        ["user_id", "event_id"],
        unique=False,
    )
    op.create_index(
        "uq_memberships_owner",
        "memberships",
        ["event_id"],
        unique=True,
        postgresql_where=sa.text("role = 'OWNER' AND status = 'ACCEPTED'"),
    )
    op.create_table(
        "ballots",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("option_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "option_id"],
            ["items.event_id", "items.id"],
            name=op.f("fk_ballots_event_id_option_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "user_id"],
            ["memberships.event_id", "memberships.user_id"],
            name=op.f("fk_ballots_event_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", "user_id", name=op.f("pk_ballots")),
    )
    op.create_index(
        op.f("ix_ballots_event_id_option_id"), "ballots", ["event_id", "option_id"], unique=False
    )
    op.create_table(
        "proposals",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assumption",
                "criterion",
                "conclusion",
                name="proposalkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "CREATION",
                "MODIFICATION",
                "DELETION",
                name="category",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "ACCEPTED",
                "REJECTED",
                "DELETED",
                name="proposalstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("disagree", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(category = 'DELETION') = (content IS NULL)", name=op.f("ck_proposals_content_fits")
        ),
        sa.CheckConstraint(
            "(status = 'ACCEPTED') = (applied_at IS NOT NULL)",
            name=op.f("ck_proposals_applied_once"),
        ),
        sa.CheckConstraint(
            "(status = 'PENDING') = (decided_at IS NULL)",
            name=op.f("ck_proposals_decided_when_final"),
        ),
        sa.CheckConstraint(
            "(target_id IS NULL) = (category = 'CREATION' AND kind <> 'conclusion')",
            name=op.f("ck_proposals_target_fits"),
        ),
        sa.CheckConstraint(
            "category IN ('CREATION', 'MODIFICATION', 'DELETION')",
            name=op.f("ck_proposals_category_known"),
        ),
        sa.CheckConstraint(
            "kind <> 'conclusion' OR category = 'CREATION'", name=op.f("ck_proposals_category_fits")
        ),
        sa.CheckConstraint(
            "kind IN ('assumption', 'criterion', 'conclusion')",
            name=op.f("ck_proposals_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'ACCEPTED', 'REJECTED', 'DELETED')",
            name=op.f("ck_proposals_status_known"),
        ),
        sa.CheckConstraint(
            "agree >= 0 AND disagree >= 0 AND abstain >= 0",
            name=op.f("ck_proposals_tallies_positive"),
        ),
        sa.CheckConstraint(
            "char_length(content) BETWEEN 1 AND 2000", name=op.f("ck_proposals_content_length")
        ),
        sa.CheckConstraint(
            "char_length(decision_reason) BETWEEN 1 AND 2000",
            name=op.f("ck_proposals_decision_reason_length"),
        ),
        sa.CheckConstraint(
            "char_length(reason) BETWEEN 1 AND 2000", name=op.f("ck_proposals_reason_length")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_proposals_author_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_proposals_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "target_id"],
            ["items.event_id", "items.id"],
            name=op.f("fk_proposals_event_id_target_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_proposals_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "id", name=op.f("pk_proposals")),
    )
    op.create_index(
        op.f("ix_proposals_event_id_kind_id"), "proposals", ["event_id", "kind", "id"], unique=False
    )
    op.create_index(
        op.f("ix_proposals_event_id_target_id"),
        "proposals",
        ["event_id", "target_id"],
        unique=False,
    )
    op.create_index(
        "ix_proposals_pending",
        "proposals",
        ["event_id", "author_id"],
        unique=False,
        postgresql_where=sa.text("status = 'PENDING'"),
    )
    op.create_table(
        "proposal_votes",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("AGREE", "DISAGREE", "ABSTAIN", name="choice", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "choice IN ('AGREE', 'DISAGREE', 'ABSTAIN')",
            name=op.f("ck_proposal_votes_choice_known"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "proposal_id"],
            ["proposals.event_id", "proposals.id"],
            name=op.f("fk_proposal_votes_event_id_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "user_id"],
            ["memberships.event_id", "memberships.user_id"],
            name=op.f("fk_proposal_votes_event_id_user_id"),
        ),
        sa.PrimaryKeyConstraint(
            "event_id", "proposal_id", "user_id", name=op.f("pk_proposal_votes")
        ),
    )
    op.create_index(
        op.f("ix_proposal_votes_event_id_user_id"),
        "proposal_votes",
        ["event_id", "user_id"],
        unique=False,
    )
    # Room on the page for the next version of a row: every write in an event updates its row, and
    # every vote its proposal's.
    op.execute("ALTER TABLE events SET (fillfactor = 50)")
    op.execute("ALTER TABLE proposals SET (fillfactor = 70)")
    # Room on the page for the next version of a row: every write in an event updates its row, and
    # every vote its proposal's.
    op.execute("ALTER TABLE events SET (fillfactor = 50)")
    op.execute("ALTER TABLE proposals SET (fillfactor = 70)")


def downgrade() -> None:
    op.drop_index(op.f("ix_proposal_votes_event_id_user_id"), table_name="proposal_votes")
    op.drop_table("proposal_votes")
    op.drop_index(
        "ix_proposals_pending",
        table_name="proposals",
        postgresql_where=sa.text("status = 'PENDING'"),
    )
    op.drop_index(op.f("ix_proposals_event_id_target_id"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_event_id_kind_id"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_index(op.f("ix_ballots_event_id_option_id"), table_name="ballots")
    op.drop_table("ballots")
    op.drop_index(
        "uq_memberships_owner",
        table_name="memberships",
        postgresql_where=sa.text("role = 'OWNER' AND status = 'ACCEPTED'"),
    )
    op.drop_index(op.f("ix_memberships_user_id_event_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_event_id_status_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_items_event_id_kind_position"), table_name="items")
    op.drop_table("items")
    op.drop_index(op.f("ix_comments_event_id_subject_type_subject_id_id"), table_name="comments")
    op.drop_table("comments")
    op.drop_table("changes")
    op.drop_index(op.f("ix_sessions_expires_at"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_password_resets_expires_at"), table_name="password_resets")
    op.drop_index(op.f("ix_password_resets_user_id"), table_name="password_resets")
    op.drop_table("password_resets")
    op.drop_index(
        "uq_events_entrance_code",
        table_name="events",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("events")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_table("users")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
