"""Keeps what was started running: what ends by itself is started again, within reason."""

import time
from collections import deque
from typing import Protocol

from app.launch.banner import Banner
from app.launch.errors import LaunchError
from app.launch.signals import Signals

# More ends than this within a minute are no accident that another start would mend.
MOST = 10
MINUTE = 60.0
PAUSE = 0.5


class Service(Protocol):
    """Something that runs in processes of its own."""

    name: str

    def running(self) -> bool: ...

    def restart(self) -> None: ...

    def stop(self) -> None: ...


class Keeper:
    """Watches services until somebody asks for the end."""

    def __init__(self, signals: Signals, banner: Banner) -> None:
        self._signals = signals
        self._banner = banner
        self._services: list[Service] = []
        self._ends: deque[float] = deque(maxlen=MOST)

    def watch(self, service: Service) -> None:
        self._services.append(service)

    def keep(self) -> None:
        """Return never; `Stop` is the way out."""
        while True:
            for service in self._services:
                if not service.running():
                    self._mend(service)
            self._signals.wait()

    def _mend(self, service: Service) -> None:
        now = time.monotonic()
        if len(self._ends) == MOST and now - self._ends[0] < MINUTE:
            raise LaunchError(
                f"{service.name} keeps ending; its last words are above or in its log."
            )
        if self._ends and now - self._ends[-1] < PAUSE:
            time.sleep(PAUSE)
        self._ends.append(now)
        self._banner.warn(f"{service.name} ended unexpectedly and is started again.")
        service.restart()
