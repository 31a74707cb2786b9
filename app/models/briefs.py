"""Snapshots of the shared brief: the whole of it at one moment, under a name."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, Id, text_between
from app.models.users import User


class BriefSnapshot(Base):
    """A snapshot, and when it was last restored."""

    __tablename__ = "brief_snapshots"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "id"),
        text_between("name", 1, 100),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    id: Mapped[Id]
    name: Mapped[str]
    block_count: Mapped[int]
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    restored_at: Mapped[datetime | None]

    author: Mapped[User] = relationship(lazy="raise")


class SnapshotBlock(Base):
    """One block of a snapshot: which of its versions, and where it stood."""

    __tablename__ = "snapshot_blocks"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "snapshot_id", "block_id"),
        sa.ForeignKeyConstraint(
            ["event_id", "snapshot_id"],
            ["brief_snapshots.event_id", "brief_snapshots.id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "block_id", "version"],
            ["block_versions.event_id", "block_versions.block_id", "block_versions.version"],
        ),
    )

    event_id: Mapped[UUID]
    snapshot_id: Mapped[UUID]
    block_id: Mapped[UUID]
    version: Mapped[int]
    position: Mapped[int] = mapped_column(sa.BigInteger)
