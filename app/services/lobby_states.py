"""What is known of events from afar, read for all that moved in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.models import Conversation, Event
from app.models.payloads import LobbyEvent
from app.models.presenting import present_counts
from app.services.summaries import open_proposals
from app.utils.db import ReadSession


@dataclass(frozen=True, slots=True)
class LobbyState:
    """An event from afar, as JSON, as of change number `seq`."""

    id: UUID
    seq: int
    body: bytes


async def read_states(session: ReadSession, event_ids: Sequence[UUID]) -> dict[UUID, LobbyState]:
    """Return the present states of events; of one that was deleted, that it is."""
    found = await session.execute(_STATES, {"events": list(event_ids)})
    return {row.Event.id: LobbyState(row.Event.id, row.Event.seq, _body(*row)) for row in found}


def _body(event: Event, proposals: int, message_seq: int | None) -> bytes:
    if event.deleted_at is not None:
        return orjson.dumps({"id": event.id, "deleted": True})
    return LobbyEvent(
        id=event.id,
        subject=event.subject,
        status=event.status,
        entrance_code=event.entrance_code,
        capacity=event.capacity,
        counts=present_counts(event),
        created_at=event.created_at,
        started_at=event.started_at,
        finished_at=event.finished_at,
        message_seq=message_seq or 0,
        open_proposals=proposals,
    ).encode()


_STATES = (
    sa.select(Event, open_proposals(), Conversation.last_seq)
    .outerjoin(Conversation, Conversation.id == Event.id)
    .where(Event.id.in_(sa.bindparam("events", expanding=True)))
)
