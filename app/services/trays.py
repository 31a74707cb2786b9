"""Notices in order: what came early waits a moment for what comes before it."""

from collections.abc import Iterator
from typing import Final

from app.utils.notices import Notice

# Notices that wait; who is further behind reads the summary.
EARLY: Final = 100


class Tray:
    """The notices of one line. `seq` is the last that was told, `heard` the highest known of."""

    __slots__ = ("_early", "heard", "seq")

    def __init__(self) -> None:
        self.seq = 0
        self.heard = 0
        self._early: dict[int, Notice] = {}

    @property
    def has_gap(self) -> bool:
        return self.heard > self.seq

    def put(self, notice: Notice) -> None:
        self.hear(notice.seq)
        if notice.seq > self.seq and len(self._early) < EARLY:
            self._early[notice.seq] = notice

    def hear(self, seq: int) -> None:
        """Take in that so many notices were sent."""
        self.heard = max(self.heard, seq)

    def ready(self) -> Iterator[Notice]:
        """Take out, one by one, the notices whose turn it is."""
        while (due := self._early.pop(self.seq + 1, None)) is not None:
            self.seq = due.seq
            yield due

    def begin_at(self, seq: int) -> None:
        """Go on after a summary, which has all notices up to a number."""
        self.seq = seq
        self.hear(seq)
        self._early = {s: notice for s, notice in self._early.items() if s > seq}
