"""The herald: whatever becomes of an announcement reaches every personal line of this process."""

import asyncio
from typing import Any, Final

import structlog

from app.services.announcements import frames_after, last_revision
from app.services.hub import Hub
from app.utils.db import Database

log = structlog.get_logger(__name__)

BELL: Final = "announced"
# Seconds after which it looks although nobody rang.
NET: Final = 1.0


class Herald:
    """Knows the last revision that was told here; what is above it is told once, to all."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._revision: int | None = None
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._hub.doorbells.listen(BELL, self._on_bell)
        self._task = asyncio.create_task(self._rounds(), name="herald")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def ring(self) -> None:
        """Have every process look now."""
        self._hub.doorbells.ring(BELL, "")

    def _on_bell(self, _what: Any) -> None:
        self._rung.set()

    async def _rounds(self) -> None:
        while True:
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - it comes round again
                log.warning("announcements_unread", error=str(error))
            try:
                await asyncio.wait_for(self._rung.wait(), NET)
            except TimeoutError:
                continue
            self._rung.clear()

    async def _look(self) -> None:
        if self._revision is None:
            async with self._database.read() as session:
                self._revision = await last_revision(session)
        self._revision, frames = await frames_after(self._database, self._revision)
        for frame in frames:
            self._hub.lines.announce(frame)
