"""How many people there are, minute by minute: steady, in storms, or all coming back at once.

`SHAPE=storm|reconnect|soak make load`; without one, locust's own steady number.
"""

import os
from collections.abc import Callable

from locust import LoadTestShape
from locust.util.timespan import parse_timespan

CALM, RAGE = 0.2, 1.0
# Seconds of one turn: most of it calm, then everybody.
TURN, STORM = 30, 10
# People who come in one second: locust warns of more.
FASTEST = 100


class Tide(LoadTestShape):
    """USERS people for TIME seconds, as SHAPE says."""

    abstract = "SHAPE" not in os.environ

    def __init__(self) -> None:
        super().__init__()
        self._most = int(os.environ.get("USERS", "100"))
        self._seconds = parse_timespan(os.environ.get("TIME", "60s"))
        self._part = SHAPES[os.environ.get("SHAPE", "soak")]

    def tick(self) -> tuple[int, float] | None:
        """Return how many people there are to be, and how many may come in a second."""
        now = self.get_run_time()
        if now >= self._seconds:
            return None
        return max(1, round(self._most * self._part(now))), min(self._most, FASTEST)


def _storm(now: float) -> float:
    """A few people, and every half minute all of them for ten seconds."""
    return RAGE if now % TURN < STORM else CALM


def _reconnect(now: float) -> float:
    """All of them; every half minute nearly all go, and are back five seconds later."""
    return CALM if STORM <= now % TURN < STORM + 5 else RAGE


def _soak(_: float) -> float:
    return RAGE


SHAPES: dict[str, Callable[[float], float]] = {
    "storm": _storm,
    "reconnect": _reconnect,
    "soak": _soak,
}
