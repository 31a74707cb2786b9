"""Drawings on images over HTTP."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.models.brief_bodies import MOST_STROKES, NewStrokes
from app.models.payloads import SketchMark, SketchPayload
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, TheDesk, TheHouse, json_body
from app.services import sketches
from app.services.access import Right
from app.utils.limits import STROKES

router = api_router("/events/{event_id}/sketches/{image_id}", "brief", *USUAL)


class Whose(StrEnum):
    """Whose strokes are cleared: everybody's only by an admin."""

    MINE = "mine"
    ALL = "all"


@router.get("", response_model=SketchPayload)
async def read_sketch(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    image_id: UUID,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> Response:
    """Read a drawing, or what came after a number. Who follows the stream first misses nothing."""
    return json_body(await sketches.read_sketch(house.database, user, event_id, image_id, after))


@router.post("/strokes", status_code=201, response_model=SketchMark)
async def draw(
    desk: TheDesk,
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    image_id: UUID,
    body: NewStrokes,
) -> Response:
    """Draw strokes. Sent again, they are known by their ids."""
    desk.count()
    house.limits.count_here(STROKES, str(user.id), cost=len(body.strokes))
    await sketches.check_may_draw(house.database, user, event_id, image_id)
    seq = await house.pens.draw(event_id, image_id, user.id, body.strokes)
    return json_body(SketchMark(image_id=image_id, seq=seq), 201)


@router.delete("/strokes", response_model=SketchMark)
async def erase(
    desk: TheDesk,
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    image_id: UUID,
    ids: Annotated[list[UUID], Query(alias="id", min_length=1, max_length=MOST_STROKES)],
) -> Response:
    """Take back some of one's own strokes."""
    desk.count()
    await sketches.check_may_draw(house.database, user, event_id, image_id)
    seq = await house.pens.erase(event_id, image_id, user.id, ids)
    return json_body(SketchMark(image_id=image_id, seq=seq))


@router.delete("", response_model=SketchMark)
async def clear_sketch(
    desk: TheDesk,
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    image_id: UUID,
    whose: Whose = Whose.MINE,
) -> Response:
    desk.count()
    right = Right.VOTE if whose is Whose.MINE else Right.ADMIN
    await sketches.check_may_draw(house.database, user, event_id, image_id, right)
    author_id = user.id if whose is Whose.MINE else None
    seq = await house.pens.clear(event_id, image_id, author_id)
    return json_body(SketchMark(image_id=image_id, seq=seq))
