"""A hall of open streams, in a process of its own and as cheap as it gets: sockets and epoll."""

import gc
import multiprocessing
import select
import socket
import time
from array import array
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

import psutil

from loadtests.bench.stage import allow_files, seconds_of

ADDRESSES = 8  # loopback addresses to come from: one has 28,000 ports, and used ones rest a minute
OPENING_AT_ONCE = 100
TAKEN_AT_ONCE = 1 << 18
SILENCE = 10.0
UNKNOWN = 1 << 40


class Watchers:
    """The hall as the bench sees it: open more streams, wait for frames, close."""

    def __init__(self, url: str, marker: bytes) -> None:
        """A stream counts as open once `marker` has come."""
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        place = urlsplit(url)
        address = (place.hostname or "", place.port or 80)
        self._child = spawning.Process(target=_sit, args=(theirs, address, marker), daemon=True)
        self._child.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._pipe.send(("leave", None))
        self._child.join()

    def open(self, requests: Sequence[bytes]) -> None:
        """Open a stream for each request, and come back when all are open."""
        self._tell(("open", requests))
        self._hear()

    def expect(self, frames: int | None) -> None:
        """Begin to count: each stream is to see so many frames, or as many as `tell` says later."""
        self._tell(("count", frames))
        self._hear()

    def tell(self, frames: int) -> None:
        """Say how many frames each stream is to see, where that was not known before."""
        self._tell(frames)

    def arrivals(self) -> "list[array[float]]":
        """Wait for the frames; return for each when it came to the streams that it came to."""
        came: list[array[float]] = self._hear()
        return came

    def seconds(self) -> float:
        """Return the seconds of CPU that watching has taken so far."""
        return seconds_of(psutil.Process(self._child.pid or 0))

    def _tell(self, what: object) -> None:
        try:
            self._pipe.send(what)
        except OSError:
            self._mourn()

    def _hear(self) -> Any:
        try:
            return self._pipe.recv()
        except EOFError:
            self._mourn()

    def _mourn(self) -> NoReturn:
        """What it had to say itself it has written to the terminal."""
        self._child.join()
        raise SystemExit(
            f"The watchers ended with {self._child.exitcode}; no figures without them."
        )


def _sit(pipe: Connection, address: tuple[str, int], marker: bytes) -> None:
    allow_files()
    gc.disable()
    hall = _Hall(address, marker)
    while True:
        what, told = pipe.recv()
        if what == "leave":
            return
        if what == "open":
            hall.open(told)
            pipe.send(None)
        else:
            pipe.send(None)
            pipe.send(hall.count(told, pipe))


class _Hall:
    def __init__(self, address: tuple[str, int], marker: bytes) -> None:
        self._address = address
        self._marker = marker
        self._epoll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}

    def open(self, requests: Sequence[bytes]) -> None:
        """Open the streams, some at a time."""
        for first in range(0, len(requests), OPENING_AT_ONCE):
            waiting = {self._ask(request) for request in requests[first : first + OPENING_AT_ONCE]}
            heads = dict.fromkeys(waiting, b"")
            while waiting:
                for number, _ in self._epoll.poll():
                    data = self._sockets[number].recv(TAKEN_AT_ONCE)
                    heads[number] = heads.get(number, b"") + data
                    if self._marker in heads[number]:
                        waiting.discard(number)
                    elif not data:
                        raise SystemExit(f"a stream was refused: {heads[number]!r}")

    def _ask(self, request: bytes) -> int:
        source = f"127.0.0.{2 + len(self._sockets) % ADDRESSES}"
        one = socket.create_connection(self._address, source_address=(source, 0))
        one.sendall(request)
        self._sockets[one.fileno()] = one
        self._epoll.register(one, select.EPOLLIN)
        return one.fileno()

    def count(self, frames: int | None, pipe: Connection) -> "list[array[float]]":
        """Take in frames until every stream has seen that many, or nothing more comes."""
        came: list[array[float]] = []
        seen = dict.fromkeys(self._sockets, 0)
        missing = len(seen) * (UNKNOWN if frames is None else frames)
        take = {number: one.recv for number, one in self._sockets.items()}
        now = time.monotonic
        while missing > 0:
            ready = self._epoll.poll(SILENCE if frames is not None else 0.05)
            if frames is None and pipe.poll():
                frames = int(pipe.recv())
                missing -= len(seen) * (UNKNOWN - frames)
            elif frames is not None and not ready:
                break
            for number, _ in ready:
                data = take[number](TAKEN_AT_ONCE)
                at, first = now(), seen[number]
                last = first + data.count(b"id: ")
                while len(came) < last:
                    came.append(array("d"))
                for frame in range(first, last):
                    came[frame].append(at)
                missing -= last - first
                seen[number] = last
                if not data:
                    self._epoll.unregister(number)
        return came
