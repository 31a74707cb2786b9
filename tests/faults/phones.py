"""Phones: people whose lines go through a machine of its own, which goes out of range."""

import asyncio
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import psutil

from app.launch.ports import LOOPBACK
from tests.support.machines import Elsewhere, pass_on
from tests.support.server import Server

DIALING: Final = 5.0
PATIENCE: Final = 30.0
# Close without a word: what a machine does that has forgotten the connection.
SILENT: Final = struct.pack("ii", 1, 0)
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Phones:
    """Relays on a machine that has a cable: a line in is a line from there to a server."""

    machine: Elsewhere
    urls: list[str] = field(default_factory=list)
    _relays: list[asyncio.Server] = field(default_factory=list)
    _open: dict[asyncio.StreamWriter, asyncio.StreamWriter] = field(default_factory=dict)

    async def switch_on(self, *servers: Server) -> None:
        for server in servers:
            relay = await asyncio.start_server(self._relay_to(server), LOOPBACK, 0)
            self._relays.append(relay)
            self.urls.append(f"http://{LOOPBACK}:{relay.sockets[0].getsockname()[1]}")

    def switch_off(self) -> None:
        for relay in self._relays:
            relay.close()
        for near, far in self._open.items():
            near.close()
            far.close()

    def lose(self) -> None:
        """Go out of range: nothing arrives any more, and nobody is told."""
        self.machine.unplug()

    def come_back(self) -> None:
        """Be in range again, with no memory of the lines of before: people see that they broke."""
        for near, far in list(self._open.items()):
            taken = far.get_extra_info("socket")
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SILENT)
            far.transport.abort()
            near.transport.abort()
        self.machine.plug_in()

    def until_given_up(self) -> bool:
        """Come back when no server holds a line to a phone any more; tell whether they let go."""
        deadline = time.monotonic() + PATIENCE
        while self._held():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def _held(self) -> int:
        """Count what processes hold; what they let go of, the kernel forgets when it likes."""
        return sum(
            line.raddr.ip == self.machine.address
            for line in psutil.net_connections("tcp")
            if line.raddr and line.pid is not None
        )

    def _relay_to(self, server: Server) -> Handler:
        async def relay(reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
            try:
                dialed = await asyncio.to_thread(self._dial, server.port)
                back, far = await asyncio.open_connection(sock=dialed)
            except OSError:
                near.close()
                return
            self._open[near] = far
            await asyncio.gather(pass_on(reader, far), pass_on(back, near))
            del self._open[near]

        return relay

    def _dial(self, port: int) -> socket.socket:
        with self.machine.inside():
            dialed = socket.socket()
        dialed.settimeout(DIALING)
        try:
            dialed.connect((self.machine.gateway, port))
        except OSError:
            dialed.close()
            raise
        dialed.setblocking(False)
        return dialed
