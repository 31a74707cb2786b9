"""Faults of the lines to clients: cut, read by nobody, and half open."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from random import Random

from tests.faults.people import Storm
from tests.faults.world import Fault, World


@dataclass
class Lines:
    world: World
    storm: Storm
    chance: Random

    def faults(self) -> Iterator[Fault]:
        yield from (self.cut_clients, self.stall_watchers)
        if self.world.phones is not None:
            yield self.lose_phones

    @contextlib.asynccontextmanager
    async def cut_clients(self) -> AsyncIterator[str]:
        flying = list(self.storm.flying)
        cut = self.chance.sample(flying, len(flying) // 2)
        for line in cut:
            line.cancel()
        yield f"{len(cut)} lines of clients cut"

    @contextlib.asynccontextmanager
    async def stall_watchers(self) -> AsyncIterator[str]:
        stalled = self.chance.sample(sorted(self.storm.reading), len(self.storm.reading) // 2)
        for who in stalled:
            self.storm.reading[who].clear()
        yield f"{', '.join(stalled)} read nothing"
        for who in stalled:
            self.storm.reading[who].set()

    @contextlib.asynccontextmanager
    async def lose_phones(self) -> AsyncIterator[str]:
        """Leave servers with lines to nobody: they have to find out by themselves."""
        assert self.world.phones is not None
        self.world.phones.lose()
        yield "phones out of range"
        if not await asyncio.to_thread(self.world.phones.until_given_up):
            self.storm.history.strange.append("a server kept a line to a phone that was gone")
        self.world.phones.come_back()
