"""Comments over HTTP: on the event, and on its criteria and proposals."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.models.bodies import NewComment
from app.models.payloads import CommentChange, CommentCount, CommentPayload
from app.models.statuses import SubjectType
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, PageCursor, PageLimit, TheDesk, TheHouse, json_body
from app.services import comments
from app.services.comments import Subject
from app.services.pages import Page

router = api_router("/events/{event_id}", "comments", *USUAL)

SubjectText = Annotated[
    str, Query(max_length=100, description="`event`, `criterion:<id>` or `proposal:<id>`")
]


@router.get("/comments", response_model=Page[CommentPayload])
async def list_comments(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    subject: SubjectText | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Response:
    about = Subject.parse(subject) if subject is not None else None
    return json_body(
        await comments.list_comments(house.database, user, event_id, about, cursor, limit)
    )


@router.post("/comments", status_code=201, response_model=CommentChange)
async def say(
    desk: TheDesk,
    user: CurrentUser,
    event_id: UUID,
    body: NewComment,
    subject: SubjectText = "event",
) -> Response:
    return await desk.write(
        201, event_id, comments.say, user, event_id, Subject.parse(subject), body.content
    )


@router.get("/criteria/{criterion_id}/comments", response_model=Page[CommentPayload])
async def list_criterion_comments(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    criterion_id: UUID,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Response:
    about = Subject(SubjectType.CRITERION, criterion_id)
    return json_body(
        await comments.list_comments(house.database, user, event_id, about, cursor, limit)
    )


@router.post("/criteria/{criterion_id}/comments", status_code=201, response_model=CommentChange)
async def say_about_criterion(
    desk: TheDesk, user: CurrentUser, event_id: UUID, criterion_id: UUID, body: NewComment
) -> Response:
    about = Subject(SubjectType.CRITERION, criterion_id)
    return await desk.write(201, event_id, comments.say, user, event_id, about, body.content)


@router.get("/criteria/{criterion_id}/comments/count", response_model=CommentCount)
async def count_criterion_comments(
    house: TheHouse, user: CurrentUser, event_id: UUID, criterion_id: UUID
) -> Response:
    return json_body(await comments.count_comments(house.database, user, event_id, criterion_id))


@router.patch("/comments/{comment_id}", response_model=CommentChange)
async def edit_comment(
    desk: TheDesk, user: CurrentUser, event_id: UUID, comment_id: UUID, body: NewComment
) -> Response:
    return await desk.write(200, event_id, comments.edit, user, event_id, comment_id, body.content)


@router.delete("/comments/{comment_id}", response_model=CommentChange)
async def delete_comment(
    desk: TheDesk, user: CurrentUser, event_id: UUID, comment_id: UUID
) -> Response:
    return await desk.write(200, event_id, comments.remove, user, event_id, comment_id)
