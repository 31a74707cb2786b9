"""Doorbells: every process is told that something is new somewhere, and looks for itself.

What rings within a moment goes out as one message on one channel, whatever the number of events.
A doorbell may be lost: whoever listens has a net.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import orjson

from app.utils.bus import Bus
from app.utils.channels import EVERYBODY
from app.utils.signals import Signals

# Seconds in which rings are gathered.
GATHER: Final = 0.1
# Rung with the id of every event that a write changed.
CHANGED: Final = "changed"

Heard = Callable[[Any], None]


class Doorbells:
    """The doorbells of this process. What rings here is heard here at once."""

    def __init__(self, bus: Bus, signals: Signals) -> None:
        self._bus = bus
        self._signals = signals
        self._ears: dict[str, Heard] = {}
        self._rung: dict[tuple[str, str], Any] = {}

    def listen(self, bell: str, heard: Heard) -> None:
        """Have `heard` called with whatever is rung at a bell, here and elsewhere."""
        self._ears[bell] = heard

    def ring(self, bell: str, what: Any) -> None:
        """Ring at a bell. `what` is JSON; the same within a moment goes out once."""
        self._hear(bell, what)
        if not self._rung:
            asyncio.get_running_loop().call_later(GATHER, self._send)
        self._rung[bell, str(what)] = what

    def on_message(self, message: bytes) -> None:
        said = self._signals.unpack(message)
        for bell, what in orjson.loads(said) if said else ():
            self._hear(bell, what)

    def _send(self) -> None:
        rung, self._rung = self._rung, {}
        said = orjson.dumps([(bell, what) for (bell, _), what in rung.items()])
        self._bus.publish(EVERYBODY, self._signals.pack(said))

    def _hear(self, bell: str, what: Any) -> None:
        if bell in self._ears:
            self._ears[bell](what)
