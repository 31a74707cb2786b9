"""What a stream writes to: the far end belongs to whoever speaks HTTP."""

from typing import Protocol


class Sink(Protocol):
    """Where a stream's bytes go. `blocked_since` is the loop's time since when they wait there."""

    @property
    def blocked_since(self) -> float | None: ...

    def push(self, chunk: bytes) -> None:
        """Take a chunk; only when nothing waits."""

    def end(self) -> None:
        """Say that nothing follows."""

    def cut(self) -> None:
        """Give up a client that takes nothing."""
