"""A person's own line over HTTP, whatever event they look at."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from app.models.errors import Unavailable
from app.routers.api import api_router
from app.routers.deps import TheHouse, current_user, maybe_caller
from app.routers.problems import problem_responses
from app.routers.stream import LiveResponse, busy
from app.services.cursors import Cursor
from app.services.personal_openings import open_line
from app.utils.failures import as_unavailable

router = api_router("/me", "stream")


@router.get(
    "/stream",
    response_class=Response,
    responses={
        200: {"description": "The live stream", "content": {"text/event-stream": {}}},
        **problem_responses(401, 422),
    },
)
async def stream_me(
    request: Request,
    house: TheHouse,
    event: UUID | None = None,
    last_event_id: Annotated[str | None, Query(max_length=100)] = None,
    last_event_id_header: Annotated[str | None, Header(alias="last-event-id")] = None,
) -> Response:
    """Follow what concerns you: a summary, then notices, your events from afar, announcements.

    With `event`, also all that this event's own stream says; `Last-Event-ID` is its cursor.
    """
    at = last_event_id_header or last_event_id
    if house.hub.draining or house.hub.streams >= house.settings.max_streams:
        return busy()
    try:
        # Asked for here, so that a database that is away is no reason to give up for good.
        user = await current_user(await maybe_caller(request, house))
        if house.hub.streams_of(user.id) >= house.settings.streams_per_user:
            return busy()
        cursor = Cursor.parse(at) if at and event else None
        line = await open_line(house.parts, house.snapshots, user, event, cursor)
    except (Unavailable, SQLAlchemyError) as error:
        if isinstance(error, SQLAlchemyError) and as_unavailable(error) is None:
            raise
        return busy()
    return LiveResponse(line)
