"""The numbers of grants: each lock of a block has a higher one than those before it.

They are no part of the event's state and not told in its log, so that taking a lock waits for no
vote and no vote for it: the block's own row is all that is locked.
"""

from uuid import UUID

import sqlalchemy as sa

from app.models import Block
from app.services.block_access import find_block
from app.utils.db import ReadSession
from app.utils.leases import Lease
from app.utils.transaction import UnitOfWork


async def grant_token(uow: UnitOfWork, event_id: UUID, lease: Lease) -> Block | None:
    """Make a lease's number the highest of its block, if it is the next one.

    Return the block to start from; None where it is not the next one any more, or is removed.
    """
    await uow.claim()
    next_one = (Block.token == lease.token - 1, Block.removed_at.is_(None))
    granted = await uow.session.scalar(
        sa.update(Block)
        .where(Block.event_id == event_id, Block.id == lease.block_id, *next_one)
        .values(token=lease.token, holder_id=lease.user_id)
        .returning(Block.id)
        .execution_options(synchronize_session=False)
    )
    if granted is None:
        return None
    return await find_block(ReadSession(uow.session), event_id, lease.block_id)


async def break_token(uow: UnitOfWork, event_id: UUID, block_id: UUID) -> None:
    """Take the highest number of a block out of use: whoever has it was overtaken by nobody."""
    await uow.claim()
    await uow.session.execute(
        sa.update(Block)
        .where(Block.event_id == event_id, Block.id == block_id)
        .values(token=Block.token + 1, holder_id=None)
        .execution_options(synchronize_session=False)
    )
