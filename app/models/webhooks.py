"""Webhooks: who else is told what happens in an event, and how far they have been told."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, Id, enum_column, now, one_of, text_between
from app.models.statuses import WebhookStatus


class Webhook(Base):
    """A target outside, and its cursor in the event's log.

    `lease` names who delivers right now, until `leased_until`; `failing_since` is the first failure
    after the last success.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "id"),
        sa.Index(
            "ix_webhooks_due",
            "next_attempt_at",
            postgresql_where=sa.text("status = 'ACTIVE'"),
        ),
        one_of("status", WebhookStatus),
        text_between("url", 1, 2_000),
        sa.CheckConstraint("cursor >= 0 AND attempts >= 0", name="counts_positive"),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    id: Mapped[Id]
    url: Mapped[str]
    types: Mapped[list[str] | None] = mapped_column(ARRAY(sa.Text()))
    status: Mapped[WebhookStatus] = mapped_column(
        enum_column(WebhookStatus), default=WebhookStatus.ACTIVE
    )
    cursor: Mapped[int] = mapped_column(sa.BigInteger)
    attempts: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime] = mapped_column(default=now)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
