"""The time of day, as the database has it: one for all processes, whatever their own clocks say.

A machine whose clock is wrong would else write dates by which what is new is swept as old, and ids
that do not sort. Between two settings the monotonic clock goes on, which nobody can put back.
"""

from datetime import UTC, datetime
from time import monotonic
from typing import Final

# Seconds: by less than that a clock that is put back stands still instead.
STEP: Final = 1.0


class Clock:
    """This machine's own time until the database has told the right one."""

    def __init__(self) -> None:
        self._ahead: float | None = None
        self._latest = 0.0

    def set(self, told: datetime, asked: float, answered: float) -> None:
        """Take the time that was told between two moments of the monotonic clock.

        The one we have stays where that question is too coarse to say that it is wrong.
        """
        ahead = told.timestamp() - (asked + answered) / 2
        if self._ahead is not None:
            if abs(ahead - self._ahead) <= (answered - asked) / 2:
                return
            if ahead < self._ahead - STEP:
                self._latest = 0.0
        self._ahead = ahead

    def now(self) -> datetime:
        """Return the time of day."""
        if self._ahead is None:
            return datetime.now(UTC)
        self._latest = max(self._latest, monotonic() + self._ahead)
        return datetime.fromtimestamp(self._latest, UTC)

    def off(self) -> float:
        """Return by how many seconds this machine's own clock is behind the time of day."""
        return (self.now() - datetime.now(UTC)).total_seconds()


CLOCK: Final = Clock()
