"""Where a client has got to in an event's log."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

SEQ_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a client has got to: `<epoch>.<seq>`."""

    epoch: UUID | None
    seq: int

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read a cursor. One that cannot be read is one of an unknown epoch."""
        epoch, _, seq = text.rpartition(".")
        try:
            number = int(seq) if seq.isascii() and seq.isdigit() and len(seq) <= SEQ_DIGITS else -1
            return cls(UUID(epoch) if number >= 0 else None, number)
        except ValueError:
            return cls(None, -1)
