"""People's screens: one driven as a server's `send` is, and one with a socket of its own."""

import asyncio
import contextlib
import socket
from random import Random
from typing import Any

from app.utils.chunks import as_chunk
from tests.support.sse import Frame, Parser

# Bytes that may wait before the server is told to stop, as a transport's high-water mark.
MUCH = 2_000


class Screen:
    """A sink that takes nothing for a while now and then, and keeps every frame it got."""

    line: "Window | None" = None

    def __init__(self, chance: Random) -> None:
        self.blocked_since: float | None = None
        self.frames: list[Frame] = []
        self.over = asyncio.Event()
        self.unblock: Any = None
        self._parser = Parser()
        self._chance = chance

    def push(self, chunk: bytes) -> None:
        self.frames += self._parser.feed(chunk)
        if self.blocked_since is None and self._chance.random() < 0.2:
            loop = asyncio.get_running_loop()
            self.blocked_since = loop.time()
            loop.call_later(self._chance.uniform(0, 2.0), self._go_on)

    def _go_on(self) -> None:
        self.blocked_since = None
        if self.unblock is not None:
            self.unblock()

    def end(self) -> None:
        self.over.set()

    def cut(self) -> None:
        self.over.set()

    def close(self) -> None:
        """Nobody looks any more."""


class Window(Screen):
    """A screen at the end of a real socket, which is small, and is read now and then."""

    def __init__(self, chance: Random) -> None:
        super().__init__(chance)
        self.line = self
        self._near, self._far = socket.socketpair()
        for end in (self._near, self._far):
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        self._held = self._unread = b""
        self._look_again()

    def socket(self) -> int:
        return -1 if self._held or self.over.is_set() else self._near.fileno()

    def carry(self, rest: bytes) -> None:
        self._held += rest
        self._send_on()

    def push(self, chunk: bytes) -> None:
        self.carry(as_chunk(chunk))

    def close(self) -> None:
        """Close the socket: its number is the next one's who opens one."""
        self._read()
        self._near.close()
        self._far.close()

    def _send_on(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._held:
                self._held = self._held[self._near.send(self._held) :]
        if len(self._held) > MUCH and self.blocked_since is None:
            self.blocked_since = asyncio.get_running_loop().time()
        elif not self._held and self.blocked_since is not None:
            self._go_on()

    def _look_again(self) -> None:
        if self._far.fileno() >= 0:
            self._read()
            self._send_on()
            wait = self._chance.choice((0.01, self._chance.uniform(0, 3.0)))
            asyncio.get_running_loop().call_later(wait, self._look_again)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while data := self._far.recv(1 << 16):
                self._unread += data
        while self._unread:
            size, found, rest = self._unread.partition(b"\r\n")
            length = int(size, 16) if found else len(rest)
            if len(rest) < length + 2:
                return
            assert rest[length : length + 2] == b"\r\n", "chunks are mixed up"
            self.frames += self._parser.feed(rest[:length])
            self._unread = rest[length + 2 :]
