"""A bench that loses a part ends loudly: a table without it would be believed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import psutil
import pytest

from app.launch.ports import free_port
from loadtests.bench.reference import run_pgbench
from loadtests.bench.watchers import Watchers
from loadtests.bench.wire import connect

ASKED = b"GET / HTTP/1.1\r\n\r\n"


@asynccontextmanager
async def _answering(answer: bytes, *, goes_on: bool) -> AsyncIterator[str]:
    """Answer every request the same, and hang up unless it goes on; yield the address."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        if goes_on:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_watchers_that_are_killed_end_the_run() -> None:
    def lose(url: str) -> None:
        with Watchers(url, b":\n\n") as watchers:
            watchers.open([ASKED])
            watchers.expect(1)
            (child,) = [
                one for one in psutil.Process().children() if "spawn_main" in str(one.cmdline())
            ]
            os.kill(child.pid, signal.SIGKILL)
            watchers.arrivals()

    async with _answering(b"HTTP/1.1 200 OK\r\n\r\n:\n\n", goes_on=True) as url:
        with pytest.raises(SystemExit, match="The watchers ended with -9"):
            await asyncio.to_thread(lose, url)


async def test_watchers_that_are_refused_say_so(capfd: pytest.CaptureFixture[str]) -> None:
    def watch(url: str) -> None:
        with Watchers(url, b":\n\n") as watchers:
            watchers.open([ASKED])

    async with _answering(b"HTTP/1.1 503 No\r\n\r\n", goes_on=False) as url:
        with pytest.raises(SystemExit, match="The watchers ended with 1"):
            await asyncio.to_thread(watch, url)
    assert "a stream was refused: b'HTTP/1.1 503 No" in capfd.readouterr().err


async def test_who_asks_a_server_that_has_gone_is_told() -> None:
    async with _answering(b"", goes_on=False) as url:
        door = await connect("127.0.0.1", urlsplit(url).port or 0)
        for _ in range(2):
            with pytest.raises(ConnectionError, match="hung up"):
                await door.ask("GET", "/", None)


def test_a_pgbench_that_fails_says_why() -> None:
    with pytest.raises(SystemExit, match=r"pgbench ended with 1: .*connection to server"):
        run_pgbench(f"postgresql://nobody@127.0.0.1:{free_port()}/none", 1)
