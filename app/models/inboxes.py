"""How many notices each person was ever sent. The notices themselves are not kept."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Inbox(Base):
    """A person's counter of notices: whoever holds a lower number has missed something."""

    __tablename__ = "inboxes"

    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(sa.BigInteger)
