"""The personal lines of this process, as the hub looks after them."""

import asyncio
from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from app.services.inboxes import Inboxes, Listener
from app.services.nets import read_ended
from app.utils.db import Database


class Line(Listener, Protocol):
    """A personal line, which knows whose session it serves."""

    @property
    def session_id(self) -> UUID: ...

    def tick(self, time: float) -> None:
        """Do what is due by the loop's time."""

    def cut(self, reason: str | None) -> None:
        """End: with a reason, or with None for a line that is to come back."""

    def announce(self, frame: bytes) -> None:
        """Send what everybody is told; a busy line says the summary later."""


class Lines:
    """Who has a personal line here."""

    def __init__(self, database: Database, inboxes: Inboxes) -> None:
        self._database = database
        self._inboxes = inboxes
        self._lines: set[Line] = set()
        self._leaving: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._lines)

    def all(self) -> list[Line]:
        return list(self._lines)

    async def enter(self, line: Line) -> None:
        """Add a line before its summary is read: nothing can slip between."""
        self._lines.add(line)
        await self._inboxes.enter(line)

    def leave(self, line: Line) -> None:
        if line in self._lines:
            self._lines.remove(line)
            task = asyncio.create_task(self._inboxes.leave(line), name="line leaves")
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def cut_sessions(self, session_ids: Collection[UUID]) -> None:
        for line in self.all():
            if line.session_id in session_ids:
                line.cut("signed_out")

    async def recheck(self) -> None:
        """Ask again whether the sessions live: the net under messages that were lost."""
        if self._lines:
            sessions = {line.session_id for line in self._lines}
            self.cut_sessions(await read_ended(self._database, sessions))

    def announce(self, frame: bytes) -> None:
        """Tell everybody who has a line here."""
        for line in self.all():
            line.announce(frame)
