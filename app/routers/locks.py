"""Locks on blocks over HTTP. They are told to everybody at once and stand in no log."""

from uuid import UUID

from fastapi import Response

from app.models.brief_bodies import Heartbeat
from app.models.payloads import LockGrant, LockPayload
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, TheDesk, TheHouse, json_body

router = api_router("/events/{event_id}/brief/blocks/{block_id}/lock", "brief", *USUAL, 423)


@router.post("", status_code=201, response_model=LockGrant)
async def take_lock(
    desk: TheDesk, house: TheHouse, user: CurrentUser, event_id: UUID, block_id: UUID
) -> Response:
    """Take a block to write in it: free, or one's own anew."""
    desk.count()
    grant = await house.locks.take(user, event_id, block_id)
    return json_body(grant, 201)


@router.put("", response_model=LockPayload)
async def renew_lock(
    desk: TheDesk,
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    block_id: UUID,
    body: Heartbeat,
) -> Response:
    """Keep a lock: a heartbeat, to be sent every `renew_in_ms`."""
    desk.count()
    return json_body(await house.locks.renew(user, event_id, block_id, body.token))


@router.delete("", response_model=LockPayload)
async def release_lock(
    desk: TheDesk, house: TheHouse, user: CurrentUser, event_id: UUID, block_id: UUID
) -> Response:
    """Let go of a block; an admin breaks the lock of somebody else."""
    desk.count()
    return json_body(await house.locks.release(user, event_id, block_id))
