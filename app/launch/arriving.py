"""The head of a request: bounded in bytes and in time, before any of our code is asked.

uvicorn waits for ever for the rest of a line, and takes as many headers as there is memory for.
"""

import asyncio
import socket
from typing import Final

from typing_extensions import override

from app.config import settings
from app.launch.lending import LendingProtocol
from app.routers.problems import SECURITY_HEADERS, render

HEAD_BYTES: Final = 65_536
LINGER: Final = 2.0  # seconds
LATE: Final = ("too_slow", "The request did not arrive in time. Send it again.")
LARGE: Final = ("head_too_large", "The address and headers are too long. Send less.")
BROKEN: Final = ("not_http", "This is no HTTP request. Mend it and send it again.")
Refusal = tuple[str, str]


def give_up_when_dead(line: socket.socket, seconds: float) -> None:
    """Let the kernel end a connection whose far end acknowledges nothing for so long.

    A phone that went out of range would else keep its stream for a quarter of an hour, and for ever
    what waits for its words. Told to each connection: those that came while the server started
    inherit nothing from a listener that learned it later. Linux alone can do it.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT") and line.family != socket.AF_UNIX:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(seconds * 1000))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
            line.setsockopt(socket.IPPROTO_TCP, option, max(1, round(seconds)))


class ArrivingProtocol(LendingProtocol):
    """Gives up connections whose next request does not begin as it should."""

    _timer: asyncio.TimerHandle | None = None
    _arriving = True
    _bytes = 0
    _refused = False

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        give_up_when_dead(transport.get_extra_info("socket"), settings().unacknowledged)
        self._set_timer()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._unset_timer()

    @override
    def on_message_begin(self) -> None:
        self._arriving, self._bytes = True, 0
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        self._arriving = False
        super().on_headers_complete()

    @override
    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        super().data_received(data)
        # Nearly every head comes in one piece, and costs no timer.
        if not self._arriving:
            self._unset_timer()
        elif self._timer is None:
            self._set_timer()
        self._bytes += len(data)
        if self._arriving and self._bytes > HEAD_BYTES:
            self._refuse(431, LARGE)

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(400, BROKEN)

    def _set_timer(self) -> None:
        self._timer = self.loop.call_later(settings().arrival, self._is_late)

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_late(self) -> None:
        self._timer = None
        if self.cycle is None or self.cycle.response_complete:
            self._refuse(408, LATE)
        else:
            self._set_timer()  # what came before is still being answered

    def _refuse(self, status: int, why: Refusal) -> None:
        """Answer in the one form that all refusals have, and hang up.

        What still comes is read and dropped for a moment: a kernel that closes over unread bytes
        resets the connection, and the far end loses the answer with it (RFC 9112, 9.6).
        """
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        answer = render(status, *why, safe=True)
        answer.headers.update(SECURITY_HEADERS | {"Connection": "close"})
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
        self.transport.write(b"HTTP/1.1 %d \r\n%s\r\n%s" % (status, lines, answer.body))
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self._unset_timer()
            self._timer = self.loop.call_later(LINGER, self.transport.close)
        else:
            self.transport.close()
