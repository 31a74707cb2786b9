"""Membership: what a person is to an event."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, Id, enum_column, one_of
from app.models.statuses import MembershipStatus, Role
from app.models.users import User

VOTING = (Role.OWNER, Role.ADMIN, Role.MEMBER)
ADMINS = (Role.OWNER, Role.ADMIN)


class Membership(Base):
    """One per person and event, for ever; its status tells what it is now."""

    __tablename__ = "memberships"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "id"),
        sa.UniqueConstraint("event_id", "user_id"),
        sa.Index(None, "event_id", "status", "id"),
        sa.Index(None, "user_id", "event_id"),
        sa.Index(
            "uq_memberships_owner",
            "event_id",
            unique=True,
            postgresql_where=sa.text("role = 'OWNER' AND status = 'ACCEPTED'"),
        ),
        one_of("status", MembershipStatus),
        one_of("role", Role),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    status: Mapped[MembershipStatus] = mapped_column(enum_column(MembershipStatus))
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.MEMBER)
    created_at: Mapped[CreatedAt]
    requested_at: Mapped[CreatedAt]
    joined_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")

    @property
    def is_accepted(self) -> bool:
        return self.status is MembershipStatus.ACCEPTED

    @property
    def is_admin(self) -> bool:
        return self.is_accepted and self.role in ADMINS

    @property
    def votes(self) -> bool:
        """Whether this person may propose and vote now."""
        return self.is_accepted and self.role in VOTING
