"""A drain before the server's own stop: streams are sent away, then writes are finished.

The server tells streams nothing when it stops, and the end of the lifespan comes too late for them.
So the process takes the signal first and hands it on when it has drained.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from app.services.house import House

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
Handler = Callable[[int, FrameType | None], object]


@contextmanager
def drained_before_stop(house: House) -> Iterator[None]:
    """Drain the house before a signal reaches the handlers that stand now."""
    drain = _Drain(house)
    for number in SIGNALS:
        drain.stand_before(number)
    try:
        yield
    finally:
        drain.stand_aside()


class _Drain:
    def __init__(self, house: House) -> None:
        self._house = house
        self._loop = asyncio.get_running_loop()
        self._handlers: dict[int, Handler] = {}
        self._task: asyncio.Task[None] | None = None

    def stand_before(self, number: int) -> None:
        handler = signal.getsignal(number)
        if callable(handler) and handler is not signal.default_int_handler:
            self._handlers[number] = handler
            signal.signal(number, self._on_signal)

    def stand_aside(self) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._task is not None:
            # Asked twice: whoever asks does not want to wait for the drain.
            self._handlers[number](number, frame)
        else:
            self._loop.call_soon_threadsafe(self._begin, number)

    def _begin(self, number: int) -> None:
        if self._task is None:
            self._task = self._loop.create_task(self._run(number), name="drain")

    async def _run(self, number: int) -> None:
        try:
            await self._house.drain()
        finally:
            self._handlers[number](number, None)
