"""Which images there are to show and to draw on: the one place that knows where they come from."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Block
from app.services import access


async def require_attachment(_session: AsyncSession, _event_id: UUID, _id: UUID) -> None:
    """Raise NotFound unless this image was uploaded to the event."""


async def require_image(session: AsyncSession, event_id: UUID, image_id: UUID) -> None:
    """Raise NotFound unless people of the event see this image: here, in its brief."""
    shown = sa.select(Block.id).where(
        Block.event_id == event_id, Block.attachment_id == image_id, Block.removed_at.is_(None)
    )
    if await session.scalar(shown.limit(1)) is None:
        raise access.no_such("image")
