"""The nemesis: breaks one part of the world after another, in an order that its seed decides."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from random import Random

import psutil
import redis.asyncio as redis

from app.launch.postgres import Postgres
from app.launch.valkey import Valkey
from tests.faults.people import Storm
from tests.support.server import Server

PATIENCE = 20.0
Fault = Callable[[], contextlib.AbstractAsyncContextManager[str]]


@dataclass
class World:
    """The parts that can break."""

    servers: tuple[Server, ...]
    postgres: Postgres
    valkey: Valkey


@dataclass
class Nemesis:
    """Every kind of fault once a round; each is mended before the storm is judged."""

    world: World
    storm: Storm
    chance: Random

    async def rage(self, seconds: float) -> None:
        """Break things for so long, and through at least one round."""
        clock = asyncio.get_running_loop().time
        end, first = clock() + seconds, True
        while first or clock() < end:
            faults = list(self.faults())
            self.chance.shuffle(faults)
            for fault in faults:
                if not first and clock() >= end:
                    return
                await self._inflict(fault)
            first = False

    def faults(self) -> tuple[Fault, ...]:
        return (
            *(self.kill_server, self.pause_server, self.replace_server),
            *(self.kill_postgres, self.kill_backend, self.pause_postgres, self.cut_postgres),
            *(self.kill_valkey, self.pause_valkey, self.flush_valkey, self.cut_valkey),
            *(self.cut_clients, self.stall_watchers),
        )

    async def _inflict(self, fault: Fault) -> None:
        async with fault() as what:
            self.storm.history.fault(what)
            await asyncio.sleep(self.chance.uniform(0.2, 0.9))
            if self.chance.random() < 0.3:
                async with self.cut_clients() as more:
                    self.storm.history.fault(more)
        self.storm.history.fault(f"mended: {what}")
        await asyncio.sleep(self.chance.uniform(0.1, 0.5))

    def _server(self) -> tuple[int, Server]:
        return self.chance.choice(list(enumerate(self.world.servers)))

    @contextlib.asynccontextmanager
    async def kill_server(self) -> AsyncIterator[str]:
        place, server = self._server()
        server.kill()
        yield f"server {place} killed"
        await self._start_again(server)

    @contextlib.asynccontextmanager
    async def replace_server(self) -> AsyncIterator[str]:
        place, server = self._server()
        server.terminate()
        yield f"server {place} asked to end"
        await asyncio.to_thread(server.exit_code, PATIENCE)
        await self._start_again(server)

    async def _start_again(self, server: Server) -> None:
        self.storm.history.strange += server.complaints()
        server.start()
        await asyncio.to_thread(server.ready)

    @contextlib.asynccontextmanager
    async def pause_server(self) -> AsyncIterator[str]:
        place, server = self._server()
        server.send(signal.SIGSTOP)
        yield f"server {place} paused"
        server.send(signal.SIGCONT)

    @contextlib.asynccontextmanager
    async def kill_postgres(self) -> AsyncIterator[str]:
        child = self.world.postgres.child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        await asyncio.to_thread(child.wait, PATIENCE)
        yield "PostgreSQL killed"
        self.world.postgres.restart()

    @contextlib.asynccontextmanager
    async def kill_backend(self) -> AsyncIterator[str]:
        backends = self._backends()
        _send(self.chance.sample(backends, min(1, len(backends))), signal.SIGKILL)
        yield "a backend of PostgreSQL killed"

    @contextlib.asynccontextmanager
    async def pause_postgres(self) -> AsyncIterator[str]:
        stopped = self._postgres()
        _send(stopped, signal.SIGSTOP)
        yield "PostgreSQL paused"
        _send(stopped, signal.SIGCONT)

    @contextlib.asynccontextmanager
    async def cut_postgres(self) -> AsyncIterator[str]:
        _send(self._backends(), signal.SIGTERM)
        yield "every line to PostgreSQL cut"

    def _postgres(self) -> list[psutil.Process]:
        assert self.world.postgres.child is not None
        postmaster = psutil.Process(self.world.postgres.child.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _backends(self) -> list[psutil.Process]:
        """The processes that serve somebody, which name whom in their title."""
        _, *children = self._postgres()
        return [child for child in children if "127.0.0.1" in _title(child)]

    @contextlib.asynccontextmanager
    async def kill_valkey(self) -> AsyncIterator[str]:
        child = self.world.valkey.child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        child.wait(PATIENCE)
        yield "Valkey killed"
        self.world.valkey.restart()

    @contextlib.asynccontextmanager
    async def pause_valkey(self) -> AsyncIterator[str]:
        child = self.world.valkey.child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        yield "Valkey paused"
        os.kill(child.pid, signal.SIGCONT)

    @contextlib.asynccontextmanager
    async def flush_valkey(self) -> AsyncIterator[str]:
        await self._tell_valkey("FLUSHALL")
        yield "Valkey flushed"

    @contextlib.asynccontextmanager
    async def cut_valkey(self) -> AsyncIterator[str]:
        await self._tell_valkey("CLIENT", "KILL", "TYPE", "pubsub")
        await self._tell_valkey("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        yield "every line to Valkey cut"

    async def _tell_valkey(self, *words: str) -> None:
        async with redis.Redis.from_url(self.world.valkey.url) as client:
            await client.execute_command(*words)

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


def _title(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
