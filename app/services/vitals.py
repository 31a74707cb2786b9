"""Vitals: what only a look around can tell, put into the gauges once a second and at a scrape."""

import asyncio
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.services.hub import Hub
from app.services.lanes import Lanes
from app.utils import metrics
from app.utils.bus import Bus
from app.utils.db import Database
from app.utils.patience import within

log = structlog.get_logger(__name__)

EVERY: Final = 1.0
# Seconds that a scrape waits for the database's own figures.
PATIENCE: Final = 1.0


class Vitals:
    """Looks at the parts of this process; they do not know that they are looked at."""

    def __init__(self, database: Database, bus: Bus, hub: Hub, lanes: Lanes) -> None:
        self._database = database
        self._bus = bus
        self._hub = hub
        self._lanes = lanes
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="vitals")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def look(self) -> None:
        """Put what is true now into the gauges."""
        metrics.OPEN_STREAMS.set(self._hub.streams)
        metrics.PERSONAL_LINES.set(len(self._hub.lines))
        metrics.USERS.set(self._hub.users)
        metrics.LIVE_EVENTS.set(self._hub.live_events)
        metrics.HEAD_LAG.set(self._hub.head_lag)
        metrics.WAITING.set(self._lanes.depth)
        metrics.DEEPEST.set(self._lanes.deepest)
        used, size = self._database.connections
        metrics.POOL_USED.set(used)
        metrics.POOL_SIZE.set(size)
        metrics.BUS_CONNECTED.set(self._bus.is_well)
        metrics.BUS_WAITING.set(self._bus.waiting)

    async def ask_database(self) -> None:
        """Read PostgreSQL's own figures; a scrape goes on without them."""
        hits = await within(PATIENCE, self._read_hits(), None)
        if hits is not None:
            metrics.INDEX_HITS.set(hits)

    async def _read_hits(self) -> float | None:
        try:
            async with self._database.read() as session:
                hits: float | None = await session.scalar(_INDEX_HITS)
        except SQLAlchemyError as error:
            log.debug("database_figures_missing", error=str(error))
            return None
        return hits

    async def _rounds(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            metrics.LOOP_LAG.set(max(0.0, loop.time() - due))
            self.look()


_INDEX_HITS = sa.text("""
    SELECT (sum(idx_blks_hit) / nullif(sum(idx_blks_hit) + sum(idx_blks_read), 0))::float8
    FROM pg_statio_user_indexes
""")
