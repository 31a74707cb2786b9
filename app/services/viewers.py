"""A viewer: one open stream, which is a cursor into its event's ring and what it may see."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from app.models.statuses import MembershipStatus, Role
from app.utils.frames import Batch, Frame

ADMIN_ROLES = {Role.OWNER, Role.ADMIN}
GONE = {MembershipStatus.LEFT: "kicked", MembershipStatus.BANNED: "banned"}


class Streaming(Protocol):
    """The sending side of a viewer."""

    def pump(self) -> None:
        """Send what is new."""

    def step_out(self) -> None:
        """Be looked at by itself from now on."""

    def tick(self, time: float) -> None:
        """Do what is due by the loop's time."""

    def signal(self, frame: bytes) -> bool:
        """Send something that has no number, unless it would have to wait; tell whether."""


@dataclass(eq=False, slots=True)
class Viewer:
    """One open stream of one person.

    `grants` tells from which number on the person saw what admins see, latest last; `checked` is
    the number as of which that was read. `end` is the last number that may still be sent, with the
    reason to end after it. `cut` ends the stream at once: with a reason, or with None for a stream
    that is to come back.
    """

    event_id: UUID
    user_id: UUID
    session_id: UUID
    is_staff: bool
    name: str = ""
    cursor: int = 0
    grants: list[tuple[int, bool]] = field(default_factory=list)
    end: tuple[int, str] | None = None
    cut: tuple[str | None] | None = None
    checked: int = -1
    stream: "Streaming | None" = None

    def check_in(self, seq: int, *, admin: bool) -> None:
        """Take in the rights that were read at `seq`: what was heard up to then is older."""
        self.checked = seq
        self.grants = [(0, admin or self.is_staff), *(g for g in self.grants if g[0] > seq)]
        if self.end is not None and self.end[0] <= seq:
            self.end = None

    def take(self, batch: Batch) -> tuple[bytes, int]:
        """Return what this viewer may see of a batch, as one chunk, and its last number."""
        if self.end is None and batch.public is not None:
            return batch.public, batch.last if batch.frames else self.cursor
        seen = [frame for frame in batch.frames if self.may_see(frame.seq)]
        chunk = b"".join([self.show(frame) for frame in seen])
        return chunk, seen[-1].seq if seen else self.cursor

    def show(self, frame: Frame) -> bytes:
        """Return the bytes of a frame as this viewer may see it."""
        if frame.for_user_id is None or frame.for_user_id == self.user_id:
            return frame.shown
        return frame.shown if self._was_admin_at(frame.seq) else frame.hidden

    def may_see(self, seq: int) -> bool:
        return self.end is None or seq <= self.end[0]

    def follow_membership(
        self, seq: int, status: MembershipStatus, role: Role, *, by_self: bool
    ) -> None:
        """Take in what became of this person's membership with change `seq`."""
        if seq <= self.checked or self.end is not None:
            # Who was sent out and is back within one wake-up still starts anew.
            return
        if status is MembershipStatus.ACCEPTED:
            self.grants.append((seq, role in ADMIN_ROLES or self.is_staff))
        elif not self.is_staff:
            reason = "left" if by_self else GONE.get(status, "kicked")
            self._end(seq, reason)

    def finish(self, seq: int, reason: str) -> None:
        """Take in that the event itself ended with change `seq`."""
        if self.end is None and seq > self.checked:
            self._end(seq, reason)

    def _end(self, seq: int, reason: str) -> None:
        self.end = (seq, reason)
        if self.stream is not None:
            self.stream.step_out()

    def _was_admin_at(self, seq: int) -> bool:
        for since, admin in reversed(self.grants):
            if since <= seq:
                return admin
        return False
