"""One serving process: takes the socket it was handed, says when it is ready, ends when told.

    python -m app.launch.worker LISTENER READY

Both are file descriptors. READY gets one byte once requests are answered, or -1 where nobody asks.
"""

import gc
import math
import os
import socket
import sys

import uvicorn
from typing_extensions import override

from app.config import Settings, settings
from app.launch.arriving import ArrivingProtocol

BACKLOG = 4096
COLLECTING = (10_000, 50, 50)
KEEP_ALIVE = 75  # longer than the proxies before us keep theirs, so that they close first


class Server(uvicorn.Server):
    """uvicorn, with a word to the launcher once it answers."""

    def __init__(self, config: uvicorn.Config, ready: int) -> None:
        super().__init__(config)
        self._ready = ready

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _spare_the_collector()
        if self.started and self._ready >= 0:
            os.write(self._ready, b"1")
            os.close(self._ready)


def _spare_the_collector() -> None:
    """What the program is made of is never garbage; ten thousand streams are seldom looked at.

    A full collection walks everything that lives, and was the tail of the delivery times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


def configuration(chosen: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "app.main:create_app",
        factory=True,
        loop="uvloop",
        http=ArrivingProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="info" if chosen.environment == "production" else "warning",
        access_log=False,
        server_header=False,
        proxy_headers=True,  # believed from FORWARDED_ALLOW_IPS alone, by default this machine
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=max(1, math.ceil(chosen.drain)),
    )


def give_up_on_the_dead(listener: socket.socket, seconds: float) -> None:
    """Let the kernel end connections whose far end acknowledges nothing for so long.

    What is accepted inherits it. A phone that went out of range would else keep its stream for a
    quarter of an hour, and for ever what waits for its words. Linux alone can do it.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT") and listener.family != socket.AF_UNIX:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(seconds * 1000))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
            listener.setsockopt(socket.IPPROTO_TCP, option, max(1, round(seconds)))


def main() -> None:
    listener, ready = map(int, sys.argv[1:3])
    chosen, taken = settings(), socket.socket(fileno=listener)
    give_up_on_the_dead(taken, chosen.unacknowledged)
    server = Server(configuration(chosen), ready)
    server.run(sockets=[taken])
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    main()
