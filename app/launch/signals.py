"""Signals, made into one exception for the end and one thing to wait for."""

import select
import signal
import socket
from types import FrameType, TracebackType
from typing import Self

from app.launch.errors import Stop

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """While open, the first wish for the end raises `Stop` in the main thread; more change nothing.

    What follows a `Stop` takes a bounded time, so nobody needs to ask twice.
    """

    def __enter__(self) -> Self:
        self._inner, self._outer = socket.socketpair()
        self._inner.setblocking(False)
        self._outer.setblocking(False)
        signal.set_wakeup_fd(self._inner.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.getsignal(number) for number in (*ENDS, signal.SIGCHLD)}
        for number in ENDS:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._inner.close()
        self._outer.close()

    def wait(self, seconds: float | None = None) -> None:
        """Sleep until a child may have ended, or the time is over."""
        if select.select([self._outer], [], [], seconds)[0]:
            self._outer.recv(4096)

    @staticmethod
    def _stop(_number: int, _frame: FrameType | None) -> None:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        raise Stop
