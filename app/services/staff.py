"""What is done from a terminal, without a server: making a platform administrator."""

from collections.abc import Sequence
from uuid import UUID

from app.config import Settings
from app.models.payloads import UserPayload
from app.services.accounts import create_admin
from app.utils.db import Database
from app.utils.notices import Notice
from app.utils.security import hash_password
from app.utils.transaction import Published, unit_of_work


class Nobody:
    """A publisher with nobody to tell."""

    def publish(self, published: Published) -> None:
        pass

    def notify(self, notices: Sequence[Notice]) -> None:
        pass

    def end_sessions(self, session_ids: Sequence[UUID]) -> None:
        pass


async def create_admin_account(
    settings: Settings, *, email: str, name: str, password: str
) -> UserPayload:
    """Make a platform administrator, or make an existing account one."""
    password_hash = await hash_password(password)
    database = Database(settings.sqlalchemy_url, settings.database_pool)
    try:
        async with unit_of_work(database, Nobody()) as uow:
            return await create_admin(uow, email, name, password_hash)
    finally:
        await database.close()
