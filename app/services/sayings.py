"""What a stream says that is no change: how it begins, that it lives, and why it ends."""

import random
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson

from app.models.base import now
from app.models.payloads import rfc3339
from app.services.cursors import Cursor
from app.services.snapshots import Shared, View
from app.utils import metrics
from app.utils.frames import named_frame, retry_frame

# Changes that are replayed at the most; who is further behind starts over.
REPLAY: Final = 500
# Milliseconds. Whoever is sent away for a moment comes back at a moment of their own.
SOON: Final = (200, 1_000)
LATER: Final = (5_000, 15_000)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a stream begins with; it is large, and let go once it is sent."""

    view: View
    cursor: Cursor | None

    @property
    def nothing_new(self) -> bool:
        """Whether the client has seen all that there is."""
        shared = self.view.shared
        return self.cursor == Cursor(shared.epoch, shared.seq)


def beginning(view: View, cursor: Cursor | None) -> tuple[bytes, int]:
    """Return a stream's first bytes, and the number from which it goes on.

    A new client starts from a snapshot, a known one where it stopped, any other one over.
    """
    if cursor is None:
        metrics.CONNECTS["snapshot"].inc()
        return _snapshot(view), view.shared.seq
    reason = _why_not(view.shared, cursor)
    metrics.CONNECTS["resume" if reason is None else "reset"].inc()
    if reason is not None:
        return starting_over(view, reason), view.shared.seq
    # Bytes at once: proxies and browsers wait for the first ones to call a stream open.
    return b": resumed\n\n", cursor.seq


def starting_over(view: View, reason: str) -> bytes:
    """Say that everything known is to be forgotten, and give the state to start from."""
    metrics.RESETS[reason].inc()
    reset = orjson.dumps({"reason": reason, "head": view.shared.cursor})
    return named_frame("reset", reset) + _snapshot(view)


def heartbeat(head: str) -> bytes:
    """Prove that the line lives; a head above the client's cursor tells it of a lost frame."""
    return named_frame("heartbeat", orjson.dumps({"head": head, "at": rfc3339(now())}))


def personal_heartbeat(notice_seq: int) -> bytes:
    """Prove that a line lives which shows no event; a number above the last told is a gap."""
    alive = {"head": None, "at": rfc3339(now()), "notice_seq": notice_seq}
    return named_frame("heartbeat", orjson.dumps(alive))


def revoked(reason: str, event_id: UUID | None = None) -> bytes:
    """End an event's part of a line; without an event, all of it."""
    ended = {"reason": reason, "event_id": event_id} if event_id else {"reason": reason}
    return named_frame("revoked", orjson.dumps(ended))


def come_back_soon() -> bytes:
    """End a stream that is to go on elsewhere."""
    return retry_frame(random.randint(*SOON))


def come_back_later() -> bytes:
    """Say all that an overloaded server says to a stream."""
    return retry_frame(random.randint(*LATER))


def _why_not(shared: Shared, cursor: Cursor) -> str | None:
    if cursor.epoch != shared.epoch:
        return "unknown_epoch"
    if cursor.seq > shared.seq:
        return "ahead_of_log"
    return "too_far_behind" if shared.seq - cursor.seq > REPLAY else None


def _snapshot(view: View) -> bytes:
    return named_frame("snapshot", view.encode(), view.shared.cursor)
