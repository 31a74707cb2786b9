"""Retention: what is kept only for a while, removed a little at a time.

Each step is a transaction of its own and tells whether there is more to do. Many processes ask for
the steps, and one does them: the others are told that there is nothing. What is due the database's
clock decides: a process whose own is wrong would forget keys that somebody still sends again.
"""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from app.models import Change, Event, IdempotencyKey, PasswordReset, Session
from app.services.attachments import keys_of
from app.utils.idempotency import HOURS_KEPT
from app.utils.stores import Store
from app.utils.transaction import UnitOfWork

# Rows that one transaction removes of each table.
AT_ONCE: Final = 5_000
FILES_AT_ONCE: Final = 100
# Any number that nothing else in the database locks.
LOCK: Final = 7_461_926_535
_NOW: Final = sa.func.now()


async def remove_expired(uow: UnitOfWork) -> bool:
    """Remove idempotency keys after their day, and sessions and resets after their end."""
    await uow.claim()
    if not await _alone(uow):
        return False
    more = False
    for key, expired in (
        (IdempotencyKey.key_hash, IdempotencyKey.created_at < _NOW - timedelta(hours=HOURS_KEPT)),
        (Session.id, Session.expires_at < _NOW),
        (PasswordReset.token_hash, PasswordReset.expires_at < _NOW),
    ):
        batch = sa.select(key).where(expired).limit(AT_ONCE)
        removal = sa.delete(key.class_).where(key.in_(batch)).returning(key)
        more |= len((await uow.session.scalars(removal)).all()) == AT_ONCE
    return more


async def drop_log(uow: UnitOfWork, days: int) -> bool:
    """Remove changes of one event that ended so many days ago, oldest first.

    A client that comes back with a cursor below what is left is told to start over.
    """
    await uow.claim()
    ended = sa.func.coalesce(Event.finished_at, Event.deleted_at)
    old = sa.select(Event.id).where(
        ended < _NOW - timedelta(days=days), Event.log_dropped_at.is_(None)
    )
    if not await _alone(uow):
        return False
    event_id = await uow.session.scalar(old.order_by(ended).limit(1))
    if event_id is None:
        return False
    batch = sa.select(Change.seq).where(Change.event_id == event_id).order_by(Change.seq)
    removal = sa.delete(Change).where(
        Change.event_id == event_id, Change.seq.in_(batch.limit(AT_ONCE))
    )
    removed = await uow.session.scalars(removal.returning(Change.seq))
    if len(removed.all()) < AT_ONCE:
        dropped = sa.update(Event).where(Event.id == event_id).values(log_dropped_at=_NOW)
        await uow.session.execute(dropped)
    return True


async def sweep_attachments(uow: UnitOfWork, store: Store) -> bool:
    """Remove what was uploaded a day ago and never sent, and what was sent and taken away.

    The rows go first: nobody can send what is about to go. Where the store fails they stay.
    """
    await uow.claim()
    if not await _alone(uow):
        return False
    swept = await uow.session.scalars(_SWEEP, {"limit": FILES_AT_ONCE})
    removed = swept.all()
    await store.remove([key for one in removed for key in keys_of(one)])
    return len(removed) == FILES_AT_ONCE


async def _alone(uow: UnitOfWork) -> bool:
    """Tell whether no other process removes anything right now."""
    lock = sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))
    return bool(await uow.session.scalar(lock))


_SWEEP = sa.text("""
    DELETE FROM attachments
    WHERE (conversation_id, id) IN (
        (SELECT conversation_id, id FROM attachments WHERE removed_at IS NOT NULL LIMIT :limit)
        UNION
        (SELECT conversation_id, id FROM attachments
          WHERE message_seq IS NULL AND removed_at IS NULL
            AND created_at < now() - interval '1 day'
            AND NOT EXISTS (
              SELECT FROM blocks b
              WHERE b.event_id = conversation_id AND b.attachment_id = attachments.id)
          LIMIT :limit)
        LIMIT :limit)
      AND (removed_at IS NOT NULL OR message_seq IS NULL)
    RETURNING id
""")
