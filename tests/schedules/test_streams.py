"""Streams under thousands of schedules: whoever comes, goes, or is sent out, whatever is lost."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.models.callers import Caller
from app.models.errors import DomainError
from app.services.cursors import Cursor
from app.services.hub import Hub
from app.services.openings import open_stream
from app.services.streams import Timing
from app.utils.channels import event_channel
from tests.schedules.screens import Screen, Window
from tests.schedules.stand_ins import Log, Wire
from tests.support.clockwork import Clockwork

TIMING = Timing(heartbeat=5, lifetime=20)
EVENT, EPOCH = UUID(int=1), UUID(int=2)
SCHEDULES = 100
"""A test; the number of tests times this is what one run tries."""


@dataclass
class Viewer:
    """One person in front of a screen, who comes back after the last number they saw."""

    caller: Caller
    cursor: Cursor | None = None
    seen: list[int] = field(default_factory=list)
    starts: int = 0
    refused: bool = False

    async def look(self, hub: Hub, log: Log, seconds: float) -> None:
        """Open a stream, look for so long, and close it; notes what came."""
        snapshots: Any = log
        screen = log.chance.choice((Screen, Window, Window))(log.chance)
        try:
            stream = await open_stream(
                hub, _Reads(snapshots), snapshots, self.caller, EVENT, self.cursor, TIMING
            )
        except DomainError:
            self.refused = True
            screen.close()
            return
        screen.unblock = stream.pump
        stream.start(screen)
        self.starts += 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await screen.over.wait()
        stream.close()
        screen.close()
        self._take(screen)

    def _take(self, screen: Screen) -> None:
        for frame in screen.frames:
            if frame.event == "reset":
                self.seen = []
            elif frame.event == "snapshot":
                self.seen = [frame.seq]
            elif frame.is_change:
                assert not self.seen or frame.seq == self.seen[-1] + 1, (self.seen, frame.id)
                self.seen.append(frame.seq)
            elif frame.event == "revoked":
                self.refused = True
            if frame.id is not None:
                self.cursor = Cursor(EPOCH, frame.seq)


@dataclass
class Stage:
    log: Log
    wire: Wire
    hub: Hub
    busy: bool = True

    async def write(self, times: int) -> None:
        """Commit, and tell: here at once, elsewhere through the wire, or nobody at all."""
        for _ in range(times):
            await self.log.dawdle(0.4)
            self.tell(self.log.commit(self.log.chance.choice((1, 1, 1, 4))))
            if self.log.chance.random() < 0.3:
                self.hub.signal(EVENT, b": somebody types\n\n")

    def tell(self, published: Any) -> None:
        chance = self.log.chance.random()
        if chance < 0.4:
            asyncio.get_running_loop().call_later(
                self.log.chance.uniform(0, 0.05), self.hub.publish, published
            )
        elif chance < 0.95:
            self.wire.bring(event_channel(EVENT), published)


class _Reads:
    def __init__(self, log: Log) -> None:
        self.read = log.snapshot


def _stage(loop: Clockwork, lossy: float) -> Stage:
    log = Log(EVENT, EPOCH, loop.chance)
    wire = Wire(log, lossy)
    database: Any = log
    bus: Any = wire
    hub = wire.hub = Hub(database, bus)
    return Stage(log, wire, hub)


def _viewer(n: int) -> Viewer:
    return Viewer(Caller(UUID(int=100 + n), "A", False, True, UUID(int=200 + n)))


async def _a_busy_evening(stage: Stage) -> None:
    chance = stage.log.chance
    stage.hub._recheck = _nothing  # type: ignore[method-assign]
    stage.hub.start()
    viewers = [_viewer(n) for n in range(3)]
    banned = viewers[0] if chance.random() < 0.5 else None

    async def come_and_go(viewer: Viewer) -> None:
        while stage.busy and not viewer.refused:
            await viewer.look(stage.hub, stage.log, chance.uniform(0, 3))
            await stage.log.dawdle(0.5)

    async def ban() -> None:
        if banned is not None:
            await asyncio.sleep(chance.uniform(0, 4))
            stage.tell(stage.log.commit(chance.choice((1, 3)), banned.caller.id))

    async def trouble() -> None:
        for _ in range(chance.randint(0, 2)):
            await asyncio.sleep(chance.uniform(0, 2))
            stage.wire.break_off()

    looking = [asyncio.create_task(come_and_go(viewer)) for viewer in viewers]
    await asyncio.gather(stage.write(8), stage.write(8), ban(), trouble())
    stage.busy = False
    await asyncio.gather(*looking)
    await _all_arrive(stage, viewers)
    await stage.hub.close()


async def _nothing() -> None:
    """Rights are asked for again every 15 seconds; here only the log tells of a ban."""


async def _all_arrive(stage: Stage, viewers: list[Viewer]) -> None:
    """Whoever may looks once more, for longer than the net needs, and has everything then."""
    await asyncio.gather(*(v.look(stage.hub, stage.log, 4.5) for v in viewers if not v.refused))
    for viewer in viewers:
        last = stage.log.banned.get(viewer.caller.id)
        if last is None:
            assert viewer.seen[-1] == stage.log.head, (viewer.seen, stage.log.head)
        else:
            assert viewer.refused
            assert not viewer.seen or viewer.seen[-1] <= last, (viewer.seen, last)


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything may happen between any two streams of a round."""
    for module in ("choir", "rounds"):
        monkeypatch.setattr(f"app.services.{module}.AT_ONCE", 1)


@pytest.mark.parametrize("lossy", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("first", range(0, 4 * SCHEDULES, SCHEDULES))
def test_nobody_misses_a_number_or_sees_one_twice(first: int, lossy: float) -> None:
    for seed in range(first, first + SCHEDULES):
        loop = Clockwork(seed)
        stage = _stage(loop, lossy)
        try:
            loop.play(_a_busy_evening(stage))
        except BaseException as error:
            error.add_note(f"seed {seed}, lossy {lossy}")
            raise
