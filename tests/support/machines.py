"""Machines: network namespaces with a cable to this one, which a test may pull out.

They need root and Linux; where they cannot be made, tests that ask for them are skipped.
"""

import asyncio
import contextlib
import ctypes
import itertools
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.launch.ports import LOOPBACK

NETWORK = 0x4000_0000  # CLONE_NEWNET
COUNT = itertools.count(1)


class Machine:
    """This machine: its address, and how to run and to listen on it."""

    address = LOOPBACK
    command: tuple[str, ...] = ()

    def listen(self, port: int) -> socket.socket:
        return socket.create_server((self.address, port))


class Elsewhere(Machine):
    """A machine of its own, from which this one is `gateway`."""

    def __init__(self) -> None:
        number = next(COUNT)
        net = f"10.{200 + os.getpid() % 50}.{os.getpid() // 50 % 250}"
        self.name = f"assent-{os.getpid()}-{number}"
        self.gateway, self.address = f"{net}.{4 * number + 1}", f"{net}.{4 * number + 2}"
        self.command = (shutil.which("ip") or "ip", "netns", "exec", self.name)
        self._cable = f"as{os.getpid() % 100_000}n{number}"

    def build(self) -> None:
        _ip("netns", "add", self.name)
        _ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        _ip("addr", "add", f"{self.gateway}/30", "dev", self._cable)
        _ip("link", "set", self._cable, "up")
        for device in ("lo", "eth0"):
            _ip("-n", self.name, "link", "set", device, "up")
        _ip("-n", self.name, "addr", "add", f"{self.address}/30", "dev", "eth0")

    def remove(self) -> None:
        with contextlib.suppress(OSError):
            _ip("netns", "del", self.name)

    def unplug(self) -> None:
        """Pull the cable: from now on nothing arrives, and nobody is told."""
        _ip("-n", self.name, "link", "set", "eth0", "down")

    def plug_in(self) -> None:
        _ip("-n", self.name, "link", "set", "eth0", "up")

    def listen(self, port: int) -> socket.socket:
        with self.inside():
            return super().listen(port)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Open sockets as a program on that machine would; they stay there."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/proc/self/ns/net").open() as here:
            with Path(f"/run/netns/{self.name}").open() as there:
                assert libc.setns(there.fileno(), NETWORK) == 0, os.strerror(ctypes.get_errno())
            try:
                yield
            finally:
                assert libc.setns(here.fileno(), NETWORK) == 0

    @asynccontextmanager
    async def reaching(self, url: str) -> AsyncIterator[str]:
        """Let that machine reach a server that listens on this one's loopback alone."""
        parts = urlsplit(url)

        async def pair(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            back, forth = await asyncio.open_connection(parts.hostname, parts.port)
            await asyncio.gather(pass_on(reader, forth), pass_on(back, writer))

        server = await asyncio.start_server(pair, self.gateway, 0)
        try:
            port = server.sockets[0].getsockname()[1]
            who = parts.netloc.rpartition("@")[0]
            yield parts._replace(netloc=f"{who}@{self.gateway}:{port}").geturl()
        finally:
            server.close()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _ip(*words: str) -> None:
    """Tell the network to be so. Raises OSError, with the reason, where it cannot."""
    try:
        subprocess.run(["ip", *words], check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        raise OSError(error.stderr.decode().strip()) from error


BuildMachines = Callable[[int], list[Elsewhere]]


@pytest.fixture
def build_machines() -> Iterator[BuildMachines]:
    """Build machines, or skip the test where that is not possible."""
    built: list[Elsewhere] = []

    def build(count: int) -> list[Elsewhere]:
        for _ in range(count):
            built.append(Elsewhere())
            try:
                built[-1].build()
            except OSError as error:
                pytest.skip(f"no network namespaces here: {error}")
        return built

    yield build
    for machine in built:
        machine.remove()
