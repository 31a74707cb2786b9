"""Those in step: streams that stand at the same number, and whose sockets take what they are given.

Nearly every delivery goes through here, and is a write to a socket and nothing else. What is known
of ten thousand streams is far more than a processor has at hand: to look at each costs more than
everything else that Python does for it.
"""

import os
from array import array
from collections.abc import Iterator
from typing import Final, Protocol

from app.utils.chunks import as_chunk

# Streams that are served before everything else gets a turn.
AT_ONCE: Final = 250
NO_SOCKET: Final = -1


class Member(Protocol):
    """A stream that may be in step; `place` is where, or -1."""

    place: int

    def fall_out(self, rest: bytes) -> None:
        """Be in step no more: the socket did not take these last bytes."""


class Choir:
    """Everybody in it was told everything up to number `at`."""

    def __init__(self) -> None:
        self.at = -1
        self._next = -1
        self._told = 0
        self._sockets = array("i")
        self._members: list[Member | None] = []
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self._members) - len(self._free)

    @property
    def is_sparse(self) -> bool:
        """Whether most of those who were here have gone."""
        return len(self._members) > AT_ONCE and 2 * len(self) < len(self._members)

    def members(self) -> list[Member]:
        return [member for member in self._members if member is not None]

    def begin_at(self, seq: int) -> None:
        """Stand somewhere else; only while nobody is in it."""
        self.at, self._sockets = seq, array("i")
        self._members, self._free = [], []

    def add(self, member: Member, socket: int) -> None:
        """Take in who stands at `at`, by the number of its socket; not while `tell` goes on."""
        if self._free:
            member.place = self._free.pop()
            self._members[member.place], self._sockets[member.place] = member, socket
        else:
            member.place = len(self._members)
            self._members.append(member)
            self._sockets.append(socket)

    def remove(self, member: Member) -> int:
        """Let a member go, whose socket is not touched any more; return what it was told up to."""
        place, member.place = member.place, -1
        self._members[place], self._sockets[place] = None, NO_SOCKET
        self._free.append(place)
        return self._next if place < self._told else self.at

    def tell(self, said: bytes, last: int) -> Iterator[None]:
        """Give everybody what leads from `at` to number `last`; stop after each so many of them."""
        chunk = as_chunk(said)
        self._next = last
        for first in range(0, len(self._sockets), AT_ONCE):
            self._told = first + AT_ONCE
            self._write(first, chunk)
            yield
        self.at, self._told = last, 0

    def _write(self, first: int, chunk: bytes) -> None:
        write, size = os.write, len(chunk)
        for place, socket in enumerate(self._sockets[first : first + AT_ONCE], first):
            try:
                taken = write(socket, chunk)
            except OSError:
                # Full, or broken, or nobody's: whoever owns it finds out which.
                taken = 0
            if taken != size:
                member = self._members[place]
                if member is not None:
                    member.fall_out(chunk[taken:])
