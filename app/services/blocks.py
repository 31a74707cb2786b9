"""Blocks of the shared brief: added, written, moved, taken away and brought back.

Every version is kept.
"""

from typing import Final
from uuid import UUID

from app.models import Block, BlockVersion, User
from app.models.base import now
from app.models.brief_bodies import BlockEdit, BlockMove, NewBlock, fits
from app.models.callers import Caller
from app.models.errors import Conflict, invalid_field
from app.models.payloads import BlockPayload
from app.models.presenting_briefs import present_block
from app.services import access, block_access, images
from app.services.access import Right
from app.services.block_places import put_after, put_back
from app.services.changes import announce_block
from app.services.guards import Guard, require_right_to_write, require_version
from app.utils.transaction import UnitOfWork

MOST_BLOCKS: Final = 200


async def add_block(uow: UnitOfWork, author: Caller, event_id: UUID, new: NewBlock) -> BlockPayload:
    """Add a block to the brief."""
    event, _ = await access.lock_event(uow, event_id, author, Right.VOTE)
    access.require_open(event)
    shown = _shown(await block_access.lock_blocks(uow, event))
    _require_room(shown)
    image = None
    if new.attachment_id is not None:
        image = await images.require_attachment(uow.session, event.id, new.attachment_id)
    moment = now()
    block = Block(
        event_id=event.id,
        kind=new.kind,
        text=new.text,
        attachment_id=new.attachment_id,
        position=0,
        version=1,
        token=0,
        author=await uow.session.get_one(User, author.id),
        updated_at=moment,
        removed_at=None,
        image=image,
    )
    after = shown[-1].id if new.comes_last and shown else new.after
    put_after(uow, shown, block, after, author)
    uow.session.add(block)
    await uow.session.flush()
    keep_version(uow, block, author)
    await uow.session.flush()
    announce_block(uow, block, author)
    return present_block(block)


async def commit_block(
    uow: UnitOfWork,
    author: Caller,
    event_id: UUID,
    block_id: UUID,
    edit: BlockEdit,
    guard: Guard | None,
) -> BlockPayload:
    """Write a block's next version. The text that stands there already makes none.

    Raises Conflict with the present block where it is not the version that the edit started from,
    or where the edit's token was overtaken; Locked where somebody took the block meanwhile.
    """
    event, _ = await access.lock_event(uow, event_id, author, Right.VOTE)
    access.require_open(event)
    block = await block_access.lock_block(uow, event, block_id)
    require_version(block, edit.version)
    await require_right_to_write(uow, block, author, edit.token, guard)
    if not fits(block.kind, edit.text):
        raise invalid_field("text", "A heading has one line of at most 200 characters.")
    if edit.text != block.text:
        await write_version(uow, block, author, edit.text)
        announce_block(uow, block, author)
    return present_block(block)


async def move_block(
    uow: UnitOfWork, mover: Caller, event_id: UUID, block_id: UUID, move: BlockMove
) -> BlockPayload:
    """Put a block elsewhere. Its text and so its version stay, and whoever writes in it goes on."""
    event, _ = await access.lock_event(uow, event_id, mover, Right.VOTE)
    access.require_open(event)
    shown = _shown(await block_access.lock_blocks(uow, event))
    block = next((one for one in shown if one.id == block_id), None)
    if block is None:
        raise access.no_such("block")
    require_version(block, move.version)
    shown.remove(block)
    put_after(uow, shown, block, move.after, mover)
    await uow.session.flush()
    announce_block(uow, block, mover)
    return present_block(block)


async def remove_block(
    uow: UnitOfWork,
    remover: Caller,
    event_id: UUID,
    block_id: UUID,
    version: int,
    guard: Guard | None,
) -> BlockPayload:
    """Take a block away. Its versions stay, and one more that says that it went."""
    event, _ = await access.lock_event(uow, event_id, remover, Right.VOTE)
    access.require_open(event)
    block = await block_access.lock_block(uow, event, block_id)
    require_version(block, version)
    await require_right_to_write(uow, block, remover, None, guard)
    await write_version(uow, block, remover, block.text, removed=True)
    announce_block(uow, block, remover)
    return present_block(block)


async def restore_block(
    uow: UnitOfWork, author: Caller, event_id: UUID, block_id: UUID, version: int
) -> BlockPayload:
    """Bring a removed block back as its next version; one that stands at this version stays.

    Raises Conflict with the present block where `version` is not its last.
    """
    event, _ = await access.lock_event(uow, event_id, author, Right.VOTE)
    access.require_open(event)
    blocks = await block_access.lock_blocks(uow, event)
    block = next((one for one in blocks if one.id == block_id), None)
    if block is None:
        raise access.no_such("block")
    require_version(block, version)
    if block.removed_at is not None:
        shown = _shown(blocks)
        _require_room(shown)
        put_back(uow, shown, block, author)
        await write_version(uow, block, author, block.text)
        announce_block(uow, block, author)
    return present_block(block)


async def write_version(
    uow: UnitOfWork, block: Block, author: Caller, text: str, *, removed: bool = False
) -> None:
    """Let a block say something else from now on, or nothing any more."""
    block.text, block.updated_at = text, now()
    block.removed_at = block.updated_at if removed else None
    block.version += 1
    block.author = await uow.session.get_one(User, author.id)
    keep_version(uow, block, author)
    await uow.session.flush()


def keep_version(uow: UnitOfWork, block: Block, author: Caller) -> None:
    """Keep what a block says now under its version."""
    uow.session.add(
        BlockVersion(
            event_id=block.event_id,
            block_id=block.id,
            version=block.version,
            text=block.text,
            removed=block.removed_at is not None,
            author_id=author.id,
            created_at=block.updated_at,
        )
    )


def _shown(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block.removed_at is None]


def _require_room(shown: list[Block]) -> None:
    count = len(shown)
    if count >= MOST_BLOCKS:
        raise Conflict(
            "brief_full",
            f"The brief has {count} blocks and may have {MOST_BLOCKS}. Remove one first.",
            current=str(count),
        )
