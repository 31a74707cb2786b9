"""What the hub asks the database all the time, for everybody at once: heads and rights."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.models import Event, Session
from app.services.viewers import Viewer
from app.utils.db import Database

ASKED_AT_ONCE: Final = 500


async def read_heads(database: Database, events: Iterable[UUID]) -> list[tuple[UUID, UUID, int]]:
    """Return id, epoch and last number of events, in one query."""
    async with database.read() as session:
        heads = await session.execute(_HEADS, {"events": list(events)})
        return [(row.id, row.epoch, row.seq) for row in heads]


async def read_refusals(database: Database, viewers: Sequence[Viewer]) -> list[str | None]:
    """Return, for each viewer, why it may not be here any more, or None.

    A query for some at a time: what binding and reading thousands takes, every stream would wait.
    """
    refusals: list[str | None] = []
    for first in range(0, len(viewers), ASKED_AT_ONCE):
        refusals += await _read_refusals(database, viewers[first : first + ASKED_AT_ONCE])
    return refusals


async def _read_refusals(database: Database, viewers: Sequence[Viewer]) -> list[str | None]:
    async with database.read() as session:
        rows = await session.execute(
            _RIGHTS,
            {
                "sessions": [viewer.session_id for viewer in viewers],
                "users": [viewer.user_id for viewer in viewers],
                "events": [viewer.event_id for viewer in viewers],
            },
        )
        rights = list(rows)
    return [
        _refusal(viewer, row.signed_in, row.accepted)
        for viewer, row in zip(viewers, rights, strict=True)
    ]


async def read_ended(database: Database, sessions: Collection[UUID]) -> set[UUID]:
    """Return which of the sessions speak for nobody any more, in one query."""
    async with database.read() as session:
        alive = await session.scalars(_ALIVE, {"sessions": list(sessions)})
        return set(sessions) - set(alive)


def _refusal(viewer: Viewer, signed_in: bool, accepted: bool) -> str | None:
    if not signed_in:
        return "signed_out"
    return None if accepted or viewer.is_staff else "kicked"


_HEADS = (
    sa.select(Event.id, Event.epoch, Event.seq)
    .where(Event.id.in_(sa.bindparam("events", expanding=True)))
    .execution_options(timed="heads")
)
_ALIVE = sa.select(Session.id).where(
    Session.id.in_(sa.bindparam("sessions", expanding=True)), Session.expires_at > sa.func.now()
)
_RIGHTS = sa.text("""
    SELECT s.id IS NOT NULL AS signed_in, m.status IS NOT DISTINCT FROM 'ACCEPTED' AS accepted
    FROM unnest(CAST(:sessions AS uuid[]), CAST(:users AS uuid[]), CAST(:events AS uuid[]))
         WITH ORDINALITY AS w(session_id, user_id, event_id, place)
    LEFT JOIN sessions s ON s.id = w.session_id AND s.expires_at > now()
    LEFT JOIN memberships m ON m.event_id = w.event_id AND m.user_id = w.user_id
    ORDER BY w.place
""")
