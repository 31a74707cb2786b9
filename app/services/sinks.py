"""What a stream writes to: the far end belongs to whoever speaks HTTP."""

from typing import Protocol


class Line(Protocol):
    """A socket that can be written to past its sink, in HTTP/1.1's chunks."""

    def socket(self) -> int:
        """Return its number, or -1 while something in the sink has to go first."""

    def carry(self, rest: bytes) -> None:
        """Send what the socket did not take, as it is, when it does."""


class Sink(Protocol):
    """Where a stream's bytes go. `blocked_since` is the loop's time since when they wait there."""

    @property
    def blocked_since(self) -> float | None: ...

    @property
    def line(self) -> Line | None:
        """The socket itself, where a stream may have it."""

    def push(self, chunk: bytes) -> None:
        """Take a chunk; only when nothing waits."""

    def end(self) -> None:
        """Say that nothing follows."""

    def cut(self) -> None:
        """Give up a client that takes nothing."""
