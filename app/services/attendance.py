"""Who is here in one event, as this process shows it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from app.models.statuses import Activity
from app.services.presence_frames import (
    CROWD,
    Here,
    merge,
    moves,
    pack_people,
    presence,
    unpack_people,
)
from app.services.viewers import Viewer


class Attendance:
    """The viewers of an event here, what is said of others elsewhere, and what was shown of both.

    `owed` are the viewers who have to be told who is here from the beginning.
    """

    def __init__(self) -> None:
        self.owed: set[Viewer] = set()
        self.viewers: set[Viewer] = set()
        self.elsewhere: list[bytes] = []
        self._own: dict[UUID, Here] = {}
        self._lines: Counter[UUID] = Counter()
        self._shown: dict[UUID, Here] | None = None
        self._missing: dict[UUID, float] = {}
        self._counted = -1
        self._counted_at = float("-inf")
        self._all: bytes | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it has to be looked at again, although nothing happens."""
        return bool(self.owed or self._missing) or self._counted_differs

    def move(self, viewer: Viewer, by: int) -> None:
        """Take a viewer in or out. Whoever opens a line is active."""
        user_id = viewer.user_id
        self._lines[user_id] += by
        if by > 0:
            self.viewers.add(viewer)
            self.owed.add(viewer)
            self._own[user_id] = Here(user_id, viewer.name, Activity.ACTIVE)
            return
        self.viewers.discard(viewer)
        self.owed.discard(viewer)
        if not self._lines[user_id]:
            del self._lines[user_id], self._own[user_id]

    def set_status(self, user_id: UUID, status: Activity) -> bool:
        """Note what somebody does; False where they have no line here."""
        here = self._own.get(user_id)
        if here is not None:
            self._own[user_id] = replace(here, status=status)
        return here is not None

    def say(self) -> bytes:
        """Return what this process tells the others."""
        return pack_people(self._own.values())

    def forget(self) -> bytes:
        """Take in that it is unknown who is here; return what is new to those who were shown it."""
        if self._shown is None:
            return b""
        self._shown, self._all = None, None
        self._missing.clear()
        return self.all()

    def settle(self, time: float, grace: float, pace: float) -> bytes:
        """Take in who is here at the loop's time; return what is new to those who know the rest.

        Who is missed is shown for `grace` seconds more; a crowd is counted every `pace` seconds.
        """
        present = dict(self._own)
        for said in self.elsewhere:
            merge(present, unpack_people(said))
        if self._shown is None:
            self._shown, self._all = present, None
            self.owed = {viewer for viewer in self.viewers if viewer.stream is None}
            return self.all()
        return self._compare(present, time, grace, pace)

    def all(self) -> bytes:
        """Return who is shown as here, for those who know nothing yet."""
        if self._all is None:
            self._all = presence(self._shown)
        return self._all

    def _compare(self, present: dict[UUID, Here], time: float, grace: float, pace: float) -> bytes:
        shown = self._shown or {}
        before = len(shown)
        joined = [here for id_, here in present.items() if id_ not in shown]
        changed = [here for id_, here in present.items() if shown.get(id_, here) != here]
        left = self._gone(shown, present, time, grace)
        if joined or changed or left:
            self._all = None
        shown.update(present)
        for id_ in left:
            del shown[id_]
        if max(before, len(shown)) <= CROWD:
            return moves(joined, left, changed)
        return self._count(time, pace)

    def _gone(
        self, shown: Iterable[UUID], present: dict[UUID, Here], time: float, grace: float
    ) -> list[UUID]:
        """Return who has been missed for long enough."""
        missed = {id_: self._missing.get(id_, time) for id_ in shown if id_ not in present}
        left = [id_ for id_, since in missed.items() if time - since >= grace]
        self._missing = {id_: since for id_, since in missed.items() if id_ not in left}
        return left

    @property
    def _counted_differs(self) -> bool:
        people = len(self._shown or ())
        return people > CROWD and people != self._counted

    def _count(self, time: float, pace: float) -> bytes:
        """Say anew who is here, where people come to be a crowd, grow in it, or are none again."""
        people = len(self._shown or ())
        if people == self._counted or (people > CROWD and time - self._counted_at < pace):
            return b""
        self._counted, self._counted_at = people, time
        return self.all()
