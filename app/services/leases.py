"""Who delivers to a webhook: one process at a time, for as long as its lease runs.

A lease is taken and given back in short transactions, so that nobody waits for a slow target; one
whose process died runs out. What is reported under a lease that is over counts for nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.models import Event, Webhook
from app.models.base import new_id, now
from app.models.statuses import WebhookStatus
from app.utils.transaction import UnitOfWork


@dataclass(frozen=True, slots=True)
class Lease:
    """A webhook that this process delivers to now, and where it and its event stand."""

    id: UUID
    lease: UUID
    event_id: UUID
    epoch: UUID
    head: int
    url: str
    types: frozenset[str] | None
    cursor: int
    attempts: int
    failing_since: datetime | None


async def take_leases(uow: UnitOfWork, limit: int, seconds: float) -> list[Lease]:
    """Take webhooks that something waits for, those that have waited longest first."""
    await uow.claim()
    # Asked again by the update itself: of two processes that want the same, one gets nothing.
    free = sa.or_(Webhook.leased_until.is_(None), Webhook.leased_until < now())
    waiting = (
        sa.select(Webhook.event_id, Webhook.id)
        .join(Event, Event.id == Webhook.event_id)
        .where(
            Webhook.status == WebhookStatus.ACTIVE,
            Webhook.next_attempt_at <= now(),
            Webhook.cursor < Event.seq,
            free,
        )
        .order_by(Webhook.next_attempt_at)
        .limit(limit)
    )
    rows = await uow.session.execute(
        sa.update(Webhook)
        .where(
            sa.tuple_(Webhook.event_id, Webhook.id).in_(waiting), free, Event.id == Webhook.event_id
        )
        .values(lease=new_id(), leased_until=now() + timedelta(seconds=seconds))
        .returning(Webhook, Event.epoch, Event.seq)
    )
    return [_lease(webhook, epoch, head) for webhook, epoch, head in rows]


async def give_back(uow: UnitOfWork, lease: Lease, **state: Any) -> bool:
    """Write down how far a delivery came; False where the lease was over before."""
    await uow.claim()
    reported = await uow.session.scalar(
        sa.update(Webhook)
        .where(
            Webhook.event_id == lease.event_id,
            Webhook.id == lease.id,
            Webhook.lease == lease.lease,
        )
        .values(lease=None, leased_until=None, **state)
        .returning(Webhook.id)
    )
    return reported is not None


def _lease(webhook: Webhook, epoch: UUID, head: int) -> Lease:
    assert webhook.lease is not None
    return Lease(
        webhook.id,
        webhook.lease,
        webhook.event_id,
        epoch,
        head,
        webhook.url,
        None if webhook.types is None else frozenset(webhook.types),
        webhook.cursor,
        webhook.attempts,
        webhook.failing_since,
    )
