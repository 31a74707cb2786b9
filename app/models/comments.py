"""Comments on an event, a criterion or a proposal."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import SubjectType
from app.models.users import User


class Comment(Base):
    """A word on something. `subject_id` is the event's own id when it is about the event."""

    __tablename__ = "comments"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "id"),
        sa.Index(None, "event_id", "subject_type", "subject_id", "id"),
        one_of("subject_type", SubjectType),
        text_between("content", 1, 5_000),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    id: Mapped[Id]
    subject_type: Mapped[SubjectType] = mapped_column(enum_column(SubjectType))
    subject_id: Mapped[UUID]
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    content: Mapped[str]
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))

    author: Mapped[User] = relationship(lazy="raise", foreign_keys=[author_id])
