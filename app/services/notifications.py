"""What people want to be told while they are away, and which of their browsers is told."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.models import NotificationLevel, PushSubscription
from app.models.base import new_id, now
from app.models.callers import Caller
from app.models.errors import invalid_field
from app.models.payloads import Identified, NotificationPayload
from app.models.reaching import PushBody
from app.models.statuses import Wanted
from app.services.access import find_event
from app.utils.db import Database, ReadSession
from app.utils.transaction import UnitOfWork
from app.utils.webpush import from_b64url, is_browser_key

# Browsers of one person; another one takes the place of the oldest.
AT_MOST = 10


async def read_level(database: Database, caller: Caller, event_id: UUID) -> NotificationPayload:
    async with database.read() as session:
        await find_event(session, event_id, caller)
        level = await session.scalar(
            sa.select(NotificationLevel.level).where(
                NotificationLevel.user_id == caller.id, NotificationLevel.event_id == event_id
            )
        )
    return NotificationPayload(level=level or Wanted.DECISIONS)


async def choose_level(
    uow: UnitOfWork, caller: Caller, event_id: UUID, level: Wanted
) -> NotificationPayload:
    """Choose how much of an event is told by mail and push."""
    await uow.claim()
    await find_event(ReadSession(uow.session), event_id, caller)
    await set_level(uow, caller.id, event_id, level)
    return NotificationPayload(level=level)


async def set_level(uow: UnitOfWork, user_id: UUID, event_id: UUID, level: Wanted) -> None:
    """Write a choice down, also one made by a link in a mail."""
    await uow.claim()
    chosen = insert(NotificationLevel).values(user_id=user_id, event_id=event_id, level=level)
    await uow.session.execute(
        chosen.on_conflict_do_update(
            index_elements=["user_id", "event_id"], set_={"level": chosen.excluded.level}
        )
    )


async def subscribe(uow: UnitOfWork, caller: Caller, body: PushBody) -> Identified:
    """Have a browser told. The endpoint is checked before; it is of one person at a time."""
    await uow.claim()
    try:
        p256dh, auth = from_b64url(body.keys.p256dh), from_b64url(body.keys.auth)
    except ValueError:
        p256dh, auth = b"", b""
    if not is_browser_key(p256dh, auth):
        raise invalid_field("keys", "These are no keys of a browser. Subscribe again.")
    await _make_place(uow, caller)
    own = {"user_id": caller.id, "session_id": caller.session_id, "p256dh": p256dh, "auth": auth}
    made = insert(PushSubscription).values(
        id=new_id(), endpoint=body.endpoint, created_at=now(), **own
    )
    kept = made.on_conflict_do_update(index_elements=["endpoint"], set_=own)
    subscription_id = await uow.session.scalar(kept.returning(PushSubscription.id))
    assert subscription_id is not None
    return Identified(id=subscription_id)


async def unsubscribe(uow: UnitOfWork, caller: Caller, endpoint: str) -> NotificationPayload:
    """Have a browser told no more."""
    await uow.claim()
    await uow.session.execute(
        sa.delete(PushSubscription).where(
            PushSubscription.user_id == caller.id, PushSubscription.endpoint == endpoint
        )
    )
    return NotificationPayload(level=Wanted.NONE)


async def forget_endpoints(uow: UnitOfWork, endpoints: list[str]) -> None:
    """Remove browsers that are gone, as their push services say."""
    await uow.claim()
    await uow.session.execute(
        sa.delete(PushSubscription).where(PushSubscription.endpoint.in_(endpoints))
    )


async def _make_place(uow: UnitOfWork, caller: Caller) -> None:
    younger = (
        sa.select(PushSubscription.id)
        .where(PushSubscription.user_id == caller.id)
        .order_by(PushSubscription.id.desc())
        .limit(AT_MOST - 1)
    )
    await uow.session.execute(
        sa.delete(PushSubscription).where(
            PushSubscription.user_id == caller.id, PushSubscription.id.not_in(younger)
        )
    )
