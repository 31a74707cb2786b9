"""Memberships over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import Response

from app.models.bodies import Bulk, RoleEdit, Transfer
from app.models.payloads import BulkPayload, MembershipPayload
from app.models.statuses import MembershipStatus
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, PageCursor, PageLimit, TheDesk, TheHouse, json_body
from app.services import memberships, ownership
from app.services.pages import Page

router = api_router("/events/{event_id}", "memberships", *USUAL)

Deed = Literal["approve", "reject", "reset", "kick", "ban", "unban"]


@router.get("/memberships", response_model=Page[MembershipPayload])
async def list_memberships(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    status: MembershipStatus | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 100,
) -> Response:
    return json_body(
        await memberships.list_memberships(house.database, user, event_id, status, cursor, limit)
    )


@router.post("/memberships/bulk-approve", response_model=BulkPayload)
async def bulk_approve(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: Bulk | None = None
) -> Response:
    chosen = body.membership_ids if body else None
    return await desk.write(200, event_id, memberships.approve_all, user, event_id, chosen)


@router.post("/memberships/bulk-reject", response_model=BulkPayload)
async def bulk_reject(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: Bulk | None = None
) -> Response:
    chosen = body.membership_ids if body else None
    return await desk.write(200, event_id, memberships.reject_all, user, event_id, chosen)


@router.patch("/memberships/{membership_id}/role", response_model=MembershipPayload)
async def change_role(
    desk: TheDesk, user: CurrentUser, event_id: UUID, membership_id: UUID, body: RoleEdit
) -> Response:
    return await desk.write(
        200, event_id, memberships.change_role, user, event_id, membership_id, body.role
    )


@router.patch("/memberships/{membership_id}/{deed}", response_model=MembershipPayload)
async def do_to_membership(
    desk: TheDesk, user: CurrentUser, event_id: UUID, membership_id: UUID, deed: Deed
) -> Response:
    return await desk.write(
        200, event_id, memberships.do_to_membership, user, event_id, membership_id, deed
    )


@router.post("/leave", response_model=MembershipPayload)
async def leave_event(desk: TheDesk, user: CurrentUser, event_id: UUID) -> Response:
    return await desk.write(200, event_id, ownership.leave, user, event_id)


@router.post("/transfer-ownership", response_model=MembershipPayload)
async def transfer_ownership(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: Transfer
) -> Response:
    return await desk.write(200, event_id, ownership.transfer, user, event_id, body.user_id)
