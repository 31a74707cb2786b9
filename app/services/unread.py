"""What is unread: computed from the last number and the read mark, never counted up and down."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.utils.db import ReadSession


@dataclass(frozen=True, slots=True)
class Unread:
    """How one person stands to a conversation of theirs. `direct` where it belongs to no event."""

    conversation_id: UUID
    direct: bool
    last_seq: int
    read_seq: int
    unread: int
    mentions: int


async def read_unread(session: ReadSession, user_id: UUID) -> list[Unread]:
    """Return where a person stands in the events they are in and in what they talk about directly.

    A direct conversation in which nothing was said yet is not among them.
    """
    rows = await session.execute(_UNREAD, {"user_id": user_id})
    return [
        Unread(id_, direct, last_seq, read_seq, last_seq - read_seq, mentions)
        for id_, direct, last_seq, read_seq, mentions in rows
    ]


# One statement however many there are: every part of it is looked up by a key.
_UNREAD = sa.text("""
    WITH mine AS (
      SELECT c.id, false AS direct, c.last_seq
      FROM memberships m
      JOIN events e ON e.id = m.event_id AND e.deleted_at IS NULL
      JOIN conversations c ON c.id = m.event_id
      WHERE m.user_id = :user_id AND m.status = 'ACCEPTED'
      UNION ALL
      SELECT id, true, last_seq FROM conversations
      WHERE low_user_id = :user_id AND last_seq > 0
      UNION ALL
      SELECT id, true, last_seq FROM conversations
      WHERE high_user_id = :user_id AND last_seq > 0
    )
    SELECT mine.id, mine.direct, mine.last_seq, coalesce(r.seq, 0) AS read_seq,
           (SELECT count(*) FROM mentions n
             WHERE n.conversation_id = mine.id AND n.user_id = :user_id
               AND n.seq > coalesce(r.seq, 0)) AS mentions
    FROM mine
    LEFT JOIN read_marks r ON r.conversation_id = mine.id AND r.user_id = :user_id
    ORDER BY mine.id
""").execution_options(timed="unread")
