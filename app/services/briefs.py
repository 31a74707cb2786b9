"""Reading the shared brief: as it is, as it was, and made into proposals."""

import asyncio
import hashlib
from functools import partial
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import BlockVersion, Event
from app.models.bodies import NewProposal
from app.models.brief_bodies import BlockWish
from app.models.callers import Caller
from app.models.errors import invalid_field
from app.models.payloads import (
    BlockPayload,
    BriefPayload,
    ProposalPayload,
    SourcePayload,
    VersionPayload,
    VersionsPage,
)
from app.models.presenting import present_person
from app.models.presenting_briefs import present_block
from app.models.statuses import Category
from app.services import access, proposals
from app.services.access import Right
from app.services.block_access import lock_block, shown_blocks
from app.services.locks import Locks
from app.services.replicas import read_as_of
from app.utils.db import Database, ReadSession
from app.utils.differences import difference
from app.utils.transaction import UnitOfWork

LONGEST_PROPOSAL: Final = 2_000


async def read_brief(
    database: Database, locks: Locks, caller: Caller, event_id: UUID
) -> BriefPayload:
    """Return the brief with the locks that are in force."""
    async with database.read() as session:
        event, _ = await access.find_event(session, event_id, caller)
    reading = partial(_read_blocks, event_id=event_id)
    version, blocks = await read_as_of(database, event_id, (event.epoch, event.seq), reading)
    held = await locks.read(event_id, [block.id for block in blocks])
    return BriefPayload(version=version, blocks=blocks, locks=held)


def tag(brief: BriefPayload) -> str:
    """Name what a brief says, and who writes in it; not how long a lock lasts."""
    locks = brief.locks and sorted(f"{lock.block_id} {lock.holder}" for lock in brief.locks)
    said = b"".join(block.encode() for block in brief.blocks) + orjson.dumps(locks)
    return f'"{hashlib.blake2b(said, digest_size=16).hexdigest()}"'


async def list_versions(
    database: Database,
    caller: Caller,
    event_id: UUID,
    block_id: UUID,
    before: int | None,
    limit: int,
) -> VersionsPage:
    """Return the versions of a block below a number, youngest first, each with its difference."""
    wanted = _versions(event_id, block_id).order_by(BlockVersion.version.desc()).limit(limit + 1)
    if before is not None:
        wanted = wanted.where(BlockVersion.version < before)
    async with database.read() as session:
        await access.find_event(session, event_id, caller)
        found = list(await session.scalars(wanted))
    if not found and before is None:
        raise access.no_such("block")
    # Beside the event loop: texts can be long.
    items = await asyncio.to_thread(_compare_all, found)
    more = len(found) > limit
    return VersionsPage(items=items[:limit], next_before=items[limit - 1].version if more else None)


async def propose_block(
    uow: UnitOfWork, author: Caller, event_id: UUID, block_id: UUID, wish: BlockWish
) -> ProposalPayload:
    """Put forward what a version of a block says: the proposal cites it."""
    event, _ = await access.lock_event(uow, event_id, author, Right.VOTE)
    source = await _find_source(uow, event, block_id, wish.version)
    content = wish.content
    if content is None and wish.category is not Category.DELETION:
        content = _fit(source.text)
    proposal = NewProposal(
        category=wish.category, target_id=wish.target_id, content=content, reason=wish.reason
    )
    proposals.check_shape(wish.kind, proposal)
    cited = SourcePayload(block_id=block_id, version=source.version)
    return await proposals.put_forward(uow, author, event, wish.kind, proposal, cited)


async def _read_blocks(session: ReadSession, event_id: UUID) -> tuple[int, list[BlockPayload]]:
    version = await session.scalar(sa.select(Event.seq).where(Event.id == event_id))
    blocks = await session.scalars(shown_blocks(event_id))
    return version or 0, [present_block(block) for block in blocks]


def _versions(event_id: UUID, block_id: UUID) -> sa.Select[BlockVersion]:
    return (
        sa.select(BlockVersion)
        .options(joinedload(BlockVersion.author, innerjoin=True))
        .where(BlockVersion.event_id == event_id, BlockVersion.block_id == block_id)
    )


def _compare_all(found: list[BlockVersion]) -> list[VersionPayload]:
    """Compare each version with the one that follows it here, which is the one before it."""
    pairs = [*pairwise(found), *((last, None) for last in found[-1:])]
    return [_present_version(version, earlier) for version, earlier in pairs]


def _present_version(version: BlockVersion, earlier: BlockVersion | None) -> VersionPayload:
    before = "" if earlier is None or earlier.removed else earlier.text
    after = "" if version.removed else version.text
    parts: list[Any] = difference(before, after)
    return VersionPayload(
        version=version.version,
        text=version.text,
        removed=version.removed,
        author=present_person(version.author),
        created_at=version.created_at,
        difference=parts,
    )


async def _find_source(
    uow: UnitOfWork, event: Event, block_id: UUID, version: int | None
) -> BlockVersion:
    if version is None:
        version = (await lock_block(uow, event, block_id)).version
    source = await uow.session.get(BlockVersion, (event.id, block_id, version))
    if source is None:
        raise access.no_such("block")
    return source


def _fit(text: str) -> str:
    if len(text) > LONGEST_PROPOSAL:
        raise invalid_field(
            "content",
            f"The block has over {LONGEST_PROPOSAL} characters. Say in content what to vote on.",
        )
    return text
