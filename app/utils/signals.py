"""Signals on the bus: frames without a number, which are told now or never.

Who sends one tells its own streams directly. What comes back over the bus is known by its origin,
because nothing else would show that it was heard before.
"""

from typing import Final
from uuid import uuid4

MARK: Final = b"!"


class Signals:
    """Packs the signals of one process, and unpacks those of the others."""

    def __init__(self) -> None:
        self._head = MARK + uuid4().bytes

    def pack(self, frame: bytes) -> bytes:
        return self._head + frame

    def unpack(self, message: bytes) -> bytes:
        """Return the frame of another process's signal, or nothing where it is our own."""
        return b"" if message.startswith(self._head) else message[len(self._head) :]


def is_signal(message: bytes) -> bool:
    return message.startswith(MARK)
