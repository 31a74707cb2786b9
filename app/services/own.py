"""What people are to an event: one statement for all who ask at the same moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.models import Event
from app.models.callers import Caller
from app.models.payloads import Me, MembershipPayload, Person
from app.models.statuses import Choice, MembershipStatus, Role
from app.services import access
from app.services.access import Right
from app.utils.arrays import bare
from app.utils.db import Database
from app.utils.together import Together
from app.utils.transaction import UnitOfWork

Reader = tuple[UUID, UUID]
"""An event, and who reads it."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a caller is to an event when it stood at `seq`."""

    epoch: UUID
    seq: int
    me: Me

    def is_admin(self, caller: Caller) -> bool:
        return access.is_admin(self.me.membership, caller)


class Owners:
    """Who asks what they are to an event. Nothing is remembered between two questions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(self._query)

    async def read(self, caller: Caller, event_id: UUID) -> Own:
        """Return what the caller is to an event. Raises NotFound or Forbidden."""
        own = await self._together.ask((event_id, caller.id))
        if own is None:
            raise access.no_such("event")
        access.allow(own.me.membership, caller, Right.SEE)
        return own

    async def _query(self, asked: list[Reader]) -> dict[Reader, Own]:
        rows = await self._database.ask(_OWN, _values(asked))
        return {(row.event_id, row.user_id): _own(row) for row in rows}


async def read_as_written(uow: UnitOfWork, event: Event, caller: Caller) -> Me:
    """Return what the caller is to the locked event, as their own write has it once flushed."""
    row = (await uow.execute(_OWN, _values([(event.id, caller.id)]))).one()
    return _own(row).me


def _values(asked: Sequence[Reader]) -> dict[str, str]:
    return {
        "events": bare(event_id for event_id, _ in asked),
        "users": bare(user_id for _, user_id in asked),
    }


def _own(row: sa.Row[Any]) -> Own:
    votes = zip(row.proposals or (), map(Choice, row.choices or ()), strict=True)
    me = Me.model_construct(
        membership=_membership(row) if row.id is not None else None,
        votes=dict(votes),
        has_ballot=row.has_ballot,
        read_seq=row.read_seq,
    )
    return Own(row.epoch, row.seq, me)


def _membership(row: sa.Row[Any]) -> MembershipPayload:
    return MembershipPayload.model_construct(
        id=row.id,
        event_id=row.event_id,
        user=Person.model_construct(id=row.user_id, name=row.name),
        status=MembershipStatus(row.status),
        role=Role(row.role),
        created_at=row.created_at,
        joined_at=row.joined_at,
    )


_OWN: Final = sa.text("""
    SELECT w.event_id, w.user_id, e.epoch, e.seq, m.id, u.name, m.status, m.role, m.created_at,
           m.joined_at, v.proposals, v.choices, b.user_id IS NOT NULL AS has_ballot,
           coalesce(r.seq, 0) AS read_seq
    FROM unnest(CAST(:events AS uuid[]), CAST(:users AS uuid[])) AS w(event_id, user_id)
    JOIN events e ON e.id = w.event_id AND e.deleted_at IS NULL
    LEFT JOIN (memberships m JOIN users u ON u.id = m.user_id)
           ON m.event_id = w.event_id AND m.user_id = w.user_id
    LEFT JOIN ballots b ON b.event_id = w.event_id AND b.user_id = w.user_id
    LEFT JOIN read_marks r ON r.conversation_id = w.event_id AND r.user_id = w.user_id
    LEFT JOIN LATERAL (
      SELECT array_agg(proposal_id) AS proposals, array_agg(choice) AS choices
      FROM proposal_votes WHERE event_id = w.event_id AND user_id = w.user_id
    ) v ON true
""").execution_options(timed="own")
