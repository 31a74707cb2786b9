"""The final ballot over HTTP, under the URL that the domain gives it: `votes` of an event."""

from uuid import UUID

from fastapi import Response

from app.models.bodies import BallotBody
from app.models.payloads import BallotPayload, ResultPayload
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, TheDesk, TheHouse, json_body
from app.services import ballots

router = api_router("/events/{event_id}/votes", "ballots", *USUAL)


@router.get("/me", response_model=BallotPayload)
async def read_ballot(house: TheHouse, user: CurrentUser, event_id: UUID) -> Response:
    return json_body(await ballots.read_ballot(house.database, user, event_id))


@router.get("/result", response_model=ResultPayload)
async def read_result(house: TheHouse, user: CurrentUser, event_id: UUID) -> Response:
    return json_body(await ballots.read_result(house.database, user, event_id))


@router.post("", status_code=201, response_model=BallotPayload)
async def cast_ballot(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: BallotBody
) -> Response:
    return await desk.write(201, event_id, ballots.cast_ballot, user, event_id, body, again=False)


@router.put("", response_model=BallotPayload)
async def recast_ballot(
    desk: TheDesk, user: CurrentUser, event_id: UUID, body: BallotBody
) -> Response:
    return await desk.write(200, event_id, ballots.cast_ballot, user, event_id, body, again=True)
