"""Items: the options, assumptions and criteria that stand in an event."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import ItemKind


class Item(Base):
    """One thing that stands. A deleted one is hidden and kept."""

    __tablename__ = "items"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "id"),
        sa.Index(None, "event_id", "kind", "position"),
        one_of("kind", ItemKind),
        text_between("content", 1, 2_000),
        text_between("conclusion", 1, 2_000),
        sa.CheckConstraint(
            "conclusion IS NULL OR kind = 'criterion'", name="only_criteria_conclude"
        ),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    id: Mapped[Id]
    kind: Mapped[ItemKind] = mapped_column(enum_column(ItemKind))
    content: Mapped[str]
    original_content: Mapped[str | None]
    position: Mapped[int]
    conclusion: Mapped[str | None]
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt]
    deleted_at: Mapped[datetime | None]
