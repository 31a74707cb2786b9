"""Locks on blocks: taken, kept alive, let go and broken, and told to everybody who is here.

They are signals and leases, no changes of the event: nothing of them is in its log. What the
database keeps is the number of the last grant, by which a late holder is known.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.models import Block
from app.models.callers import Caller
from app.models.errors import Conflict, Locked
from app.models.payloads import LockGrant, LockPayload, Person
from app.models.presenting_briefs import present_block, present_holder
from app.services import access, block_access
from app.services.access import Right
from app.services.grants import break_token, grant_token
from app.services.guards import Guard, held_by_other, overtaken
from app.services.hub import Hub
from app.utils.db import Database
from app.utils.frames import named_frame
from app.utils.leases import Lease, Leases, LeasesUnknown
from app.utils.transaction import unit_of_work

# Grants that are tried while others are granted the same block and lose it again.
ATTEMPTS: Final = 3
# Heartbeats in one lease: two may be lost.
HEARTBEATS: Final = 3


class Locks:
    """The locks of this house. Redis has them, the database numbers them, the hub tells of them."""

    def __init__(self, database: Database, leases: Leases, hub: Hub) -> None:
        self._database = database
        self._leases = leases
        self._hub = hub

    @property
    def renew_in_ms(self) -> int:
        return self._leases.ttl // HEARTBEATS

    async def take(self, caller: Caller, event_id: UUID, block_id: UUID) -> LockGrant:
        """Take a block that is free, or one's own again; whoever had the older token loses it.

        Raises Locked with the holder, LeasesUnknown where Redis is gone.
        """
        for _ in range(ATTEMPTS):
            block = await self._find(caller, event_id, block_id)
            holder = (caller.id, caller.name)
            lease, mine = await self._leases.take(event_id, block_id, holder, block.token + 1)
            if not mine:
                raise _held(lease)
            grant = await self._grant(caller, event_id, lease)
            if grant is not None:
                self._tell(event_id, grant)
                return grant
            await self._leases.release(event_id, lease)
        raise Conflict("lock_contended", "Others are taking this block too. Try again.")

    async def renew(
        self, caller: Caller, event_id: UUID, block_id: UUID, token: int
    ) -> LockPayload:
        """Keep a lock for its full time again. Raises Conflict where it ended meanwhile."""
        block = await self._find(caller, event_id, block_id)
        if not await self._leases.renew(event_id, block_id, caller.id, token):
            raise overtaken(block)
        lock = self._lock(block_id, caller)
        self._tell(event_id, lock)
        return lock

    async def release(self, caller: Caller, event_id: UUID, block_id: UUID) -> LockPayload:
        """Let go of a block; an admin breaks the lock of somebody else. Nobody's stays nobody's."""
        async with self._database.read() as session:
            _, membership = await access.find_event(session, event_id, caller)
        free = LockPayload(block_id=block_id, holder=None, expires_in_ms=0)
        if await self._leases.drop(event_id, block_id, caller.id):
            self._tell(event_id, free)
            return free
        leases = await self._leases.read(event_id, [block_id])
        if not leases:
            return free
        if not access.is_admin(membership, caller):
            raise _held(leases[0])
        return await self._break(caller, event_id, leases[0])

    async def let_go(
        self, caller: Caller, event_id: UUID, block_id: UUID, token: int | None
    ) -> None:
        """End a lease whose commit is done; where Redis is gone it ends by itself."""
        try:
            dropped = await self._leases.drop(event_id, block_id, caller.id, token)
        except LeasesUnknown:
            return
        if dropped:
            self._tell(event_id, LockPayload(block_id=block_id, holder=None, expires_in_ms=0))

    async def guard(self, caller: Caller, event_id: UUID, block_id: UUID) -> Guard | None:
        """Ask whether a commit without a lock gets into anybody's way; None where nobody knows.

        Raises Locked with the holder.
        """
        async with self._database.read() as session:
            token = await session.scalar(
                sa.select(Block.token).where(Block.event_id == event_id, Block.id == block_id)
            )
        try:
            leases = await self._leases.read(event_id, [block_id])
        except LeasesUnknown:
            return None
        if leases and leases[0].user_id != caller.id:
            raise _held(leases[0])
        return Guard(token or 0, self._leases.ttl)

    async def read(self, event_id: UUID, block_ids: Sequence[UUID]) -> list[LockPayload] | None:
        """Return the locks on these blocks, or None where nobody knows."""
        try:
            leases = await self._leases.read(event_id, block_ids)
        except LeasesUnknown:
            return None
        return [_present(lease) for lease in leases]

    async def drop_idle(
        self, event_id: UUID, held: Sequence[tuple[UUID, UUID]], idle_ms: int
    ) -> None:
        """End leases, by block and holder, that were not renewed for so long."""
        for block_id, user_id in held:
            if await self._leases.drop(event_id, block_id, user_id, idle_ms=idle_ms):
                self._tell(event_id, LockPayload(block_id=block_id, holder=None, expires_in_ms=0))

    async def _find(self, caller: Caller, event_id: UUID, block_id: UUID) -> Block:
        async with self._database.read() as session:
            event, _ = await access.find_event(session, event_id, caller, Right.VOTE)
            access.require_open(event)
            return await block_access.find_block(session, event_id, block_id)

    async def _grant(self, caller: Caller, event_id: UUID, lease: Lease) -> LockGrant | None:
        """Number a lease; None where another one got the number, which can be only a later one."""
        try:
            async with unit_of_work(self._database, self._hub) as uow:
                block = await grant_token(uow, event_id, lease)
        except BaseException:
            await self._leases.release(event_id, lease)
            raise
        if block is None:
            return None
        return LockGrant(
            **dict(self._lock(lease.block_id, caller)),
            token=lease.token,
            renew_in_ms=self.renew_in_ms,
            block=present_block(block),
        )

    async def _break(self, admin: Caller, event_id: UUID, lease: Lease) -> LockPayload:
        async with unit_of_work(self._database, self._hub) as uow:
            await break_token(uow, event_id, lease.block_id)
        await self._leases.release(event_id, lease)
        by = Person(id=admin.id, name=admin.name)
        broken = LockPayload(block_id=lease.block_id, holder=None, expires_in_ms=0, broken_by=by)
        self._tell(event_id, broken)
        return broken

    def _lock(self, block_id: UUID, holder: Caller) -> LockPayload:
        shown = present_holder(holder.id, holder.name)
        return LockPayload(block_id=block_id, holder=shown, expires_in_ms=self._leases.ttl)

    def _tell(self, event_id: UUID, lock: LockPayload) -> None:
        shown = LockPayload(**{name: getattr(lock, name) for name in LockPayload.model_fields})
        self._hub.signal(event_id, named_frame("lock", shown.encode()))


def _present(lease: Lease) -> LockPayload:
    holder = present_holder(lease.user_id, lease.name)
    return LockPayload(block_id=lease.block_id, holder=holder, expires_in_ms=lease.expires_in_ms)


def _held(lease: Lease) -> Locked:
    holder = present_holder(lease.user_id, lease.name)
    return held_by_other(lease.block_id, holder, lease.expires_in_ms)
