"""Announcements: what the house tells everybody, and who has seen it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import Level
from app.models.users import User


class Announcement(Base):
    """One announcement. `revision` grows with whatever becomes of any of them."""

    __tablename__ = "announcements"
    __table_args__ = (
        sa.UniqueConstraint("revision"),
        one_of("level", Level),
        text_between("title", 1, 200),
        text_between("text", 1, 2_000),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    title: Mapped[str]
    text: Mapped[str]
    level: Mapped[Level] = mapped_column(enum_column(Level))
    link: Mapped[str | None]
    image: Mapped[str | None]
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    author: Mapped[User] = relationship(lazy="raise")


class SeenAnnouncement(Base):
    """That somebody has seen an announcement."""

    __tablename__ = "seen_announcements"

    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    announcement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True
    )
    seen_at: Mapped[CreatedAt]
