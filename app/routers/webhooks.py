"""Webhooks over HTTP, for the admins of an event."""

from uuid import UUID

from fastapi import Response

from app.models.payloads import Identified, WebhookList, WebhookPayload
from app.models.reaching import NewWebhook, Replay, WebhookEdit
from app.routers.api import api_router
from app.routers.deps import CurrentUser, TheDesk, TheHouse, json_body
from app.routers.problems import problem_responses
from app.services import webhooks
from app.utils.addresses import find_target

router = api_router("/events/{event_id}/webhooks", "webhooks", 400, 401, 403, 404, 422, 429, 503)


@router.get("", response_model=WebhookList)
async def list_webhooks(house: TheHouse, user: CurrentUser, event_id: UUID) -> Response:
    return json_body(await webhooks.list_webhooks(house.database, user, event_id))


@router.post("", status_code=201, response_model=WebhookPayload, responses=problem_responses(409))
async def add_webhook(
    house: TheHouse, desk: TheDesk, user: CurrentUser, event_id: UUID, body: NewWebhook
) -> Response:
    """Tell a server outside what happens from now on. The answer holds its secret, once."""
    await webhooks.require_admin(house.database, user, event_id)
    await find_target(body.url, private=house.outside.outbound.private)
    key = house.outside.webhook_key
    return await desk.write(201, event_id, webhooks.add_webhook, user, event_id, body, key)


@router.patch("/{webhook_id}", response_model=WebhookPayload)
async def edit_webhook(
    house: TheHouse,
    desk: TheDesk,
    user: CurrentUser,
    event_id: UUID,
    webhook_id: UUID,
    body: WebhookEdit,
) -> Response:
    await webhooks.require_admin(house.database, user, event_id)
    if body.url is not None:
        await find_target(body.url, private=house.outside.outbound.private)
    return await desk.write(200, event_id, webhooks.edit_webhook, user, event_id, webhook_id, body)


@router.delete("/{webhook_id}", response_model=Identified)
async def remove_webhook(
    desk: TheDesk, user: CurrentUser, event_id: UUID, webhook_id: UUID
) -> Response:
    return await desk.write(200, event_id, webhooks.remove_webhook, user, event_id, webhook_id)


@router.post(
    "/{webhook_id}/replay", response_model=WebhookPayload, responses=problem_responses(410)
)
async def replay_webhook(
    desk: TheDesk, user: CurrentUser, event_id: UUID, webhook_id: UUID, body: Replay
) -> Response:
    return await desk.write(200, event_id, webhooks.replay, user, event_id, webhook_id, body)
