"""Announcements over HTTP."""

from uuid import UUID

from fastapi import Response

from app.models.announcing import AnnouncementEdit, NewAnnouncement
from app.models.payloads import AnnouncementPayload, Identified
from app.routers.api import api_router
from app.routers.deps import CurrentUser, PageCursor, PageLimit, TheDesk, TheHouse, json_body
from app.routers.problems import problem_responses
from app.services import announcements
from app.services.pages import Page

router = api_router("/announcements", "announcements", 400, 401, 422, 429, 503)


@router.get("", response_model=Page[AnnouncementPayload])
async def list_announcements(
    house: TheHouse, user: CurrentUser, cursor: PageCursor = None, limit: PageLimit = 50
) -> Response:
    return json_body(await announcements.list_announcements(house.database, user, cursor, limit))


@router.post(
    "", status_code=201, response_model=AnnouncementPayload, responses=problem_responses(403)
)
async def publish(
    house: TheHouse, desk: TheDesk, user: CurrentUser, body: NewAnnouncement
) -> Response:
    answer = await desk.write(201, None, announcements.publish, user, body)
    house.herald.ring()
    return answer


@router.patch(
    "/{announcement_id}",
    response_model=AnnouncementPayload,
    responses=problem_responses(403, 404),
)
async def edit_announcement(
    house: TheHouse,
    desk: TheDesk,
    user: CurrentUser,
    announcement_id: UUID,
    body: AnnouncementEdit,
) -> Response:
    answer = await desk.write(200, None, announcements.edit, user, announcement_id, body)
    house.herald.ring()
    return answer


@router.delete(
    "/{announcement_id}", response_model=Identified, responses=problem_responses(403, 404)
)
async def remove_announcement(
    house: TheHouse, desk: TheDesk, user: CurrentUser, announcement_id: UUID
) -> Response:
    answer = await desk.write(200, None, announcements.remove, user, announcement_id)
    house.herald.ring()
    return answer


@router.put("/{announcement_id}/seen", status_code=204, responses=problem_responses(404))
async def see_announcement(desk: TheDesk, user: CurrentUser, announcement_id: UUID) -> Response:
    await desk.answer(200, None, announcements.mark_seen, user, announcement_id)
    return Response(status_code=204)
