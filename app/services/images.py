"""Which images there are to show and to draw on: the one place that knows where they come from."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Attachment, Block
from app.models.errors import Conflict
from app.models.statuses import AttachmentKind, AttachmentStatus
from app.services import access


async def require_attachment(session: AsyncSession, event_id: UUID, image_id: UUID) -> Attachment:
    """Return an image that was sent up to the event.

    Raises NotFound where there is none, Conflict where it must wait.
    """
    image = await session.scalar(
        sa.select(Attachment).where(
            Attachment.conversation_id == event_id,
            Attachment.id == image_id,
            Attachment.kind == AttachmentKind.IMAGE,
            Attachment.removed_at.is_(None),
        )
    )
    if image is None:
        raise access.no_such("image")
    if image.status is not AttachmentStatus.APPROVED:
        raise Conflict(
            "image_not_approved",
            "An admin approves images here. Send it in the conversation, and add it after that.",
        )
    return image


async def require_image(session: AsyncSession, event_id: UUID, image_id: UUID) -> None:
    """Raise NotFound unless people of the event see this image: here, in its brief."""
    if not await is_shown(session, event_id, image_id):
        raise access.no_such("image")


async def is_shown(session: AsyncSession, event_id: UUID, image_id: UUID) -> bool:
    """Tell whether an image stands in the event's brief."""
    shown = sa.select(Block.id).where(
        Block.event_id == event_id, Block.attachment_id == image_id, Block.removed_at.is_(None)
    )
    return await session.scalar(shown.limit(1)) is not None
