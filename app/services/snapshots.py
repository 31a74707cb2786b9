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
    Ballot,
    Conversation,
    Event,
    Item,
    Membership,
    Proposal,
    ProposalVote,
    ReadMark,
    User,
)
from app.models.callers import Caller
from app.models.payloads import EventPayload, Me, SharedEvent
from app.models.presenting import (
    present_criterion,
    present_event,
    present_item,
    present_membership,
    present_proposal,
)
from app.models.statuses import ItemKind, ProposalStatus
from app.services import access
from app.services.replicas import read_as_of
from app.utils.db import Database, ReadSession
from app.utils.together import Together
from app.utils.transaction import UnitOfWork

Reader = tuple[UUID, UUID]
"""An event, and who reads it."""

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
        self._shared: dict[UUID, Shared] = {}
        self._reading: dict[UUID, tuple[int, asyncio.Task[Shared]]] = {}

    async def read(self, caller: Caller, event_id: UUID) -> View:
        """Return the event and what the caller is to it, neither older than this call.

        Raises NotFound or Forbidden: also where the right was lost before the event's state.
        """
        seq, epoch, me, admin = await self._read_own(caller, event_id)
        shared = await self._at_least(event_id, epoch, seq)
        if shared.seq > seq:
            # Changes in between are never told again: neither part may be the older one.
            seq, _, me, admin = await self._read_own(caller, event_id)
        return View(shared, me, seq, admin)

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
        async with self._database.read() as session:
            heads = await session.execute(_HEADS, {"events": list(events), "users": list(users)})
            return {
                (event_id, user_id): State(f"{epoch}.{seq}", read_seq)
                for event_id, user_id, epoch, seq, read_seq in heads
            }

    async def _read_own(self, caller: Caller, event_id: UUID) -> tuple[int, UUID, Me, bool]:
        async with self._database.read() as session:
            event, membership = await access.find_event(session, event_id, caller)
            me = await read_me(session, event_id, caller, membership)
        return event.seq, event.epoch, me, access.is_admin(membership, caller)

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
    row = (
        await session.execute(
            sa.select(Event, User, Conversation.last_seq)
            .join(User, User.id == Event.owner_id)
            .join(Conversation, Conversation.id == Event.id)
            .where(Event.id == event_id, Event.deleted_at.is_(None))
        )
    ).one_or_none()
    if row is None:
        raise access.no_such("event")
    event, owner, message_seq = row
    items = await session.scalars(
        sa.select(Item)
        .where(Item.event_id == event_id, Item.deleted_at.is_(None))
        .order_by(Item.kind, Item.position, Item.id)
    )
    by_kind: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
    for item in items:
        by_kind[item.kind].append(item)
    proposals = await session.scalars(
        sa.select(Proposal)
        .options(joinedload(Proposal.author, innerjoin=True), joinedload(Proposal.decided_by))
        .where(Proposal.event_id == event_id, Proposal.status != ProposalStatus.DELETED)
        .order_by(Proposal.id)
    )
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
    session = ReadSession(uow.session)
    shared = await read_shared(session, event.id)
    _, membership = await access.find_event(session, event.id, caller)
    me = await read_me(session, event.id, caller, membership)
    return EventPayload.model_construct(**dict(shared), me=me)


async def read_me(
    session: ReadSession, event_id: UUID, caller: Caller, membership: Membership | None
) -> Me:
    """Read what the caller is to the event: membership, votes, ballot, and how far they read."""
    ballot = sa.select(Ballot).where(Ballot.event_id == event_id, Ballot.user_id == caller.id)
    mark = sa.select(ReadMark.seq).where(
        ReadMark.conversation_id == event_id, ReadMark.user_id == caller.id
    )
    # One row, with or without votes, and so one statement for all.
    found = await session.execute(
        sa.select(
            sa.func.array_agg(ProposalVote.proposal_id),
            sa.func.array_agg(ProposalVote.choice),
            ballot.exists(),
            sa.func.coalesce(mark.scalar_subquery(), 0),
        ).where(ProposalVote.event_id == event_id, ProposalVote.user_id == caller.id)
    )
    proposals, choices, has_ballot, read_seq = found.one()
    return Me(
        membership=present_membership(membership) if membership else None,
        votes=dict(zip(proposals or (), choices or (), strict=True)),
        has_ballot=has_ballot,
        read_seq=read_seq,
    )


_HEADS = sa.text("""
    SELECT e.id, w.user_id, e.epoch, e.seq, coalesce(r.seq, 0)
    FROM unnest(CAST(:events AS uuid[]), CAST(:users AS uuid[])) AS w(event_id, user_id)
    JOIN events e ON e.id = w.event_id AND e.deleted_at IS NULL
    LEFT JOIN read_marks r ON r.conversation_id = w.event_id AND r.user_id = w.user_id
""").execution_options(timed="heads")
