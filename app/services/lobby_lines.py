"""The lobby, live: who has to do with an event hears of it from afar, at most once a second.

Whatever changes an event marks it; once a second one query reads all that are marked, and every
line hears of its own in one piece. What is told is a state: what a line misses, the next one mends.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final, Protocol
from uuid import UUID

import structlog

from app.services.doorbells import CHANGED, Doorbells
from app.services.lobby_states import LobbyState, read_states
from app.services.nets import read_heads
from app.services.summaries import read_positions
from app.utils.db import Database
from app.utils.frames import named_frame

log = structlog.get_logger(__name__)

# Seconds between two rounds.
EVERY: Final = 1.0
# Events whose heads are compared with the log in one round, by turns.
NET: Final = 2_000
# Events that are read in one query.
AT_ONCE: Final = 500
# Lines that are served before everything else gets a turn.
SERVED: Final = 250


class Visitor(Protocol):
    """A line that hears of events from afar. `waiting` are those whose door it stands at."""

    @property
    def user_id(self) -> UUID: ...

    @property
    def waiting(self) -> set[UUID]: ...

    def lobby(self, chunk: bytes) -> bool:
        """Take frames; False where they are to be told again in the next round."""


class Watched:
    """An event that somebody here hears of. `seq` is the last number that was read of it."""

    __slots__ = ("seq", "told", "visitors")

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.told = b""
        self.visitors: set[Visitor] = set()


class Lobby:
    """The events of all personal lines of this process."""

    def __init__(self, database: Database, doorbells: Doorbells) -> None:
        self._database = database
        doorbells.listen(CHANGED, self._mark)
        self._watched: dict[UUID, Watched] = {}
        self._marked: set[UUID] = set()
        self._again: dict[Visitor, set[UUID]] = {}
        self._turns: list[UUID] = []
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._rounds(), name="lobby")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def events(self) -> int:
        """Return how many events are watched."""
        return len(self._watched)

    def watch(self, visitor: Visitor, heads: Mapping[UUID, int]) -> None:
        """Let a line hear of events that it knows up to these numbers."""
        for event_id, seq in heads.items():
            watched = self._watched.get(event_id)
            if watched is None:
                watched = self._watched[event_id] = Watched(seq)
            elif watched.seq > seq:
                self._again.setdefault(visitor, set()).add(event_id)
            watched.visitors.add(visitor)

    def unwatch(self, visitor: Visitor, event_ids: Iterable[UUID]) -> None:
        for event_id in event_ids:
            watched = self._watched.get(event_id)
            if watched is not None:
                watched.visitors.discard(visitor)
                if not watched.visitors:
                    del self._watched[event_id]
            if visitor in self._again:
                self._again[visitor].discard(event_id)
        if not self._again.get(visitor, {None}):
            del self._again[visitor]

    async def round(self) -> None:
        """Tell every line what became of its events since the last round."""
        self._marked |= await self._cast_net()
        marked, self._marked = self._marked, set()
        again, self._again = self._again, {}
        wanted = list((marked | set().union(*again.values())) & self._watched.keys())
        try:
            for start in range(0, len(wanted), AT_ONCE):
                await self._tell(wanted[start : start + AT_ONCE], again)
        except BaseException:
            self._marked |= marked
            for visitor, events in again.items():
                self._again.setdefault(visitor, set()).update(events)
            raise

    def _mark(self, event_id: str) -> None:
        """Note that something became of an event."""
        known = UUID(event_id)
        if known in self._watched:
            self._marked.add(known)

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - the next round tells it
                log.warning("lobby_unread", error=str(error))

    async def _cast_net(self) -> set[UUID]:
        """Return the events that moved on without a mark, of those whose turn it is."""
        if not self._turns:
            self._turns = list(self._watched)
        turn, self._turns = self._turns[:NET], self._turns[NET:]
        asked = [event_id for event_id in turn if event_id in self._watched]
        if not asked:
            return set()
        heads = await read_heads(self._database, asked)
        return {
            event_id
            for event_id, _, seq in heads
            if event_id in self._watched and self._watched[event_id].seq != seq
        }

    async def _tell(self, event_ids: list[UUID], again: Mapping[Visitor, set[UUID]]) -> None:
        async with self._database.read() as session:
            states = await read_states(session, event_ids)
            doors = {(v.user_id, e) for e in event_ids for v in self._at_the_door(e)}
            places: dict[tuple[UUID, UUID], int] = {}
            if doors:
                people = [user_id for user_id, _ in doors]
                places = await read_positions(session, [e for _, e in doors], people)
        due: dict[Visitor, list[UUID]] = {}
        for event_id, state in states.items():
            for visitor in self._listeners(state, again):
                due.setdefault(visitor, []).append(event_id)
        await self._serve(due, states, places)

    def _at_the_door(self, event_id: UUID) -> list[Visitor]:
        watched = self._watched.get(event_id)
        return [v for v in watched.visitors if event_id in v.waiting] if watched else []

    def _listeners(
        self, state: LobbyState, again: Mapping[Visitor, set[UUID]]
    ) -> Iterable[Visitor]:
        """Return who has not heard this: all, where it is new, or those who missed it."""
        watched = self._watched.get(state.id)
        if watched is None:
            return ()
        watched.seq = state.seq
        news, watched.told = state.body != watched.told, state.body
        if news:
            return tuple(watched.visitors)
        late = {v for v, events in again.items() if state.id in events and v in watched.visitors}
        # A queue moves also where it is as long as before.
        return late.union(self._at_the_door(state.id))

    async def _serve(
        self,
        due: Mapping[Visitor, list[UUID]],
        states: Mapping[UUID, LobbyState],
        places: Mapping[tuple[UUID, UUID], int],
    ) -> None:
        joined: dict[tuple[UUID, ...], bytes] = {}
        for served, (visitor, event_ids) in enumerate(due.items(), start=1):
            key = tuple(event_ids)
            if visitor.waiting.intersection(event_ids):
                chunk = b"".join(_frame(states[e], _place(places, e, visitor)) for e in event_ids)
            elif key in joined:
                # Most people of an event hear the same of the same events.
                chunk = joined[key]
            else:
                chunk = joined[key] = b"".join(_frame(states[e]) for e in event_ids)
            if not visitor.lobby(chunk):
                self._again.setdefault(visitor, set()).update(event_ids)
            if served % SERVED == 0:
                await asyncio.sleep(0)


def _place(places: Mapping[tuple[UUID, UUID], int], event_id: UUID, visitor: Visitor) -> int | None:
    return places.get((event_id, visitor.user_id))


def _frame(state: LobbyState, place: int | None = None) -> bytes:
    body = state.body
    if place is not None:
        body = body[:-1] + b',"queue_position":%d}' % place
    return named_frame("lobby", body)
