"""What reaches people while they are away: how much of it they want, and where it goes."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import Wanted


class NotificationLevel(Base):
    """What somebody wants to be told of one event; where there is no row, of its decisions."""

    __tablename__ = "notification_levels"
    __table_args__ = (one_of("level", Wanted),)

    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[Wanted] = mapped_column(enum_column(Wanted))


class PushSubscription(Base):
    """A browser that takes Web Push; it goes with the session that asked for it."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        sa.Index(None, "user_id"),
        sa.Index(None, "session_id"),
        sa.UniqueConstraint("endpoint"),
        text_between("endpoint", 1, 2_000),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"))
    endpoint: Mapped[str]
    p256dh: Mapped[bytes]
    auth: Mapped[bytes]
    created_at: Mapped[CreatedAt]


class Digest(Base):
    """When somebody was last sent a digest: what is older is not told again."""

    __tablename__ = "digests"

    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    sent_at: Mapped[datetime]
