"""What is drawn on images together: strokes, and how many there are of each image."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, REAL
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Sketch(Base):
    """The drawing on one image.

    `seq` is the number of its last batch of strokes, or of its last clearing; `cleared_seq` that
    of the latter alone: who has seen less than that has to forget what they have.
    """

    __tablename__ = "sketches"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "image_id"),
        sa.CheckConstraint("strokes >= 0 AND points >= 0", name="counts_positive"),
    )

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    image_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    cleared_seq: Mapped[int] = mapped_column(sa.BigInteger)
    strokes: Mapped[int]
    points: Mapped[int]


class Stroke(Base):
    """One stroke. `points` are x and y in turn, each a share of the image's width or height."""

    __tablename__ = "strokes"
    __table_args__ = (
        sa.PrimaryKeyConstraint("event_id", "image_id", "id"),
        sa.ForeignKeyConstraint(
            ["event_id", "image_id"],
            ["sketches.event_id", "sketches.image_id"],
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour_shape"),
    )

    event_id: Mapped[UUID]
    image_id: Mapped[UUID]
    id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    points: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    colour: Mapped[str] = mapped_column(sa.String(7))
    width: Mapped[float] = mapped_column(REAL)
    created_at: Mapped[datetime]
