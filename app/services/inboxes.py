"""The personal lines of this process: who listens to their own notices, and what reaches them."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from app.models import Inbox
from app.utils.bus import Bus
from app.utils.channels import person_channel
from app.utils.db import Database
from app.utils.notices import Notice, pack_notice, unpack_notice
from app.utils.signals import Signals, is_signal


class Listener(Protocol):
    """One personal line. It knows the number of the last notice that it was sent."""

    @property
    def user_id(self) -> UUID: ...

    def notice(self, notice: Notice) -> None:
        """Send the next notice, drop an old one; a number that is missing is `hear`d."""

    def hear(self, seq: int) -> None:
        """Take in that so many notices were sent: who has fewer says the summary again."""

    def whisper(self, frame: bytes) -> None:
        """Send something that has no number, or nothing where the line is busy."""


class Inboxes:
    """Everybody who has a personal line here. Notices come from this process and from the bus."""

    def __init__(self, database: Database, bus: Bus, signals: Signals) -> None:
        self._database = database
        self._bus = bus
        self._signals = signals
        self._listeners: dict[UUID, set[Listener]] = {}

    async def enter(self, listener: Listener) -> None:
        """Add a line before its summary is read: nothing can slip between."""
        self._listeners.setdefault(listener.user_id, set()).add(listener)
        await self._bus.subscribe(person_channel(listener.user_id))

    async def leave(self, listener: Listener) -> None:
        lines = self._listeners.get(listener.user_id, set())
        lines.discard(listener)
        if not lines and self._listeners.pop(listener.user_id, None) is not None:
            await self._bus.unsubscribe(person_channel(listener.user_id))

    def of(self, user_id: UUID) -> Sequence[Listener]:
        """Return the lines that a person has here."""
        return tuple(self._listeners.get(user_id, ()))

    @property
    def people(self) -> Iterable[UUID]:
        """Return everybody who has a line here."""
        return self._listeners.keys()

    def notify(self, notices: Sequence[Notice]) -> None:
        """Tell the lines of this process at once, and the other processes through the bus."""
        for notice in notices:
            self._deliver(notice)
            self._bus.publish(person_channel(notice.user_id), pack_notice(notice))

    def whisper(self, user_id: UUID, frame: bytes) -> None:
        """Tell one person something now or never, here and elsewhere."""
        self._whisper(user_id, frame)
        self._bus.publish(person_channel(user_id), self._signals.pack(frame))

    def on_message(self, user_id: UUID, message: bytes) -> None:
        if is_signal(message):
            self._whisper(user_id, self._signals.unpack(message))
        else:
            self._deliver(unpack_notice(user_id, message))

    async def cast_net(self) -> None:
        """Compare everybody's counter with the database, in one query."""
        if not self._listeners:
            return
        async with self._database.read() as session:
            counters = await session.execute(_COUNTERS, {"users": list(self._listeners)})
            for user_id, seq in counters:
                for listener in self.of(user_id):
                    listener.hear(seq)

    def _deliver(self, notice: Notice) -> None:
        for listener in self.of(notice.user_id):
            listener.notice(notice)

    def _whisper(self, user_id: UUID, frame: bytes) -> None:
        for listener in self.of(user_id) if frame else ():
            listener.whisper(frame)


_COUNTERS = (
    sa.select(Inbox.user_id, Inbox.seq)
    .where(Inbox.user_id.in_(sa.bindparam("users", expanding=True)))
    .execution_options(timed="inboxes")
)
