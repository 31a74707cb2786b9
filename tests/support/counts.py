"""What every event's row says about other rows, counted anew."""

from uuid import UUID

import sqlalchemy as sa

from app.utils.db import Database

EVENT = sa.text("""
    SELECT e.seq, e.status,
      (SELECT array_agg(seq ORDER BY seq) FROM changes WHERE event_id = e.id) AS seqs,
      ARRAY[e.members, e.observers, e.pending, e.ballots, e.comment_count] AS kept,
      ARRAY[
        (SELECT count(*) FROM memberships
          WHERE event_id = e.id AND status = 'ACCEPTED' AND role <> 'OBSERVER'),
        (SELECT count(*) FROM memberships
          WHERE event_id = e.id AND status = 'ACCEPTED' AND role = 'OBSERVER'),
        (SELECT count(*) FROM memberships WHERE event_id = e.id AND status = 'PENDING'),
        (SELECT count(*) FROM ballots WHERE event_id = e.id),
        (SELECT count(*) FROM comments
          WHERE event_id = e.id AND subject_type = 'event' AND deleted_at IS NULL)
      ] AS counted,
      (SELECT array_agg(user_id) FROM memberships
        WHERE event_id = e.id AND status = 'ACCEPTED' AND role = 'OWNER') AS owners,
      e.owner_id
    FROM events e WHERE e.id = :event_id
""")
TALK = sa.text("""
    SELECT c.last_seq,
      (SELECT array_agg(seq ORDER BY seq) FROM messages WHERE conversation_id = c.id) AS seqs,
      (SELECT array_agg(n ORDER BY first) FROM (
         SELECT CAST(payload ->> 'seq' AS bigint) AS n, min(seq) AS first FROM changes
         WHERE event_id = c.id AND type = 'message.changed' GROUP BY n) AS told) AS told,
      (SELECT count(*) FROM read_marks r
        WHERE r.conversation_id = c.id AND r.delivered_seq > c.last_seq) AS above
    FROM conversations c WHERE c.id = :event_id
""")
WRONG = sa.text("""
    SELECT p.id FROM proposals p WHERE p.event_id = :event_id AND (
      (p.agree, p.disagree, p.abstain) <> (
        SELECT count(*) FILTER (WHERE choice = 'AGREE'),
               count(*) FILTER (WHERE choice = 'DISAGREE'),
               count(*) FILTER (WHERE choice = 'ABSTAIN')
        FROM proposal_votes v WHERE v.event_id = p.event_id AND v.proposal_id = p.id)
      OR p.comment_count <> (
        SELECT count(*) FROM comments c
        WHERE c.event_id = p.event_id AND c.subject_id = p.id AND c.deleted_at IS NULL))
    UNION ALL
    SELECT i.id FROM items i WHERE i.event_id = :event_id AND i.comment_count <> (
      SELECT count(*) FROM comments c
      WHERE c.event_id = i.event_id AND c.subject_id = i.id AND c.deleted_at IS NULL)
""")


async def assert_counted(database: Database, event_id: UUID) -> None:
    """Assert a log and a conversation without gaps, in one order; true counts; one owner."""
    async with database.read_consistently() as session:
        event = (await session.execute(EVENT, {"event_id": event_id})).one()
        talk = (await session.execute(TALK, {"event_id": event_id})).one()
        wrong = (await session.execute(WRONG, {"event_id": event_id})).all()
    assert event.seqs == list(range(1, event.seq + 1))
    assert event.kept == event.counted
    assert wrong == []
    assert talk.above == 0
    assert (talk.seqs or []) == (talk.told or []) == list(range(1, talk.last_seq + 1))
    assert event.owners == [event.owner_id] or (event.owners is None and event.status == "FINISHED")
