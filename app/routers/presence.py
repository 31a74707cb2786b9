"""What somebody does who is here, over HTTP. That they are here, their line says."""

from uuid import UUID

from fastapi import Response

from app.models.reaching import PresenceBody
from app.routers.api import api_router
from app.routers.deps import CurrentUser, TheHouse
from app.routers.problems import problem_responses
from app.services.access import find_event

router = api_router("/events", "presence", 401, 403, 404)


@router.put("/{event_id}/presence", status_code=204, responses=problem_responses(422))
async def set_presence(
    house: TheHouse, user: CurrentUser, event_id: UUID, body: PresenceBody
) -> Response:
    """Say that you are active or idle. It is told to whoever is here, and kept nowhere."""
    async with house.database.read() as session:
        await find_event(session, event_id, user)
    house.presence.set_status(event_id, user.id, body.status)
    return Response(status_code=204)
