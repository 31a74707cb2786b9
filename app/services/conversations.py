"""Conversations: mine in a list, one of them, and a direct one opened."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import User
from app.models.base import new_id, now
from app.models.callers import Caller
from app.models.errors import Malformed, NotFound, invalid_field
from app.models.payloads import ConversationPayload, Person
from app.models.statuses import ConversationKind
from app.services.pages import Page
from app.services.talks import find_talk, share_event
from app.services.transcript import read_last
from app.utils.db import Database
from app.utils.transaction import UnitOfWork

Place = tuple[datetime, UUID]


async def open_direct(uow: UnitOfWork, caller: Caller, user_id: UUID) -> ConversationPayload:
    """Open the conversation of two people, or find it: there is one, whoever asks and how often.

    Raises NotFound for whom the caller shares no event with: nobody learns who is here at all.
    """
    await uow.claim()
    if user_id == caller.id:
        raise invalid_field("user_id", "Choose somebody else: this is yourself.")
    pair = {"low": min(caller.id, user_id), "high": max(caller.id, user_id)}
    conversation_id: UUID | None = await uow.session.scalar(_FIND, pair)
    if conversation_id is None:
        await _require_acquainted(uow, caller, user_id)
        made: UUID | None = await uow.session.scalar(_OPEN, pair | {"id": new_id(), "at": now()})
        # Whoever asked at the same moment made it: a statement of its own sees what they committed.
        conversation_id = made or await uow.session.scalar(_FIND, pair)
        uow.existed = made is None
    else:
        uow.existed = True
    assert conversation_id is not None
    return await _present_one(uow.session, caller, conversation_id)


async def read_conversation(
    database: Database, caller: Caller, conversation_id: UUID
) -> ConversationPayload:
    """Return one conversation as the caller has it."""
    async with database.read() as session:
        await find_talk(session, conversation_id, caller)
        return await _present_one(session, caller, conversation_id)


async def list_conversations(
    database: Database, caller: Caller, cursor: str | None, limit: int
) -> Page[ConversationPayload]:
    """Return the conversations of the caller's events and people, last spoken in first.

    A direct one in which nothing was said yet is in nobody's list.
    """
    moment, after_id = _decode(cursor) if cursor is not None else (None, None)
    place = {"user_id": caller.id, "moment": moment, "after": after_id, "limit": limit + 1}
    async with database.read() as session:
        rows = list(await session.execute(_MINE, place))
        items = await _present(session, rows[:limit])
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(items=items, next_cursor=_encode(last.last_at, last.id) if last else None)


async def _require_acquainted(uow: UnitOfWork, caller: Caller, user_id: UUID) -> None:
    known = share_event(sa.literal(caller.id), sa.literal(user_id))
    person = (
        await uow.session.execute(sa.select(User.id, known).where(User.id == user_id))
    ).one_or_none()
    if person is None or not (person[1] or caller.is_staff):
        raise NotFound(
            "person_not_found", "There is nobody of this id in your events. Meet them there first."
        )


async def _present_one(
    session: AsyncSession, caller: Caller, conversation_id: UUID
) -> ConversationPayload:
    place = {"user_id": caller.id, "conversation_id": conversation_id}
    rows = list(await session.execute(_ONE, place))
    (payload,) = await _present(session, rows)
    return payload


async def _present(session: AsyncSession, rows: list[sa.Row[Any]]) -> list[ConversationPayload]:
    spoken = [row.id for row in rows if row.last_seq]
    last = await read_last(session, spoken) if spoken else {}
    return [
        ConversationPayload(
            id=row.id,
            kind=ConversationKind.DIRECT if row.event_id is None else ConversationKind.EVENT,
            event_id=row.event_id,
            title=row.subject,
            with_person=Person(id=row.other_id, name=row.other_name) if row.other_id else None,
            last_message=last.get(row.id),
            last_seq=row.last_seq,
            read_seq=row.read_seq,
            unread=row.last_seq - row.read_seq,
            mentions=row.mentions,
            other_delivered_seq=row.other_delivered_seq,
            other_read_seq=row.other_read_seq,
            created_at=row.created_at,
        )
        for row in rows
    ]


def _encode(moment: datetime, id_: UUID) -> str:
    return urlsafe_b64encode(f"{moment.astimezone(UTC).isoformat()} {id_}".encode()).decode()


def _decode(cursor: str) -> Place:
    try:
        moment, _, id_ = urlsafe_b64decode(cursor).decode().partition(" ")
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(id_)
    except ValueError:
        raise Malformed(
            "cursor_malformed", "This cursor is not one of ours. Start again without it."
        ) from None


_FIND = sa.text("SELECT id FROM conversations WHERE low_user_id = :low AND high_user_id = :high")
_OPEN = sa.text("""
    INSERT INTO conversations (id, low_user_id, high_user_id, last_seq, last_at, created_at)
    VALUES (:id, :low, :high, 0, :at, :at)
    ON CONFLICT (low_user_id, high_user_id) DO NOTHING RETURNING id
""")
_SHAPE = """
    SELECT c.id, c.event_id, e.subject, c.last_seq, c.last_at, c.created_at,
           o.id AS other_id, o.name AS other_name, coalesce(r.seq, 0) AS read_seq,
           (SELECT count(*) FROM mentions n
             WHERE n.conversation_id = c.id AND n.user_id = :user_id
               AND n.seq > coalesce(r.seq, 0)) AS mentions,
           CASE WHEN c.event_id IS NULL THEN coalesce(t.delivered_seq, 0) END
             AS other_delivered_seq,
           CASE WHEN c.event_id IS NULL THEN coalesce(t.seq, 0) END AS other_read_seq
    FROM mine c
    LEFT JOIN events e ON e.id = c.event_id
    LEFT JOIN read_marks r ON r.conversation_id = c.id AND r.user_id = :user_id
    LEFT JOIN users o ON o.id = CASE WHEN c.low_user_id = :user_id THEN c.high_user_id
                                     ELSE c.low_user_id END
    LEFT JOIN read_marks t ON t.conversation_id = c.id AND t.user_id = o.id
"""
_ONE = sa.text(f"""
    WITH mine AS (SELECT * FROM conversations WHERE id = :conversation_id) {_SHAPE}
""")  # noqa: S608 - constants only
_MINE = sa.text(f"""
    WITH mine AS (
      SELECT c.* FROM memberships m
      JOIN events e ON e.id = m.event_id AND e.deleted_at IS NULL
      JOIN conversations c ON c.id = m.event_id
      WHERE m.user_id = :user_id AND m.status = 'ACCEPTED'
      UNION ALL
      SELECT * FROM conversations WHERE low_user_id = :user_id AND last_seq > 0
      UNION ALL
      SELECT * FROM conversations WHERE high_user_id = :user_id AND last_seq > 0
    ) {_SHAPE}
    WHERE CAST(:moment AS timestamptz) IS NULL
       OR (c.last_at, c.id) < (CAST(:moment AS timestamptz), CAST(:after AS uuid))
    ORDER BY c.last_at DESC, c.id DESC LIMIT :limit
""")  # noqa: S608 - constants only
