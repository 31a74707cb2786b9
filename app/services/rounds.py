"""A round: everybody in a room is given what is new, some of them at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import orjson
import structlog

from app.models.base import now
from app.services.choir import AT_ONCE, Choir
from app.utils import metrics

if TYPE_CHECKING:
    from app.services.rooms import Room
    from app.services.streams import Stream
    from app.services.viewers import Viewer

log = structlog.get_logger(__name__)

NEVER: Final = float("-inf")

Missed = Callable[["Viewer"], None]


class Rounds:
    """Goes round the streams of a room, one round at a time and none for nothing.

    Streams in step are told together, all others one by one: whoever is new, behind, or slow, has
    a connection of the server's, or sees what others do not. A round leads everybody to the same
    number, and who has got there is in step from then on.
    """

    def __init__(self, room: "Room") -> None:
        self._spoke = NEVER
        self._room = room
        self._choir = Choir()
        self._apart: set[Stream] = set()
        self._stale = False
        self._signals: list[tuple[bytes, Missed | None]] = []
        self._measured = -1
        self._going: asyncio.Task[None] | None = None

    def enter(self, stream: "Stream") -> None:
        self._apart.add(stream)

    def leave(self, stream: "Stream") -> None:
        self.part(stream)
        self._apart.discard(stream)

    def part(self, stream: "Stream") -> None:
        """See to it that a stream is told by itself, from where it stands."""
        if stream.place >= 0:
            stream.spoke = self.last_said_to(stream)
            stream.viewer.cursor = self._choir.remove(stream)
            self._apart.add(stream)

    def last_said_to(self, stream: "Stream") -> float:
        """Return the loop's time when a stream was last given something."""
        return max(stream.spoke, self._spoke) if stream.place >= 0 else stream.spoke

    def disperse(self) -> None:
        """Have everybody told by themselves."""
        for member in self._choir.members():
            member.fall_out(b"")

    def signal(self, frame: bytes, missed: Missed | None = None) -> None:
        """Have the next round say something that has no number, and is not kept."""
        self._signals.append((frame, missed))

    def ask(self) -> None:
        """Let a round begin, or another one follow the one that is under way."""
        self._stale = True
        if self._going is None and self._room.viewers:
            name = f"round {self._room.event_id}"
            self._going = asyncio.create_task(self._go(), name=name)

    def close(self) -> None:
        if self._going is not None:
            self._going.cancel()

    async def _go(self) -> None:
        while self._stale:
            self._stale = False
            target, made = self._room.head or 0, self._newest()
            await self._tell_together(target, made)
            await self._tell_apart(target, made)
            await self._say_signals()
        self._going = None

    async def _tell_together(self, target: int, made: datetime | None) -> None:
        if not self._choir:
            self._choir.begin_at(target)
        batch = self._room.after(self._choir.at, target)
        if batch is None or batch.public is None or self._choir.is_sparse:
            self.disperse()
            self._choir.begin_at(target)
            return
        if not batch.frames:
            return
        await self._say_together(batch.public, batch.last, made)

    async def _say_together(self, said: bytes, last: int, made: datetime | None) -> None:
        self._spoke = asyncio.get_running_loop().time()
        for _ in self._choir.tell(said, last):
            _measure(made)
            await asyncio.sleep(0)

    async def _tell_apart(self, target: int, made: datetime | None) -> None:
        streams = list(self._apart)
        for first in range(0, len(streams), AT_ONCE):
            some = streams[first : first + AT_ONCE]
            for stream in some:
                self._pump(stream, target)
            _measure(made)
            # What they were given is with the sockets after this.
            await asyncio.sleep(0)
            for stream in some:
                self._join(stream)

    async def _say_signals(self) -> None:
        signals, self._signals = self._signals, []
        if not signals:
            return
        said = b"".join([frame for frame, _ in signals])
        await self._say_together(said, self._choir.at, None)
        for place, stream in enumerate(list(self._apart), start=1):
            if not stream.signal(said):
                for missed in filter(None, [missed for _, missed in signals]):
                    missed(stream.viewer)
            if place % AT_ONCE == 0:
                await asyncio.sleep(0)

    def _join(self, stream: "Stream") -> None:
        socket = stream.socket_at(self._choir.at)
        if socket >= 0:
            self._choir.add(stream, socket)
            self._apart.discard(stream)

    @staticmethod
    def _pump(stream: "Stream", target: int) -> None:
        try:
            stream.pump(target)
        except Exception as error:
            # One stream that breaks must not silence the others: it ends, and comes back.
            log.exception("stream_broken", error=str(error))
            stream.viewer.cut = stream.viewer.cut or (None,)

    def _newest(self) -> datetime | None:
        """Return when the newest change was made, once: a round is as late as what it brings."""
        newest = self._room.newest
        if newest is None or newest.seq == self._measured:
            return None
        self._measured = newest.seq
        return datetime.fromisoformat(orjson.loads(newest.data)["at"])


def _measure(made: datetime | None) -> None:
    """Observe how old a change was when the last of so many streams was given it."""
    if made is not None:
        metrics.DELIVERY.observe(max(0.0, (now() - made).total_seconds()))
