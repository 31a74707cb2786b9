"""Faults of Valkey: killed, paused, emptied, cut off, slow, and deaf to what is published."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final

import redis.asyncio as redis

from tests.faults.world import Fault, World

PATIENCE: Final = 20.0
# Milliseconds for which nobody is answered.
SLOW: Final = "1500"


@dataclass
class Doorbells:
    world: World

    def faults(self) -> Iterator[Fault]:
        yield from (self.kill, self.pause, self.slow, self.flush, self.cut, self.drop_publishes)

    @contextlib.asynccontextmanager
    async def kill(self) -> AsyncIterator[str]:
        child = self.world.valkey.child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        child.wait(PATIENCE)
        yield "Valkey killed"
        self.world.valkey.restart()

    @contextlib.asynccontextmanager
    async def pause(self) -> AsyncIterator[str]:
        child = self.world.valkey.child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        yield "Valkey paused"
        os.kill(child.pid, signal.SIGCONT)

    @contextlib.asynccontextmanager
    async def slow(self) -> AsyncIterator[str]:
        await self._tell("CLIENT", "PAUSE", SLOW, "ALL")
        yield "Valkey slow to answer"

    @contextlib.asynccontextmanager
    async def flush(self) -> AsyncIterator[str]:
        await self._tell("FLUSHALL")
        yield "Valkey flushed"

    @contextlib.asynccontextmanager
    async def cut(self) -> AsyncIterator[str]:
        await self._tell("CLIENT", "KILL", "TYPE", "pubsub")
        await self._tell("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        yield "every line to Valkey cut"

    @contextlib.asynccontextmanager
    async def drop_publishes(self) -> AsyncIterator[str]:
        """Let everybody listen, and nothing be heard."""
        await self._tell("ACL", "SETUSER", "default", "-publish")
        yield "everything published is dropped"
        await self._tell("ACL", "SETUSER", "default", "+publish")

    async def _tell(self, *words: str) -> None:
        async with redis.Redis.from_url(self.world.valkey.url) as client:
            await client.execute_command(*words)
