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
# Fifty thousand young objects at the most are looked at in one go, which takes 10 to 20 ms: with
# ten times as many every stream once waited 150.
COLLECTING = (5_000, 10, 500)
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

    A full collection walks everything that lives, and was the tail of the delivery times. Nor is
    there one here: it would find next to nothing, and be a tenth of the start.
    """
    gc.freeze()
    gc.set_threshold(*COLLECTING)
    gc.enable()


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


def main() -> None:
    # What a start makes stays, so nobody looks through it meanwhile.
    gc.disable()
    listener, ready = map(int, sys.argv[1:3])
    chosen, taken = settings(), socket.socket(fileno=listener)
    server = Server(configuration(chosen), ready)
    server.run(sockets=[taken])
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    main()
