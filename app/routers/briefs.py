"""The shared brief over HTTP: its blocks, their versions, and snapshots of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Response

from app.models.brief_bodies import (
    BlockEdit,
    BlockMove,
    BlockReturn,
    BlockWish,
    NewBlock,
    NewSnapshot,
)
from app.models.payloads import (
    BlockPayload,
    BriefPayload,
    ProposalPayload,
    SnapshotPayload,
    SnapshotsPage,
    VersionsPage,
)
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, TheDesk, TheHouse, as_response, json_body
from app.routers.problems import problem_responses
from app.services import blocks, brief_snapshots, briefs

router = api_router("/events/{event_id}/brief", "brief", *USUAL)

AVersion = Annotated[int, Query(ge=1, le=2**31 - 1)]
LOCKED = problem_responses(423)


@router.get(
    "",
    response_model=BriefPayload,
    responses={304: {"description": "Nothing has changed since the `ETag` that was sent"}},
)
async def read_brief(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    if_none_match: Annotated[str | None, Header(max_length=1_000)] = None,
) -> Response:
    """Read the brief. Every `block.changed` above its `version` is to be folded into it."""
    brief = await briefs.read_brief(house.database, house.locks, user, event_id)
    named = {"Cache-Control": "no-store", "ETag": briefs.tag(brief)}
    if if_none_match is not None and named["ETag"] in if_none_match:
        return Response(None, 304, named)
    return Response(brief.encode(), 200, named, "application/json")


@router.post("/blocks", status_code=201, response_model=BlockPayload)
async def add_block(desk: TheDesk, user: CurrentUser, event_id: UUID, body: NewBlock) -> Response:
    return await desk.write(201, event_id, blocks.add_block, user, event_id, body)


@router.put("/blocks/{block_id}", response_model=BlockPayload, responses=LOCKED)
async def commit_block(
    desk: TheDesk,
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    block_id: UUID,
    body: BlockEdit,
) -> Response:
    """Commit a block's text. With a token its lock ends; without one nobody may hold it."""
    known = await desk.known()
    if known is not None:
        return as_response(known)
    guard = None
    if body.token is None:
        guard = await house.locks.guard(user, event_id, block_id)
    answer = await desk.write(
        200, event_id, blocks.commit_block, user, event_id, block_id, body, guard
    )
    if body.token is not None:
        await house.locks.let_go(user, event_id, block_id, body.token)
    return answer


@router.put("/blocks/{block_id}/position", response_model=BlockPayload)
async def move_block(
    desk: TheDesk, user: CurrentUser, event_id: UUID, block_id: UUID, body: BlockMove
) -> Response:
    return await desk.write(200, event_id, blocks.move_block, user, event_id, block_id, body)


@router.delete("/blocks/{block_id}", response_model=BlockPayload, responses=LOCKED)
async def remove_block(
    desk: TheDesk,
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    block_id: UUID,
    version: AVersion,
) -> Response:
    known = await desk.known()
    if known is not None:
        return as_response(known)
    guard = await house.locks.guard(user, event_id, block_id)
    answer = await desk.write(
        200, event_id, blocks.remove_block, user, event_id, block_id, version, guard
    )
    await house.locks.let_go(user, event_id, block_id, None)
    return answer


@router.post("/blocks/{block_id}/restore", response_model=BlockPayload)
async def restore_block(
    desk: TheDesk, user: CurrentUser, event_id: UUID, block_id: UUID, body: BlockReturn
) -> Response:
    """Bring a removed block back: its history goes on."""
    return await desk.write(
        200, event_id, blocks.restore_block, user, event_id, block_id, body.version
    )


@router.get("/blocks/{block_id}/versions", response_model=VersionsPage)
async def list_block_versions(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    block_id: UUID,
    before: AVersion | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Response:
    return json_body(
        await briefs.list_versions(house.database, user, event_id, block_id, before, limit)
    )


@router.post("/blocks/{block_id}/proposal", status_code=201, response_model=ProposalPayload)
async def propose_block(
    desk: TheDesk, user: CurrentUser, event_id: UUID, block_id: UUID, body: BlockWish
) -> Response:
    return await desk.write(201, event_id, briefs.propose_block, user, event_id, block_id, body)


@router.get("/snapshots", response_model=SnapshotsPage)
async def list_snapshots(house: TheHouse, user: CurrentUser, event_id: UUID) -> Response:
    return json_body(await brief_snapshots.list_snapshots(house.database, user, event_id))


@router.post("/snapshots", status_code=201, response_model=SnapshotPayload)
async def keep_snapshot(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: NewSnapshot
) -> Response:
    return await desk.write(201, event_id, brief_snapshots.keep_snapshot, user, event_id, body.name)


@router.post("/snapshots/{snapshot_id}/restore", response_model=SnapshotPayload)
async def restore_snapshot(
    desk: TheDesk, user: CurrentUser, event_id: UUID, snapshot_id: UUID
) -> Response:
    return await desk.write(
        200, event_id, brief_snapshots.restore_snapshot, user, event_id, snapshot_id
    )
