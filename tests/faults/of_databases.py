"""Faults of PostgreSQL as processes: killed, paused, cut off, in part or whole, a full disk."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import psutil
import psycopg

from tests.faults.world import Fault, World

PATIENCE: Final = 20.0
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
        _send(self.chance.sample(backends, min(1, len(backends))), signal.SIGKILL)
        yield "a backend of PostgreSQL killed"

    @contextlib.asynccontextmanager
    async def kill_helper(self) -> AsyncIterator[str]:
        """PostgreSQL answers the death of a child by ending all others, and recovers."""
        name = self.chance.choice(HELPERS)
        _, *children = self._processes()
        (helper,) = [child for child in children if name in _title(child)]
        _send([helper], signal.SIGKILL)
        yield f"the {name} of PostgreSQL killed"
        assert await asyncio.to_thread(self._recovers)

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
        self.world.disk.fill()
        ended = await asyncio.to_thread(self._write_until_it_cannot)
        yield f"the disk of PostgreSQL full ({ended})"
        self.world.disk.free()
        if not await asyncio.to_thread(self._recovers):
            self.world.postgres.restart()

    def _write_until_it_cannot(self) -> str:
        try:
            with psycopg.connect(self.world.postgres.url(), autocommit=True) as line:
                for _ in range(FILES):
                    line.execute(WRITE)
                    line.execute("SELECT pg_switch_wal()")
        except psycopg.Error as error:
            return str(error).partition("\n")[0]
        raise AssertionError("a full disk stopped nothing")

    def _recovers(self) -> bool:
        """Come back when it serves again by itself, or has ended and has to be started."""
        child = self.world.postgres.child
        assert child is not None
        while child.running:
            with (
                contextlib.suppress(psycopg.OperationalError),
                psycopg.connect(self.world.postgres.url(), connect_timeout=5),
            ):
                return True
            time.sleep(0.1)
        return False

    def _processes(self) -> list[psutil.Process]:
        assert self.world.postgres.child is not None
        postmaster = psutil.Process(self.world.postgres.child.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _backends(self) -> list[psutil.Process]:
        """The processes that serve somebody, which name whom in their title."""
        _, *children = self._processes()
        return [child for child in children if "127.0.0.1" in _title(child)]


def _title(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
