"""Attachments: who may have one, where its bytes are, and the approval of images."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Attachment, Message
from app.models.callers import Caller
from app.models.errors import Forbidden
from app.models.payloads import AttachmentPayload
from app.models.statuses import AttachmentKind, AttachmentStatus
from app.services import access
from app.services.images import is_shown
from app.services.talks import Talk, find_talk, lock_talk, tell
from app.services.transcript import present_attachment, read_message
from app.utils.db import Database
from app.utils.stores import Store
from app.utils.transaction import UnitOfWork

THUMBNAIL_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Download:
    """The bytes of an attachment, and what a browser is told of them. `shown` is of images."""

    name: str
    media_type: str
    shown: bool
    pieces: AsyncIterator[bytes]


def key_of(attachment_id: UUID, *, thumbnail: bool = False) -> str:
    """Return where the bytes of an attachment are; ids of one minute are spread over folders."""
    return f"{attachment_id.hex[-2:]}/{attachment_id}{'.thumbnail' if thumbnail else ''}"


def keys_of(attachment_id: UUID) -> list[str]:
    return [key_of(attachment_id), key_of(attachment_id, thumbnail=True)]


async def find_attachment(
    database: Database, caller: Caller, conversation_id: UUID, attachment_id: UUID
) -> AttachmentPayload:
    """Return what the caller sent up, or may read: in the conversation or in the brief.

    An image that waits for approval, or was refused, is its author's and the admins'.
    """
    async with database.read() as session:
        talk = await find_talk(session, conversation_id, caller)
        found = await _find(session, talk, attachment_id)
        in_brief = await is_shown(session, conversation_id, attachment_id)
    own = found is not None and found.uploader_id == caller.id
    seen = in_brief or (found is not None and found.message_seq is not None)
    if found is None or not (own or (seen and (_is_approved(found) or talk.admin))):
        raise access.no_such("attachment")
    return present_row(found)


async def open_attachment(store: Store, found: AttachmentPayload, *, thumbnail: bool) -> Download:
    """Open the bytes. What is no image is told to be nothing but bytes. Raises NotFound."""
    shown = found.kind is AttachmentKind.IMAGE
    if thumbnail and not shown:
        raise access.no_such("thumbnail")
    media_type = found.media_type if shown else "application/octet-stream"
    pieces = await store.open(key_of(found.id, thumbnail=thumbnail))
    return Download(found.name, THUMBNAIL_TYPE if thumbnail else media_type, shown, pieces)


async def decide_image(
    uow: UnitOfWork,
    admin: Caller,
    conversation_id: UUID,
    attachment_id: UUID,
    status: AttachmentStatus,
) -> AttachmentPayload:
    """Let an image be seen, or not. Raises IllegalTransition where that was decided before."""
    talk = await lock_talk(uow, conversation_id, admin)
    if not talk.admin:
        raise Forbidden("admins_only", "Only admins of this event may do this.")
    talk.require_open()
    found = await _find(uow.session, talk, attachment_id)
    if found is None or found.message_seq is None:
        raise access.no_such("attachment")
    found.status = status
    await uow.session.flush()
    message = sa.select(Message.id).where(
        Message.conversation_id == talk.id, Message.seq == found.message_seq
    )
    message_id = (await uow.session.scalars(message)).one()
    tell(uow, talk, await read_message(uow.session, talk.id, message_id))
    return present_row(found)


def present_row(row: Attachment) -> AttachmentPayload:
    names = ("id", "name", "media_type", "size", "kind", "width", "height", "status")
    return present_attachment(row.conversation_id, {name: getattr(row, name) for name in names})


def _is_approved(found: Attachment) -> bool:
    return found.status is AttachmentStatus.APPROVED


async def _find(session: AsyncSession, talk: Talk, attachment_id: UUID) -> Attachment | None:
    wanted = sa.select(Attachment).where(
        Attachment.conversation_id == talk.id,
        Attachment.id == attachment_id,
        Attachment.removed_at.is_(None),
    )
    found: Attachment | None = await session.scalar(wanted)
    return found
