"""Reading: how far somebody has read, told to their own other lines and to whom they talk with.

A mark belongs to the person and is no part of the event's state: it takes no event's lock and makes
no change in its log. It only ever moves up, and never above the last message.
"""

from uuid import UUID

import sqlalchemy as sa

from app.models.callers import Caller
from app.models.payloads import ReadersPayload, ReadNotice, ReadPayload, ReceiptNotice
from app.models.statuses import NoticeType
from app.services.talks import Talk, find_talk
from app.services.transcript import read_message
from app.utils.db import Database
from app.utils.transaction import UnitOfWork


async def mark_read(
    uow: UnitOfWork, reader: Caller, conversation_id: UUID, seq: int
) -> ReadPayload:
    """Note that the reader has read up to a number. Telling less than before changes nothing."""
    await uow.claim()
    talk = await find_talk(uow.session, conversation_id, reader)
    place = {"conversation_id": talk.id, "user_id": reader.id, "seq": seq}
    row = (await uow.session.execute(_MARK, place)).one()
    if row.moved:
        _tell(uow, talk, row.seq, row.delivered_seq)
    return ReadPayload(seq=row.seq, unread=row.last_seq - row.seq)


async def count_readers(
    database: Database, caller: Caller, conversation_id: UUID, message_id: UUID
) -> ReadersPayload:
    """Return how many of those who are in the conversation now have read a message."""
    async with database.read() as session:
        talk = await find_talk(session, conversation_id, caller)
        message = await read_message(session, conversation_id, message_id)
        place = {"id": talk.id, "seq": message.seq, "author": message.author and message.author.id}
        row = (await session.execute(_READERS if talk.event else _PARTNER, place)).one()
    return ReadersPayload(count=row.readers, of=row.people)


def _tell(uow: UnitOfWork, talk: Talk, seq: int, delivered_seq: int) -> None:
    reader = talk.caller.id
    uow.notify(reader, NoticeType.READ, ReadNotice(conversation_id=talk.id, seq=seq))
    if talk.other is not None:
        receipt = ReceiptNotice(
            conversation_id=talk.id, user_id=reader, delivered_seq=delivered_seq, read_seq=seq
        )
        uow.notify(talk.other.id, NoticeType.RECEIPT, receipt)


# What stood before may be older than the row that is moved: then a notice says nothing new.
_MARK = sa.text("""
    WITH asked AS (
      SELECT id, last_seq, least(CAST(:seq AS bigint), last_seq) AS seq
      FROM conversations WHERE id = :conversation_id
    ), before AS (
      SELECT seq FROM read_marks WHERE conversation_id = :conversation_id AND user_id = :user_id
    ), mark AS (
      INSERT INTO read_marks (conversation_id, user_id, seq, delivered_seq)
      SELECT id, :user_id, seq, seq FROM asked
      ON CONFLICT (conversation_id, user_id) DO UPDATE
      SET seq = greatest(read_marks.seq, excluded.seq),
          delivered_seq = greatest(read_marks.delivered_seq, excluded.delivered_seq)
      RETURNING seq, delivered_seq
    )
    SELECT mark.seq, mark.delivered_seq, greatest(asked.last_seq, mark.seq) AS last_seq,
           mark.seq > coalesce((SELECT seq FROM before), 0) AS moved
    FROM mark, asked
""").execution_options(timed="mark_read")
_READERS = sa.text("""
    SELECT count(*) AS people, count(*) FILTER (WHERE r.seq >= :seq) AS readers
    FROM memberships m
    LEFT JOIN read_marks r ON r.conversation_id = m.event_id AND r.user_id = m.user_id
    WHERE m.event_id = :id AND m.status = 'ACCEPTED'
      AND m.user_id IS DISTINCT FROM CAST(:author AS uuid)
""")
_PARTNER = sa.text("""
    SELECT 1 AS people, count(r.user_id) AS readers
    FROM conversations c
    LEFT JOIN read_marks r ON r.conversation_id = c.id AND r.seq >= :seq
         AND r.user_id IN (c.low_user_id, c.high_user_id) AND r.user_id <> :author
    WHERE c.id = :id
""")
