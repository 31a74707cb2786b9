"""Uploads: taken in pieces, bounded while they come, drawn anew where they are images.

What comes in has no name on the disk until it is taken: an upload that is refused, broken off or
killed leaves nothing. The row is written before the bytes: what is in the store has a row, by which
it is swept where it was never sent.
"""

import asyncio
import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

import sqlalchemy as sa

from app.models import Attachment
from app.models.base import new_id
from app.models.callers import Caller
from app.models.errors import DomainError, Malformed, TooLarge, Unavailable, invalid_field
from app.models.payloads import AttachmentPayload
from app.models.statuses import AttachmentKind, AttachmentStatus
from app.services.attachments import key_of, keys_of, present_row
from app.services.talks import Talk, find_talk
from app.utils.db import Database
from app.utils.images import Studio, claims_image, image_type, unreadable
from app.utils.stores import Store, trouble_is_told
from app.utils.transaction import Publisher, UnitOfWork, unit_of_work

# Uploads of one process at once, those of one person, and how long one may take, in seconds.
AT_ONCE: Final = 32
OF_ONE: Final = 8
PATIENCE: Final = 120.0
# A body up to so many times too large is read to its end and dropped: whoever is cut off while
# sending never reads why.
OVER: Final = 4
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,48}/[a-z0-9][a-z0-9.+-]{0,48}")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a sender says of a file: nothing of it is believed."""

    name: str
    media_type: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """An upload that is kept. `digest` stands for its bytes where a key asks what was sent."""

    payload: AttachmentPayload
    digest: bytes


class Uploads:
    """Takes uploads in this process."""

    def __init__(
        self, database: Database, publisher: Publisher, store: Store, folder: Path, most: int
    ) -> None:
        """`folder` has room for what comes in; `most` is in bytes."""
        self._database = database
        self._publisher = publisher
        self._store = store
        self._folder = folder
        self._most = most
        self._studio = Studio()
        self._inside: Counter[UUID] = Counter()

    async def take(
        self, caller: Caller, conversation_id: UUID, offer: Offer, body: AsyncIterator[bytes]
    ) -> Taken:
        """Read a body to its end and keep it. Nothing remains of what is refused."""
        try:
            talk = await self._admit(caller, conversation_id, offer)
        except DomainError:
            await self._let_pass(body, offer)
            raise
        async with self._seat(caller.id):
            with self._nameless() as raw:
                with trouble_is_told():
                    digest = await self._receive(raw, body)
                row, parts = await self._examine(raw, offer, talk)
                await self._keep(row, parts)
                return Taken(present_row(row), digest)

    async def discard(self, taken: Taken, conversation_id: UUID) -> None:
        """Forget an upload that the answer of an earlier one stands for."""
        await self._forget(conversation_id, taken.payload.id)

    @asynccontextmanager
    async def _seat(self, user_id: UUID) -> AsyncIterator[None]:
        if self._inside.total() >= AT_ONCE or self._inside[user_id] >= OF_ONE:
            raise Unavailable(
                "uploads_busy", "Too many files come in right now. Send it again.", retry_after=5
            )
        self._inside[user_id] += 1
        try:
            yield
        finally:
            self._inside -= Counter([user_id])

    async def _admit(self, caller: Caller, conversation_id: UUID, offer: Offer) -> Talk:
        async with self._database.read() as session:
            talk = await find_talk(session, conversation_id, caller)
        talk.require_open()
        self._check_size(offer.size or 0)
        return talk

    async def _let_pass(self, body: AsyncIterator[bytes], offer: Offer) -> None:
        """Read what is refused to its end, where that is near enough, and drop it."""
        if offer.size is None or offer.size > OVER * self._most:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                async for _ in body:
                    pass

    def _nameless(self) -> BinaryIO:
        with trouble_is_told():
            self._folder.mkdir(parents=True, exist_ok=True)
            return tempfile.TemporaryFile(dir=self._folder)

    def _check_size(self, size: int) -> None:
        if size > self._most:
            raise TooLarge(
                "file_too_large",
                f"A file may have {self._most // 1_000_000} MB. Send a smaller one.",
            )

    async def _receive(self, raw: BinaryIO, body: AsyncIterator[bytes]) -> bytes:
        digest, size = hashlib.sha256(), 0
        try:
            async with asyncio.timeout(PATIENCE):
                async for piece in body:
                    size += len(piece)
                    if size > OVER * self._most:
                        break
                    if size <= self._most:
                        digest.update(piece)
                        await asyncio.to_thread(raw.write, piece)
                    else:
                        await asyncio.to_thread(raw.truncate, 0)
        except TimeoutError:
            raise Malformed(
                "upload_too_slow", "The file did not arrive in time. Send it again."
            ) from None
        self._check_size(size)
        if not size:
            raise invalid_field("body", "This file is empty. Choose another one.")
        await asyncio.to_thread(raw.flush)
        return digest.digest()

    async def _examine(
        self, raw: BinaryIO, offer: Offer, talk: Talk
    ) -> tuple[Attachment, Mapping[str, BinaryIO]]:
        raw.seek(0)
        found = image_type(raw.read(16))
        row = Attachment(
            id=new_id(),
            conversation_id=talk.id,
            uploader_id=talk.caller.id,
            name=offer.name,
            position=0,
            status=_status(talk, image=found is not None),
        )
        if found is not None:
            return row, await self._draw(raw, row)
        if claims_image(offer.name, offer.media_type):
            raise unreadable()
        plain = _MEDIA_TYPE.fullmatch(offer.media_type)
        row.kind = AttachmentKind.FILE
        row.media_type = offer.media_type if plain else "application/octet-stream"
        row.size = raw.seek(0, 2)
        return row, {key_of(row.id): raw}

    async def _draw(self, raw: BinaryIO, row: Attachment) -> Mapping[str, BinaryIO]:
        drawing = await self._studio.draw(raw)
        row.kind, row.media_type = AttachmentKind.IMAGE, drawing.media_type
        row.width, row.height, row.size = drawing.width, drawing.height, len(drawing.image)
        return {
            key_of(row.id): BytesIO(drawing.image),
            key_of(row.id, thumbnail=True): BytesIO(drawing.thumbnail),
        }

    async def _keep(self, row: Attachment, parts: Mapping[str, BinaryIO]) -> None:
        async with unit_of_work(self._database, self._publisher) as uow:
            await uow.claim()
            uow.session.add(row)
        try:
            for key, part in parts.items():
                await self._store.put(key, part)
        except BaseException:
            await self._forget(row.conversation_id, row.id)
            raise

    async def _forget(self, conversation_id: UUID, attachment_id: UUID) -> None:
        async with unit_of_work(self._database, self._publisher) as uow:
            await uow.claim()
            await uow.session.execute(
                sa.update(Attachment)
                .where(
                    Attachment.conversation_id == conversation_id, Attachment.id == attachment_id
                )
                .values(removed_at=sa.func.now())
            )
        await self._store.remove(keys_of(attachment_id))


def _status(talk: Talk, *, image: bool) -> AttachmentStatus:
    waits = image and talk.holds_images
    return AttachmentStatus.PENDING if waits else AttachmentStatus.APPROVED


async def answer_upload(uow: UnitOfWork, taken: Taken) -> AttachmentPayload:
    """Keep the answer to an upload under its key. Raises Replay where it was answered before."""
    await uow.claim()
    return taken.payload
