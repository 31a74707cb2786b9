"""Which schema this code was written for, and which one a database has."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from app.utils.db import ReadSession

# The youngest of `migrations/versions`; their names sort in the order of their making.
REVISION: Final = "0007"


async def revision_of(session: ReadSession) -> str:
    """Return the revision of a database's schema; nothing where it has none yet."""
    try:
        return await session.scalar(_REVISION) or ""
    except ProgrammingError:
        return ""


async def is_read_only(session: ReadSession) -> bool:
    """Tell whether a database takes no changes: it follows another one, or was told not to."""
    return bool(await session.scalar(_CLOSED))


_CLOSED = sa.text("SELECT current_setting('transaction_read_only')::boolean")
_REVISION = sa.text("SELECT max(version_num) FROM alembic_version")
