"""Which events a personal line hears of: it moves in and out with its person's memberships."""

from typing import Final
from uuid import UUID

import orjson

from app.models.statuses import MembershipStatus, NoticeType
from app.services.lobby_lines import Lobby, Visitor
from app.services.summaries import INVOLVED, Reading
from app.utils.notices import Notice

# A number below every number: an event of which nothing is known yet.
UNKNOWN: Final = -1
_MEMBERSHIP: Final = b'"type":"%b"' % NoticeType.MEMBERSHIP.encode()


class Involvement:
    """The events of one line; those in `waiting` it knows from the door."""

    def __init__(self, lobby: Lobby) -> None:
        self.waiting: set[UUID] = set()
        self._lobby = lobby
        self._events: set[UUID] = set()
        self._over = False

    def take(self, visitor: Visitor, reading: Reading) -> None:
        """Take in a summary: it says of every event what the person is to it now."""
        if self._over:
            return
        self.waiting = {e.id for e in reading.summary.events if e.queue_position is not None}
        self._lobby.unwatch(visitor, self._events - reading.heads.keys())
        self._events = set(reading.heads)
        self._lobby.watch(visitor, reading.heads)

    def follow(self, visitor: Visitor, notice: Notice) -> None:
        """Move in or out, where a notice tells of a membership."""
        if self._over or _MEMBERSHIP not in notice.frame.partition(b',"at"')[0]:
            return
        membership = orjson.loads(notice.frame.partition(b"\ndata: ")[2])["data"]
        event_id = UUID(membership["event_id"])
        status = MembershipStatus(membership["status"])
        self.waiting.discard(event_id)
        if status in INVOLVED:
            if status is MembershipStatus.PENDING:
                self.waiting.add(event_id)
            self._events.add(event_id)
            self._lobby.watch(visitor, {event_id: UNKNOWN})
        elif event_id in self._events:
            self._events.remove(event_id)
            self._lobby.unwatch(visitor, [event_id])

    def end(self, visitor: Visitor) -> None:
        """Hear of nothing any more."""
        self._over = True
        self._lobby.unwatch(visitor, self._events)
        self._events = set()
