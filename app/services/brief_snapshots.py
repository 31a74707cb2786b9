"""Snapshots of the brief: the whole of it kept under a name, and brought back.

What is brought back are new versions of the blocks: nothing that was written in between is lost.
"""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import Block, BlockVersion, BriefSnapshot, Event, SnapshotBlock, User
from app.models.base import now
from app.models.callers import Caller
from app.models.errors import Conflict
from app.models.payloads import SnapshotPayload, SnapshotsPage
from app.models.presenting_briefs import present_snapshot
from app.models.statuses import ChangeType
from app.services import access, block_access
from app.services.access import Right
from app.services.blocks import write_version
from app.services.changes import announce, announce_block
from app.utils.db import Database
from app.utils.transaction import UnitOfWork

MOST_SNAPSHOTS: Final = 50


async def keep_snapshot(
    uow: UnitOfWork, author: Caller, event_id: UUID, name: str
) -> SnapshotPayload:
    """Keep the brief as it stands."""
    event, _ = await access.lock_event(uow, event_id, author, Right.VOTE)
    access.require_open(event)
    await _require_room(uow, event)
    shown = list(await uow.session.scalars(block_access.shown_blocks(event.id)))
    snapshot = BriefSnapshot(
        event_id=event.id,
        name=name,
        block_count=len(shown),
        author=await uow.session.get_one(User, author.id),
        restored_at=None,
    )
    uow.session.add(snapshot)
    await uow.session.flush()
    uow.session.add_all(
        SnapshotBlock(
            event_id=event.id,
            snapshot_id=snapshot.id,
            block_id=block.id,
            version=block.version,
            position=block.position,
        )
        for block in shown
    )
    return _announce(uow, snapshot, author)


async def restore_snapshot(
    uow: UnitOfWork, admin: Caller, event_id: UUID, snapshot_id: UUID
) -> SnapshotPayload:
    """Let the brief say again what it said: each block that differs gets a new version."""
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    access.require_open(event)
    snapshot = await uow.session.scalar(_snapshots(event.id).where(BriefSnapshot.id == snapshot_id))
    if snapshot is None:
        raise access.no_such("snapshot")
    kept = await _kept(uow, snapshot)
    for block in await block_access.lock_blocks(uow, event):
        if await _bring_back(uow, block, kept.get(block.id), admin):
            announce_block(uow, block, admin)
    snapshot.restored_at = now()
    return _announce(uow, snapshot, admin)


async def list_snapshots(database: Database, caller: Caller, event_id: UUID) -> SnapshotsPage:
    """Return the snapshots of a brief, youngest first."""
    async with database.read() as session:
        await access.find_event(session, event_id, caller)
        found = await session.scalars(
            _snapshots(event_id).order_by(BriefSnapshot.id.desc()).limit(MOST_SNAPSHOTS)
        )
        return SnapshotsPage(items=[present_snapshot(snapshot) for snapshot in found])


async def _bring_back(
    uow: UnitOfWork, block: Block, kept: tuple[str, int] | None, admin: Caller
) -> bool:
    """Make a block what it was in a snapshot, or removed where it was not in it; tell of news."""
    if kept is None:
        if block.removed_at is not None:
            return False
        await write_version(uow, block, admin, block.text, removed=True)
        return True
    text, position = kept
    moved = block.position != position
    block.position = position
    if block.removed_at is not None or block.text != text:
        await write_version(uow, block, admin, text)
        return True
    return moved


async def _kept(uow: UnitOfWork, snapshot: BriefSnapshot) -> dict[UUID, tuple[str, int]]:
    """Return the text and the place of each block of a snapshot."""
    rows = await uow.session.execute(
        sa.select(SnapshotBlock.block_id, BlockVersion.text, SnapshotBlock.position)
        .join(
            BlockVersion,
            (BlockVersion.event_id == SnapshotBlock.event_id)
            & (BlockVersion.block_id == SnapshotBlock.block_id)
            & (BlockVersion.version == SnapshotBlock.version),
        )
        .where(
            SnapshotBlock.event_id == snapshot.event_id, SnapshotBlock.snapshot_id == snapshot.id
        )
    )
    return {block_id: (text, position) for block_id, text, position in rows}


async def _require_room(uow: UnitOfWork, event: Event) -> None:
    count = await uow.session.scalar(
        sa.select(sa.func.count())
        .select_from(BriefSnapshot)
        .where(BriefSnapshot.event_id == event.id)
    )
    if (count or 0) >= MOST_SNAPSHOTS:
        raise Conflict(
            "too_many_snapshots",
            f"This brief has {count} snapshots and may have {MOST_SNAPSHOTS}. Every version of "
            "every block is kept without them too.",
            current=str(count),
        )


def _snapshots(event_id: UUID) -> sa.Select[BriefSnapshot]:
    return (
        sa.select(BriefSnapshot)
        .options(joinedload(BriefSnapshot.author, innerjoin=True))
        .where(BriefSnapshot.event_id == event_id)
    )


def _announce(uow: UnitOfWork, snapshot: BriefSnapshot, actor: Caller) -> SnapshotPayload:
    shown = present_snapshot(snapshot)
    announce(uow, ChangeType.SNAPSHOT, shown, actor)
    return shown
