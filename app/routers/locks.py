"""Locks on blocks over HTTP. They are told to everybody at once and stand in no log."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.models.brief_bodies import Heartbeat
from app.models.payloads import LockGrant, LockPayload
from app.routers.deps import CurrentUser, TheDesk, TheHouse, json_body
from app.routers.problems import problem_responses

router = APIRouter(
    prefix="/events/{event_id}/brief/blocks/{block_id}/lock",
    tags=["brief"],
    responses=problem_responses(400, 401, 403, 404, 409, 422, 423, 429, 503),
)


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
