"""The time of day, as the database has it: one for all processes, whatever their own clocks say.

A machine whose clock is wrong would else write dates by which what is new is swept as old, and ids
that do not sort. Between two settings the monotonic clock goes on, which nobody can put back.
"""

from datetime import UTC, datetime
from time import monotonic
from typing import Final


class Clock:
    """This machine's own time until the database has told the right one."""

    def __init__(self) -> None:
        self._ahead: float | None = None

    def set(self, told: datetime, asked: float, answered: float) -> None:
        """Take the time that was told between two moments of the monotonic clock.

        The one we have stays where that question is too coarse to say that it is wrong.
        """
        ahead = told.timestamp() - (asked + answered) / 2
        if self._ahead is None or abs(ahead - self._ahead) > (answered - asked) / 2:
            self._ahead = ahead

    def now(self) -> datetime:
        """Return the time of day."""
        if self._ahead is None:
            return datetime.now(UTC)
        return datetime.fromtimestamp(monotonic() + self._ahead, UTC)

    def off(self) -> float:
        """Return by how many seconds this machine's own clock is behind the time of day."""
        return (self.now() - datetime.now(UTC)).total_seconds()


CLOCK: Final = Clock()
