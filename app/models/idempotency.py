"""Idempotency keys: the answer that a repeated request gets."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class IdempotencyKey(Base):
    """A finished request. There is no row for one that is still at work or was refused.

    The key and the request are kept as keyed hashes, so that this table opens nothing to a thief.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (sa.Index(None, "created_at"),)

    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    user_id: Mapped[UUID | None]
    event_id: Mapped[UUID | None]
    response_status: Mapped[int] = mapped_column(sa.SmallInteger)
    response_body: Mapped[bytes]
    response_seq: Mapped[str | None]
    created_at: Mapped[datetime]
