"""The log: one row for every committed change of an event, numbered without gaps."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, enum_column, one_of
from app.models.statuses import ChangeType


class Change(Base):
    """A change and the state it led to.

    `for_user_id` is null where every participant may see it; else only admins and that person may.
    """

    __tablename__ = "changes"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "seq"),
        one_of("type", ChangeType),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    type: Mapped[ChangeType] = mapped_column(enum_column(ChangeType))
    actor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    for_user_id: Mapped[UUID | None]
    # JSON, not JSONB: the text is sent as it was written, and nothing queries inside it.
    payload: Mapped[str] = mapped_column(JSON)
    created_at: Mapped[datetime]
