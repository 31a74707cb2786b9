"""Leavers: whoever closed their last stream here and does not come back lets go of their locks.

They may have gone on in another process: there they send heartbeats, and a lease that was renewed
since is left alone. Where this process ends before the moment comes, leases run out by themselves.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.models import Block
from app.services.hub import Hub
from app.services.locks import Locks
from app.services.viewers import Viewer
from app.utils.db import Database
from app.utils.leases import LeasesUnknown

log = structlog.get_logger(__name__)

# Seconds between two looks at who is due.
TICK: Final = 1.0


class Leavers:
    """Who has no stream of an event in this process any more, and since when."""

    def __init__(self, database: Database, hub: Hub, locks: Locks, grace: float) -> None:
        """`grace` is how many seconds somebody may be away and keep their locks."""
        self._database = database
        self._hub = hub
        self._locks = locks
        self._grace = grace
        self._since: dict[tuple[UUID, UUID], float] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._hub.on_move.append(self.note)
        self._task = asyncio.create_task(self._look_around(), name="leavers")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def note(self, viewer: Viewer, by: int) -> None:
        """Take in that somebody closed a stream."""
        if by < 0:
            self._since[viewer.event_id, viewer.user_id] = asyncio.get_running_loop().time()

    async def _look_around(self) -> None:
        while True:
            await asyncio.sleep(min(TICK, self._grace))
            try:
                await self._let_go()
            except Exception as error:  # noqa: BLE001 - leases run out by themselves
                log.warning("leavers_failed", error=str(error))

    async def _let_go(self) -> None:
        due = asyncio.get_running_loop().time() - self._grace
        gone = [one for one, since in self._since.items() if since <= due]
        if not gone:
            return
        here = {(viewer.event_id, viewer.user_id) for viewer in self._hub.viewers()}
        away: dict[UUID, set[UUID]] = defaultdict(set)
        for event_id, user_id in gone:
            del self._since[event_id, user_id]
            if (event_id, user_id) not in here:
                away[event_id].add(user_id)
        for event_id, user_ids in away.items():
            await self._drop(event_id, await self._held(event_id, user_ids))

    async def _held(self, event_id: UUID, user_ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
        """Return the blocks that were last granted to these people."""
        async with self._database.read() as session:
            rows = await session.execute(_HELD, {"event": event_id, "users": list(user_ids)})
            return [(row.id, row.holder_id) for row in rows]

    async def _drop(self, event_id: UUID, held: list[tuple[UUID, UUID]]) -> None:
        try:
            await self._locks.drop_idle(event_id, held, int(self._grace * 1_000))
        except LeasesUnknown:
            log.debug("leavers_unknown")


_HELD = sa.select(Block.id, Block.holder_id).where(
    Block.event_id == sa.bindparam("event"),
    Block.removed_at.is_(None),
    Block.holder_id.in_(sa.bindparam("users", expanding=True)),
)
