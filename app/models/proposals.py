"""Proposals, one table for the three kinds, and the votes on them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import Category, Choice, ProposalKind, ProposalStatus
from app.models.users import User


class Proposal(Base):
    """A wish to create, modify or delete an item, or to conclude a criterion.

    `agree`, `disagree` and `abstain` count rows of `proposal_votes` and move with them.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "id"),
        sa.ForeignKeyConstraint(["event_id", "target_id"], ["items.event_id", "items.id"]),
        sa.ForeignKeyConstraint(
            ["event_id", "source_block_id", "source_version"],
            ["block_versions.event_id", "block_versions.block_id", "block_versions.version"],
        ),
        sa.Index(None, "event_id", "kind", "id"),
        sa.Index(
            "ix_proposals_pending",
            "event_id",
            "author_id",
            postgresql_where=sa.text("status = 'PENDING'"),
        ),
        sa.Index(None, "event_id", "target_id"),
        one_of("kind", ProposalKind),
        one_of("category", Category),
        one_of("status", ProposalStatus),
        text_between("content", 1, 2_000),
        text_between("reason", 1, 2_000),
        text_between("decision_reason", 1, 2_000),
        sa.CheckConstraint("(category = 'DELETION') = (content IS NULL)", name="content_fits"),
        sa.CheckConstraint(
            "(target_id IS NULL) = (category = 'CREATION' AND kind <> 'conclusion')",
            name="target_fits",
        ),
        sa.CheckConstraint("kind <> 'conclusion' OR category = 'CREATION'", name="category_fits"),
        sa.CheckConstraint(
            "(source_block_id IS NULL) = (source_version IS NULL)", name="source_whole"
        ),
        sa.CheckConstraint(
            "(status = 'PENDING') = (decided_at IS NULL)", name="decided_when_final"
        ),
        sa.CheckConstraint("(status = 'ACCEPTED') = (applied_at IS NOT NULL)", name="applied_once"),
        sa.CheckConstraint(
            "agree >= 0 AND disagree >= 0 AND abstain >= 0", name="tallies_positive"
        ),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    id: Mapped[Id]
    kind: Mapped[ProposalKind] = mapped_column(enum_column(ProposalKind))
    category: Mapped[Category] = mapped_column(enum_column(Category))
    target_id: Mapped[UUID | None]
    content: Mapped[str | None]
    reason: Mapped[str | None]
    # The version of a block of the brief that the proposal was made of.
    source_block_id: Mapped[UUID | None]
    source_version: Mapped[int | None]
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    status: Mapped[ProposalStatus] = mapped_column(
        enum_column(ProposalStatus), default=ProposalStatus.PENDING
    )
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    abstain: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decision_reason: Mapped[str | None]
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt]
    decided_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]

    author: Mapped[User] = relationship(lazy="raise", foreign_keys=[author_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])


class ProposalVote(Base):
    """What one member chose on one proposal; the key is what counts a member once."""

    __tablename__ = "proposal_votes"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "proposal_id", "user_id"),
        sa.ForeignKeyConstraint(
            ["event_id", "proposal_id"], ["proposals.event_id", "proposals.id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "user_id"], ["memberships.event_id", "memberships.user_id"]
        ),
        sa.Index(None, "event_id", "user_id"),
        one_of("choice", Choice),
    )

    event_id: Mapped[UUID]
    proposal_id: Mapped[UUID]
    user_id: Mapped[UUID]
    choice: Mapped[Choice] = mapped_column(enum_column(Choice))
    created_at: Mapped[CreatedAt]
