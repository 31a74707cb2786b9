"""Faults of PostgreSQL as processes: killed, paused, cut off, in part or whole, a full disk."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import psutil
import psycopg

from tests.faults.world import Fault, World
from tests.support.truth import Row, ask

PATIENCE: Final = 20.0
PAUSE: Final = 0.1
HELPERS: Final = ("checkpointer", "walwriter", "background writer")
# Each asks for a new file of the write-ahead log; so many are never kept in advance.
FILES: Final = 200
WRITE: Final = "SELECT pg_logical_emit_message(true, 'more', 'and more')"


@dataclass
class Databases:
    world: World
    chance: Random

    def faults(self) -> Iterator[Fault]:
        yield from (self.kill, self.stop_at_once, self.kill_backend, self.pause, self.cut)
        yield self.kill_helper
        if self.world.disk is not None:
            yield self.fill_disk

    @contextlib.asynccontextmanager
    async def kill(self) -> AsyncIterator[str]:
        await self._end(signal.SIGKILL)
        yield "PostgreSQL killed"
        self.world.postgres.restart()

    @contextlib.asynccontextmanager
    async def stop_at_once(self) -> AsyncIterator[str]:
        await self._end(signal.SIGQUIT)
        yield "PostgreSQL stopped in immediate mode"
        self.world.postgres.restart()

    async def _end(self, number: signal.Signals) -> None:
        child = self.world.postgres.child
        assert child is not None
        os.kill(child.pid, number)
        await asyncio.to_thread(child.wait, PATIENCE)

    @contextlib.asynccontextmanager
    async def kill_backend(self) -> AsyncIterator[str]:
        backends = self._backends()
        for backend in self.chance.sample(backends, min(1, len(backends))):
            await _kill(backend)
        yield "a backend of PostgreSQL killed"
        await self._serve_again()

    @contextlib.asynccontextmanager
    async def kill_helper(self) -> AsyncIterator[str]:
        """PostgreSQL answers the death of a child by ending all others, and recovers."""
        name = self.chance.choice(HELPERS)
        async with asyncio.timeout(PATIENCE):
            while not (found := self._children(name)):  # noqa: ASYNC110 - nobody tells of a child
                await asyncio.sleep(PAUSE)
        await _kill(found[0])
        yield f"the {name} of PostgreSQL killed"
        await self._serve_again()

    @contextlib.asynccontextmanager
    async def pause(self) -> AsyncIterator[str]:
        stopped = self._processes()
        _send(stopped, signal.SIGSTOP)
        yield "PostgreSQL paused"
        _send(stopped, signal.SIGCONT)

    @contextlib.asynccontextmanager
    async def cut(self) -> AsyncIterator[str]:
        _send(self._backends(), signal.SIGTERM)
        yield "every line to PostgreSQL cut"

    @contextlib.asynccontextmanager
    async def fill_disk(self) -> AsyncIterator[str]:
        """Leave no room for anything that is written, the write-ahead log included."""
        assert self.world.disk is not None
        async with await ask(self.world.postgres.url()) as line:
            self.world.disk.fill()
            ended = await _write_until_it_cannot(line)
        yield f"the disk of PostgreSQL full ({ended})"
        self.world.disk.free()
        await self._serve_again()

    async def _serve_again(self) -> None:
        """Let it recover by itself; start it again where it ended, or stays closed.

        Where its startup process found no room, PostgreSQL 18 has been seen to wait for one that
        was gone, and to let nobody in for good.
        """
        child = self.world.postgres.child
        assert child is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while child.running:
                    if await self._lets_in():
                        return
                    await asyncio.sleep(PAUSE)
        if child.running:
            await self._end(signal.SIGQUIT)
        self.world.postgres.restart()

    async def _lets_in(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            async with await psycopg.AsyncConnection.connect(self.world.postgres.url()):
                return True
        return False

    def _processes(self) -> list[psutil.Process]:
        assert self.world.postgres.child is not None
        postmaster = psutil.Process(self.world.postgres.child.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _backends(self) -> list[psutil.Process]:
        """The processes that serve somebody, which name whom in their title."""
        return self._children("127.0.0.1")

    def _children(self, title: str) -> list[psutil.Process]:
        _, *children = self._processes()
        return [child for child in children if title in _title(child)]


async def _write_until_it_cannot(line: psycopg.AsyncConnection[Row]) -> str:
    try:
        for _ in range(FILES):
            await line.execute(WRITE)
            await line.execute("SELECT pg_switch_wal()")
    except psycopg.Error as error:
        return str(error).partition("\n")[0]
    raise AssertionError("a full disk stopped nothing")


def _title(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


async def _kill(process: psutil.Process) -> None:
    """Come back when PostgreSQL has noticed: it lets nobody in from then on until it is well."""
    _send([process], signal.SIGKILL)
    await asyncio.to_thread(process.wait, PATIENCE)


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
