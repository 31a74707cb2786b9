"""Webhooks: admins choose who outside is told what happens in an event."""

import hmac
from base64 import b64encode
from uuid import UUID

import sqlalchemy as sa

from app.models import Event, Webhook
from app.models.base import now
from app.models.callers import Caller
from app.models.errors import Conflict, Gone
from app.models.payloads import Identified, WebhookList, WebhookPayload
from app.models.reaching import NewWebhook, Replay, WebhookEdit
from app.models.statuses import ChangeType, WebhookStatus
from app.services import access
from app.services.access import Right
from app.services.changes import changes_after, follows
from app.utils.db import Database, ReadSession
from app.utils.transaction import UnitOfWork

AT_MOST = 10


def secret_of(key: bytes, webhook_id: UUID) -> str:
    """Return the secret of a webhook: derived, so that the database does not hold it."""
    return "whsec_" + b64encode(hmac.digest(key, webhook_id.bytes, "sha256")).decode()


async def add_webhook(
    uow: UnitOfWork, admin: Caller, event_id: UUID, body: NewWebhook, key: bytes
) -> WebhookPayload:
    """Tell somebody outside what happens from now on. The address is checked before."""
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    count = sa.select(sa.func.count()).select_from(Webhook).where(Webhook.event_id == event.id)
    if (await uow.session.scalar(count) or 0) >= AT_MOST:
        raise Conflict(
            "too_many_webhooks", f"An event has at most {AT_MOST} webhooks. Remove one first."
        )
    webhook = Webhook(
        event_id=event.id,
        url=body.url,
        types=_types(body.types),
        cursor=event.seq,
        attempts=0,
        created_by_id=admin.id,
    )
    uow.session.add(webhook)
    await uow.session.flush()
    return present(webhook, secret_of(key, webhook.id))


async def edit_webhook(
    uow: UnitOfWork, admin: Caller, event_id: UUID, webhook_id: UUID, body: WebhookEdit
) -> WebhookPayload:
    """Change a webhook, pause it, or revive it: then it goes on where it stopped, at once."""
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    webhook = await _find(uow, event, webhook_id)
    if body.url is not None:
        webhook.url = body.url
    if "types" in body.model_fields_set:
        webhook.types = _types(body.types)
    if body.status is not None:
        webhook.status = WebhookStatus(body.status)
    if body.url is not None or body.status is not None:
        _begin_anew(webhook)
    await uow.session.flush()
    return present(webhook)


async def replay(
    uow: UnitOfWork, admin: Caller, event_id: UUID, webhook_id: UUID, body: Replay
) -> WebhookPayload:
    """Deliver again what came after a number. Raises Gone where the log is not kept so far back."""
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    webhook = await _find(uow, event, webhook_id)
    after = min(body.after, event.seq)
    first = await changes_after(ReadSession(uow.session), event.id, after, 1)
    if not follows(first, after, event.seq):
        raise Gone("changes_not_kept", "The changes after this number are not kept any more.")
    webhook.cursor = after
    if webhook.status is WebhookStatus.DEAD:
        webhook.status = WebhookStatus.ACTIVE
    _begin_anew(webhook)
    await uow.session.flush()
    return present(webhook)


async def remove_webhook(
    uow: UnitOfWork, admin: Caller, event_id: UUID, webhook_id: UUID
) -> Identified:
    event, _ = await access.lock_event(uow, event_id, admin, Right.ADMIN)
    webhook = await _find(uow, event, webhook_id)
    await uow.session.delete(webhook)
    await uow.session.flush()
    return Identified(id=webhook_id)


async def require_admin(database: Database, caller: Caller, event_id: UUID) -> None:
    """Raise where the caller is no admin: before anything is looked up on their behalf."""
    async with database.read() as session:
        await access.find_event(session, event_id, caller, Right.ADMIN)


async def list_webhooks(database: Database, admin: Caller, event_id: UUID) -> WebhookList:
    async with database.read() as session:
        await access.find_event(session, event_id, admin, Right.ADMIN)
        found = await session.scalars(
            sa.select(Webhook).where(Webhook.event_id == event_id).order_by(Webhook.id)
        )
        return WebhookList(items=[present(webhook) for webhook in found])


def present(webhook: Webhook, secret: str | None = None) -> WebhookPayload:
    tries_again = webhook.status is WebhookStatus.ACTIVE and webhook.failing_since is not None
    return WebhookPayload(
        id=webhook.id,
        event_id=webhook.event_id,
        url=webhook.url,
        types=None if webhook.types is None else [ChangeType(each) for each in webhook.types],
        status=webhook.status,
        cursor=webhook.cursor,
        attempts=webhook.attempts,
        failing_since=webhook.failing_since,
        next_attempt_at=webhook.next_attempt_at if tries_again else None,
        last_error=webhook.last_error,
        created_at=webhook.created_at,
        secret=secret,
    )


def _types(types: list[ChangeType] | None) -> list[str] | None:
    return None if types is None else sorted({each.value for each in types})


def _begin_anew(webhook: Webhook) -> None:
    """Forget failures, and whoever delivers right now: what they report is void."""
    webhook.attempts, webhook.failing_since, webhook.last_error = 0, None, None
    webhook.lease = webhook.leased_until = None
    webhook.next_attempt_at = now()


async def _find(uow: UnitOfWork, event: Event, webhook_id: UUID) -> Webhook:
    webhook = await uow.session.scalar(
        sa.select(Webhook).where(Webhook.id == webhook_id, Webhook.event_id == event.id)
    )
    if webhook is None:
        raise access.no_such("webhook")
    return webhook
