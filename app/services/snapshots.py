"""What a newcomer sees: the event as of one number, read once for all who ask at that number."""

import asyncio
import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.models import (
    Conversation,
    Event,
    Item,
    Proposal,
    User,
)
from app.models.callers import Caller
from app.models.payloads import EventPayload, Me, SharedEvent
from app.models.presenting import (
    present_criterion,
    present_event,
    present_item,
    present_proposal,
)
from app.models.statuses import ItemKind, ProposalStatus
from app.services import access
from app.services.own import Owners, Reader, read_as_written
from app.services.replicas import read_as_of
from app.utils.arrays import bare
from app.utils.db import Database, ReadSession
from app.utils.together import Together
from app.utils.transaction import UnitOfWork

KEPT: Final = 200
# A body of the same event may look different after an upgrade.
_SHAPE: Final = hashlib.blake2b(orjson.dumps(EventPayload.model_json_schema())).digest()


@dataclass(frozen=True, slots=True)
class Shared:
    """An event as everybody in it sees it, encoded."""

    epoch: UUID
    seq: int
    body: bytes

    @property
    def cursor(self) -> str:
        return f"{self.epoch}.{self.seq}"


@dataclass(frozen=True, slots=True)
class View:
    """An event as one caller sees it; the right to see it was read at `checked`, or later."""

    shared: Shared
    me: Me
    checked: int
    admin: bool

    def encode(self) -> bytes:
        """Return the JSON of the event as the caller sees it."""
        return self.shared.body[:-1] + b',"me":' + self.me.encode() + b"}"

    @property
    def state(self) -> "State":
        return State(self.shared.cursor, self.me.read_seq)


class State(NamedTuple):
    """All that what a caller reads of an event can depend on: its number, and their read mark."""

    cursor: str
    read_seq: int


class Snapshots:
    """The snapshots of this process: one read for all who ask for an event at the same number."""

    def __init__(self, database: Database, secret: bytes = b"") -> None:
        """`secret` keys the tags: nobody makes one up for an event that they have not read."""
        self._database = database
        self._key = hashlib.blake2b(_SHAPE, key=secret, digest_size=32).digest()
        self._heads = Together(self._query_heads)
        self._owners = Owners(database)
        self._shared: dict[UUID, Shared] = {}
        self._reading: dict[UUID, tuple[int, asyncio.Task[Shared]]] = {}

    async def read(self, caller: Caller, event_id: UUID) -> View:
        """Return the event and what the caller is to it, neither older than this call.

        Raises NotFound or Forbidden: also where the right was lost before the event's state.
        """
        own = await self._owners.read(caller, event_id)
        shared = await self._at_least(event_id, own.epoch, own.seq)
        if shared.seq > own.seq:
            # Changes in between are never told again: neither part may be the older one.
            own = await self._owners.read(caller, event_id)
        return View(shared, own.me, own.seq, own.is_admin(caller))

    def tag(self, caller: Caller, state: State) -> str:
        """Name what this caller reads in a state: nothing of it changes without another one."""
        cursor, read_seq = state
        reader = f"{cursor} {read_seq} {caller.id} {caller.name} {caller.is_staff}".encode()
        own = hashlib.blake2b(reader, key=self._key, digest_size=8).hexdigest()
        return f'"{cursor}.{own}"'

    async def still(self, caller: Caller, event_id: UUID, tags: str) -> State | None:
        """Return the state that the event is in, if one of the tags names it for this caller.

        Who has such a tag could read the event at that number, and has lost no right since.
        """
        state = await self._heads.ask((event_id, caller.id))
        return state if state and self.tag(caller, state) in tags else None

    async def _query_heads(self, asked: list[Reader]) -> dict[Reader, State]:
        events, users = zip(*asked, strict=True)
        heads = await self._database.ask(_HEADS, {"events": bare(events), "users": bare(users)})
        return {
            (row.event_id, row.user_id): State(f"{row.epoch}.{row.seq}", row.read_seq)
            for row in heads
        }

    async def _at_least(self, event_id: UUID, epoch: UUID, seq: int) -> Shared:
        kept = self._shared.get(event_id)
        if kept is not None and kept.epoch == epoch and kept.seq >= seq:
            return kept
        reading = self._reading.get(event_id)
        if reading is None or reading[0] < seq:
            work = self._read(event_id, (epoch, seq))
            task = asyncio.create_task(work, name=f"snapshot {event_id}")
            reading = self._reading[event_id] = (seq, task)
            task.add_done_callback(lambda done: self._forget(event_id, done))
        return await asyncio.shield(reading[1])

    def _forget(self, event_id: UUID, done: asyncio.Task[Shared]) -> None:
        if self._reading.get(event_id, (0, None))[1] is done:
            del self._reading[event_id]

    async def _read(self, event_id: UUID, at: tuple[UUID, int]) -> Shared:
        reading = partial(read_shared, event_id=event_id)
        event = await read_as_of(self._database, event_id, at, reading)
        shared = Shared(event.epoch, event.seq, event.encode())
        kept = self._shared.pop(event_id, None)
        newest = kept if kept and kept.epoch == shared.epoch and kept.seq > shared.seq else shared
        self._shared[event_id] = newest
        if len(self._shared) > KEPT:
            del self._shared[next(iter(self._shared))]
        return shared


async def read_shared(session: ReadSession, event_id: UUID) -> SharedEvent:
    """Read an event with its contents; the session must see one state throughout."""
    asked = {"event_id": event_id}
    row = (await session.execute(_EVENT, asked)).one_or_none()
    if row is None:
        raise access.no_such("event")
    event, owner, message_seq = row
    items = await session.scalars(_ITEMS, asked)
    by_kind: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
    for item in items:
        by_kind[item.kind].append(item)
    proposals = await session.scalars(_PROPOSALS, asked)
    return SharedEvent.model_construct(
        **dict(present_event(event, owner)),
        options=[present_item(item) for item in by_kind[ItemKind.OPTION]],
        assumptions=[present_item(item) for item in by_kind[ItemKind.ASSUMPTION]],
        criteria=[present_criterion(item) for item in by_kind[ItemKind.CRITERION]],
        proposals=[present_proposal(proposal, event) for proposal in proposals],
        message_seq=message_seq,
    )


async def read_in_transaction(uow: UnitOfWork, event: Event, caller: Caller) -> EventPayload:
    """Read the locked event as its own writer sees it, before the writes are committed."""
    await uow.session.flush()
    shared = await read_shared(ReadSession(uow.session), event.id)
    me = await read_as_written(uow, event, caller)
    return EventPayload.model_construct(**dict(shared), me=me)


_HEADS = sa.text("""
    SELECT w.event_id, w.user_id, e.epoch, e.seq, coalesce(r.seq, 0) AS read_seq
    FROM unnest(CAST(:events AS uuid[]), CAST(:users AS uuid[])) AS w(event_id, user_id)
    JOIN events e ON e.id = w.event_id AND e.deleted_at IS NULL
    LEFT JOIN read_marks r ON r.conversation_id = w.event_id AND r.user_id = w.user_id
""").execution_options(timed="heads")
_ID: Final = sa.bindparam("event_id", type_=sa.Uuid)
# Said once: to put such a statement together takes longer than to send it.
_EVENT: Final = (
    sa.select(Event, User, Conversation.last_seq)
    .join(User, User.id == Event.owner_id)
    .join(Conversation, Conversation.id == Event.id)
    .where(Event.id == _ID, Event.deleted_at.is_(None))
)
_ITEMS: Final = (
    sa.select(Item)
    .where(Item.event_id == _ID, Item.deleted_at.is_(None))
    .order_by(Item.kind, Item.position, Item.id)
)
_PROPOSALS: Final = (
    sa.select(Proposal)
    .options(joinedload(Proposal.author, innerjoin=True), joinedload(Proposal.decided_by))
    .where(Proposal.event_id == _ID, Proposal.status != ProposalStatus.DELETED)
    .order_by(Proposal.id)
)
