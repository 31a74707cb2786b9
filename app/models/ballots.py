"""Ballots: each member's final choice and ranking."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, now


class Ballot(Base):
    """One option, and the criteria in order of importance as they were when it was cast."""

    __tablename__ = "ballots"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "user_id"),
        sa.ForeignKeyConstraint(["event_id", "option_id"], ["items.event_id", "items.id"]),
        sa.ForeignKeyConstraint(
            ["event_id", "user_id"], ["memberships.event_id", "memberships.user_id"]
        ),
        sa.Index(None, "event_id", "option_id"),
    )

    event_id: Mapped[UUID]
    user_id: Mapped[UUID]
    option_id: Mapped[UUID]
    criterion_ids: Mapped[list[UUID]] = mapped_column(ARRAY(sa.Uuid))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
