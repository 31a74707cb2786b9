"""Webhooks as JSON."""

from uuid import UUID

from app.models.payloads.shapes import Identified, Moment, Payload
from app.models.statuses import ChangeType, Wanted, WebhookStatus


class WebhookPayload(Identified):
    """A webhook. `cursor` is the last number that was delivered or passed over.

    `next_attempt_at` is when a failing one is tried again, and null where none fails or none is
    due. `secret` is told once, when it is made.
    """

    event_id: UUID
    url: str
    types: list[ChangeType] | None
    status: WebhookStatus
    cursor: int
    attempts: int
    failing_since: Moment | None
    next_attempt_at: Moment | None
    last_error: str | None
    created_at: Moment
    secret: str | None = None


class WebhookList(Payload):
    items: list[WebhookPayload]


class NotificationPayload(Payload):
    level: Wanted


class PushKey(Payload):
    """The application server key for `PushManager.subscribe`."""

    key: str
