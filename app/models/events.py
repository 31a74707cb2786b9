"""The event: one decision room, the row that every write in it holds."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, Id, enum_column, new_id, one_of, text_between
from app.models.policies import Policies, PoliciesColumn
from app.models.statuses import EventStatus, ProposalKind
from app.models.users import User


class Event(Base):
    """A decision room.

    `seq` is the number of its last change. `members`, `observers`, `pending` and `ballots` count
    rows of other tables; they move under this row's lock, in the transaction that moves the rows.
    """

    __tablename__ = "events"
    __table_args__ = (
        sa.Index(
            "uq_events_entrance_code",
            "entrance_code",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(
            "ix_events_ended",
            sa.text("coalesce(finished_at, deleted_at)"),
            postgresql_where=sa.text("log_dropped_at IS NULL"),
        ),
        one_of("status", EventStatus),
        text_between("subject", 1, 500),
        text_between("description", 0, 5_000),
        sa.CheckConstraint("entrance_code ~ '^[A-Z0-9]{6}$'", name="entrance_code_shape"),
        sa.CheckConstraint("seq >= 0", name="seq_positive"),
        sa.CheckConstraint("members BETWEEN 0 AND capacity", name="within_capacity"),
        sa.CheckConstraint(
            "observers >= 0 AND pending >= 0 AND ballots >= 0", name="counts_positive"
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    epoch: Mapped[UUID] = mapped_column(default=new_id)
    seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    subject: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    status: Mapped[EventStatus] = mapped_column(
        enum_column(EventStatus), default=EventStatus.NOT_STARTED
    )
    entrance_code: Mapped[str] = mapped_column(sa.String(6))
    password_hash: Mapped[str | None]
    capacity: Mapped[int]
    policies: Mapped[Policies] = mapped_column(PoliciesColumn)
    owner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    members: Mapped[int] = mapped_column(default=0)
    observers: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    ballots: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    log_dropped_at: Mapped[datetime | None]

    owner: Mapped[User] = relationship(lazy="raise", foreign_keys=[owner_id])

    def needed(self, kind: ProposalKind) -> int | None:
        """Return the AGREE votes that accept a pending proposal of this kind now."""
        return self.policies.needed(kind, self.members)

    @property
    def cursor(self) -> str:
        return f"{self.epoch}.{self.seq}"
