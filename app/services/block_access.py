"""Find and lock the blocks of an event whose row is held: the part of `access.py` for the brief."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import Block, Event
from app.services.access import no_such
from app.utils.db import ReadSession
from app.utils.transaction import UnitOfWork


async def lock_block(uow: UnitOfWork, event: Event, block_id: UUID) -> Block:
    """Lock one block that is not removed, as it is now."""
    here = _blocks(event.id).where(Block.id == block_id, Block.removed_at.is_(None))
    found = await uow.session.scalar(_locked(here))
    if found is None:
        raise no_such("block")
    return found


async def lock_blocks(uow: UnitOfWork, event: Event) -> list[Block]:
    """Lock all blocks, the removed ones too, in the order in which they stand."""
    return list(await uow.session.scalars(_locked(_blocks(event.id))))


async def find_block(session: ReadSession, event_id: UUID, block_id: UUID) -> Block:
    """Find one block that is not removed, for reading."""
    here = _blocks(event_id).where(Block.id == block_id, Block.removed_at.is_(None))
    block = await session.scalar(here)
    if block is None:
        raise no_such("block")
    return block


def shown_blocks(event_id: UUID) -> sa.Select[Block]:
    """Select the blocks that stand in a brief, in order, with their authors."""
    return _blocks(event_id).where(Block.removed_at.is_(None))


def _blocks(event_id: UUID) -> sa.Select[Block]:
    return (
        sa.select(Block)
        .options(joinedload(Block.author, innerjoin=True), joinedload(Block.image))
        .where(Block.event_id == event_id)
        .order_by(Block.position, Block.id)
    )


def _locked(found: sa.Select[Block]) -> sa.Select[Block]:
    # A token is granted beside the event's lock: it is as it is once the block's row is held.
    return found.with_for_update(of=Block, key_share=True).execution_options(populate_existing=True)
