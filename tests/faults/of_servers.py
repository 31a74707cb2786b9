"""Faults of the servers: killed, replaced, paused, and with a clock that is wrong."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.faults.history import History
from tests.faults.world import Fault, World
from tests.support.server import Server

PATIENCE: Final = 20.0
HOUR: Final = 3_600
# A little, past the life of a key, past that of a session, and past what 32 bits can count.
JUMPS: Final = (30, 25 * HOUR, 40 * 24 * HOUR, 20 * 365 * 24 * HOUR)


@dataclass
class Servers:
    world: World
    history: History
    chance: Random

    def faults(self) -> Iterator[Fault]:
        yield from (self.kill, self.pause, self.replace)
        if self.world.clocks:
            yield from (self.put_clock_forward, self.put_clock_back)

    def _server(self) -> tuple[int, Server]:
        return self.chance.choice(list(enumerate(self.world.servers)))

    @contextlib.asynccontextmanager
    async def kill(self) -> AsyncIterator[str]:
        place, server = self._server()
        server.kill()
        yield f"server {place} killed"
        await self._start_again(server)

    @contextlib.asynccontextmanager
    async def replace(self) -> AsyncIterator[str]:
        place, server = self._server()
        server.terminate()
        yield f"server {place} asked to end"
        await asyncio.to_thread(server.exit_code, PATIENCE)
        await self._start_again(server)

    async def _start_again(self, server: Server) -> None:
        self.history.strange += server.complaints()
        server.start()
        await asyncio.to_thread(server.ready)

    @contextlib.asynccontextmanager
    async def pause(self) -> AsyncIterator[str]:
        place, server = self._server()
        server.send(signal.SIGSTOP)
        yield f"server {place} paused"
        server.send(signal.SIGCONT)

    @contextlib.asynccontextmanager
    async def put_clock_forward(self) -> AsyncIterator[str]:
        async with self._at_another_time(+1) as what:
            yield what

    @contextlib.asynccontextmanager
    async def put_clock_back(self) -> AsyncIterator[str]:
        async with self._at_another_time(-1) as what:
            yield what

    @contextlib.asynccontextmanager
    async def _at_another_time(self, sign: int) -> AsyncIterator[str]:
        place, clock = self.chance.choice(list(enumerate(self.world.clocks)))
        seconds = sign * self.chance.choice(JUMPS)
        clock.jump(seconds)
        yield f"the clock of server {place} is {seconds / HOUR:+.2f} h off"
        clock.jump(0)
