"""One person's line: what concerns them, their events from afar, and one event in full.

It has no task of its own. What comes is sent at once; what comes while the socket takes nothing is
not kept: the line then owes a summary, and says it when the socket takes again.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog

from app.models.callers import Caller
from app.services.focus import Focus
from app.services.hub import Hub
from app.services.involvement import Involvement
from app.services.lobby_lines import Lobby
from app.services.reached import note_reached
from app.services.receipts import Receipts
from app.services.sayings import come_back_soon, personal_heartbeat, revoked
from app.services.sinks import Sink
from app.services.streams import SLOW, Timing
from app.services.summaries import read_summary
from app.services.trays import Tray
from app.utils import metrics
from app.utils.db import Database
from app.utils.frames import named_frame
from app.utils.notices import Notice

log = structlog.get_logger(__name__)

# Seconds that a number may be missing: mostly it is on its way from another process.
GRACE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Parts:
    """What every personal line of a process works with."""

    hub: Hub
    lobby: Lobby
    database: Database
    timing: Timing
    receipts: Receipts


@dataclass(eq=False, slots=True)
class PersonalLine:
    """A line that may be opened: it hears already, and `first` is what it begins with."""

    parts: Parts
    caller: Caller
    involvement: Involvement
    focus: Focus | None = None
    first: bytes = b""
    sink: Sink | None = None
    tray: Tray = field(default_factory=Tray)
    owes: bool = False
    ending: tuple[str | None] | None = None
    dies: float = 0.0
    pause: float = 0.0
    spoke: float = 0.0
    reading: "asyncio.Task[None] | None" = None
    closed: bool = False

    @property
    def user_id(self) -> UUID:
        return self.caller.id

    @property
    def session_id(self) -> UUID:
        return self.caller.session_id

    @property
    def waiting(self) -> set[UUID]:
        return self.involvement.waiting

    @property
    def is_blocked(self) -> bool:
        return self.sink is not None and self.sink.blocked_since is not None

    @property
    def is_busy(self) -> bool:
        """Whether nothing can be sent now: the socket is full, or what is read comes first."""
        reads = self.reading is not None or (self.focus is not None and self.focus.is_reading)
        return self.sink is None or self.is_blocked or reads

    async def open(self) -> None:
        """Begin to hear, then read: nothing can slip between."""
        self.parts.hub.count(self.user_id, 1)
        await self.parts.hub.lines.enter(self)
        self.first = await self._read()

    def start(self, sink: Sink) -> None:
        """Begin to send: the summary, then the event in focus, then all that comes."""
        began = asyncio.get_running_loop().time()
        self.sink = sink
        self.dies = began + self.parts.timing.lifetime * random.uniform(0.8, 1.0)
        self.pause = self.parts.timing.heartbeat * random.uniform(0.8, 1.2)
        first, self.first = self.first, b""
        self._push(first)
        if self.focus is not None:
            self.focus.start(sink)
        self._settle()

    def close(self) -> None:
        """Leave. Nothing is sent any more."""
        if self.closed:
            return
        self.closed, self.sink = True, None
        if self.reading is not None:
            self.reading.cancel()
        self.involvement.end(self)
        self.parts.hub.lines.leave(self)
        if self.focus is not None:
            self.focus.close()
        self.parts.hub.count(self.user_id, -1)

    def pump(self) -> None:
        """Go on where the socket takes again."""
        if self.focus is not None:
            self.focus.pump()
        self._settle()

    def tick(self, time: float) -> None:
        """Do what is due by the loop's time: cut a dead line, end an old one, prove a quiet one."""
        if self.sink is None:
            return
        blocked = self.sink.blocked_since
        if blocked is not None:
            if time - blocked > SLOW:
                self.sink.cut()
            return
        if time >= self.dies:
            self.cut(None)
        self._settle()
        if not self.is_busy and self.focus is None and time - self.spoke >= self.pause:
            self._push(personal_heartbeat(self.tray.seq))

    def cut(self, reason: str | None) -> None:
        """End as soon as the socket takes the last words."""
        self.ending = self.ending or (reason,)
        self._settle()

    def notice(self, notice: Notice) -> None:
        """Send the next notice, or what waited for it; a gap is given a moment to close."""
        self.tray.put(notice)
        self.owes = self.owes or self.is_blocked
        self._settle()

    def hear(self, seq: int) -> None:
        """Take in that so many notices were sent."""
        self.tray.hear(seq)
        self._wait_for_gap()

    def whisper(self, frame: bytes) -> None:
        if not self.is_busy:
            self._push(frame)

    def lobby(self, chunk: bytes) -> bool:
        """Take frames of events from afar. Where the socket is full the summary will have them."""
        if self.is_blocked:
            self.owes = True
        elif self.is_busy:
            return self.closed
        else:
            self._push(chunk)
        return True

    def announce(self, frame: bytes) -> None:
        if self.is_busy:
            self.owes = True
        else:
            self._push(frame)

    def end_focus(self, *, all_ends: bool) -> None:
        """Go on without the event, or end with it where the whole line is sent away."""
        if self.focus is not None:
            self.focus.close()
            self.focus = None
        if all_ends:
            self._end()

    def _settle(self) -> None:
        """Say what is due: the last words, or the summary that is owed, or the next notices."""
        if self.is_busy:
            return
        if self.ending is not None:
            (reason,) = self.ending
            self._push(revoked(reason) if reason else come_back_soon())
            self._end()
        elif self.owes:
            self.owes = False
            self.reading = asyncio.create_task(self._mend(), name="summary")
        elif self.tray.has_gap:
            self._tell_notices()

    def _tell_notices(self) -> None:
        for notice in self.tray.ready():
            self.involvement.follow(self, notice)
            self._push(notice.frame)
            note_reached(self.parts.receipts, self.user_id, notice)
            if self.is_busy:
                break
        self._wait_for_gap()

    def _wait_for_gap(self) -> None:
        if self.tray.has_gap and not self.closed:
            asyncio.get_running_loop().call_later(GRACE, self._check_gap, self.tray.heard)

    def _check_gap(self, heard: int) -> None:
        if heard > self.tray.seq and self.reading is None:
            self.owes = True
            self._settle()

    async def _mend(self) -> None:
        said = b""
        try:
            async with self.parts.hub.readers:
                said = await self._read()
        except Exception as error:  # noqa: BLE001 - the clock comes round again
            log.warning("summary_unreadable", error=str(error))
        self.reading = None
        if said and not self.is_busy:
            self._push(said)
            self._settle()
        else:
            self.owes = True

    async def _read(self) -> bytes:
        metrics.SUMMARIES.inc()
        reading = await read_summary(self.parts.database, self.user_id)
        self.tray.begin_at(reading.summary.notice_seq)
        self.involvement.take(self, reading)
        return named_frame("summary", reading.summary.encode())

    def _push(self, chunk: bytes) -> None:
        if self.focus is not None:
            self.focus.step_out()
        if self.sink is not None:
            self.spoke = asyncio.get_running_loop().time()
            self.sink.push(chunk)

    def _end(self) -> None:
        sink, self.sink = self.sink, None
        if sink is not None:
            sink.end()
