"""Switches: addresses that lead to one server and then to another, or to none."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from urllib.parse import SplitResult, urlsplit

from app.launch.ports import LOOPBACK


class Switch:
    """A line in is a line to wherever it leads now; None leads nowhere."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._to: int | None = self._parts.port
        self._open: set[asyncio.StreamWriter] = set()
        self._own = ""
        self._passing = asyncio.Event()
        self._passing.set()

    @property
    def url(self) -> str:
        who = self._parts.netloc.rpartition("@")[0]
        netloc = f"{who}@{self._own}" if who else self._own
        parts: SplitResult = self._parts._replace(netloc=netloc)
        return parts.geturl()

    def lead(self, to: int | None) -> None:
        """Lead to another port from now on, and cut the lines to where it led."""
        self._to = to
        for line in list(self._open):
            line.transport.abort()
        self._passing.set()

    def hold(self) -> None:
        """Pass nothing on from now on, and let nobody know, until it leads somewhere else."""
        self._passing.clear()

    @contextlib.asynccontextmanager
    async def open(self, listener: socket.socket | None = None) -> AsyncIterator["Switch"]:
        """Listen on this machine, or where a socket of another one does."""
        listener = listener or socket.create_server((LOOPBACK, 0))
        server = await asyncio.start_server(self._pair, sock=listener)
        host, port = listener.getsockname()
        self._own = f"{host}:{port}"
        try:
            yield self
        finally:
            server.close()
            self.lead(None)

    async def _pair(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        try:
            if self._to is None:
                raise ConnectionRefusedError
            back, far = await asyncio.open_connection(LOOPBACK, self._to)
        except OSError:
            near.transport.abort()
            return
        self._open |= {near, far}
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._pass_on(reader, far), self._pass_on(back, near))
        self._open -= {near, far}

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._passing.wait()
                writer.write(data)
                await writer.drain()
        writer.close()
