"""People, the sessions that speak for them, and their way back in."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, Id, enum_column, one_of, text_between
from app.models.statuses import Locale


class User(Base):
    """A person. Guests have a name and no email."""

    __tablename__ = "users"
    __table_args__ = (
        sa.Index("uq_users_email", sa.text("lower(email)"), unique=True),
        one_of("locale", Locale),
        text_between("name", 1, 100),
        sa.CheckConstraint("(email IS NULL) = (password_hash IS NULL)", name="guest_or_account"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    email: Mapped[str | None]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    locale: Mapped[Locale] = mapped_column(enum_column(Locale), default=Locale.ENGLISH)
    is_staff: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[datetime | None]

    @property
    def is_guest(self) -> bool:
        return self.email is None


class Session(Base):
    """A sign-in, or an API token when it has a name. Only the SHA-256 of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (sa.Index(None, "user_id"), sa.Index(None, "expires_at"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    token_name: Mapped[str | None]
    user_agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class PasswordReset(Base):
    """A way back in by mail: single use, 30 minutes, only its SHA-256 kept."""

    __tablename__ = "password_resets"
    __table_args__ = (sa.Index(None, "user_id"), sa.Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
